"""The window: puts the parts in their places and knows their shortcuts. Knows no device, no model, no conversation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.first_steps import Step
from app.phase import Phase
from app.senses import Frame
from app.transcript import Transcript
from app.ui.alcove import Alcove
from app.ui.composer import Composer
from app.ui.drop_sign import DropSign
from app.ui.history_panel import HistoryPanel
from app.ui.model_panel import ModelPanel
from app.ui.page import Page
from app.ui.relief_panel import ReliefPanel
from app.ui.senses_panel import SensesPanel
from app.ui.status_bar import StatusBar
from app.ui.tab_order import lead_through
from app.ui.top_bar import TopBar
from app.ui.transcript_view import TranscriptView

if TYPE_CHECKING:
    from app.ui.devices_page import DevicesPage
    from app.ui.first_run import FirstRun
    from app.ui.log_page import LogPage
    from app.ui.models_page import ModelsPage
    from app.ui.settings_page import SettingsPage

NARROW = 760
"""Points of width below which the camera moves above the conversation."""
SIDE_WIDTH = 300
MARGIN = 20
LEAST_WIDTH, LEAST_HEIGHT = 480, 540


class Window(QMainWindow):
    """Its parts are its interface."""

    painted = Signal()
    """It is there to be seen, for the first time."""

    settings: SettingsPage
    log: LogPage
    devices: DevicesPage
    models: ModelsPage

    def __init__(self, transcript: Transcript, *, has_built_in: bool = False, is_whole: bool = True) -> None:
        """`has_built_in`: whether a demonstration model can be offered where there is no other.

        Unless `is_whole`, only what is seen first is there: its pages are made by `furnish`, once it is painted.
        """
        super().__init__()
        self.setWindowTitle("Sightline")
        self.stays: Callable[[], bool] = bool
        """Whether it is only hidden when it is closed."""
        self.lines = transcript
        """Of the conversation."""
        self._has_built_in = has_built_in
        self.top = TopBar()
        self.history = HistoryPanel()
        self.senses = SensesPanel()
        self.model = ModelPanel(has_built_in=has_built_in)
        self.relief = ReliefPanel()
        self.transcript = TranscriptView(transcript)
        self.composer = Composer()
        self.status = StatusBar()
        self._first_run: FirstRun | None = None
        self._blank: QWidget | None = None
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._side = QWidget()
        self._pages = QStackedWidget()
        self._chat = QWidget()
        self._is_narrow = False
        self.is_painted = False
        self._least_width = LEAST_WIDTH
        self._lay_out()
        self._add_shortcuts()
        self.resize(1040, 700)
        self._fit()
        self.composer.edit.setFocus()
        if is_whole:
            self.furnish()

    def furnish(self) -> None:
        """With the pages beside the conversation; once."""
        from app.ui.devices_page import DevicesPage  # noqa: PLC0415 -- all that is not seen at first may come later
        from app.ui.log_page import LogPage  # noqa: PLC0415
        from app.ui.models_page import ModelsPage  # noqa: PLC0415
        from app.ui.settings_page import SettingsPage  # noqa: PLC0415

        self.settings, self.log, self.devices = SettingsPage(), LogPage(), DevicesPage()
        self.models = ModelsPage(has_built_in=self._has_built_in)
        for page in (self.settings, self.log, self.devices, self.models):
            self._pages.addWidget(page)
            page.left.connect(lambda shown=page: self.show_page(shown))
        self.devices.picture.follow(self.senses.picture)
        self.devices.see.clicked.connect(self.senses.camera.click)
        self.senses.camera.toggled.connect(self.devices.see.setChecked)
        self.top.settings.clicked.connect(lambda: self.show_page(self.settings))
        self.top.log.clicked.connect(lambda: self.show_page(self.log))
        self.top.devices.clicked.connect(lambda: self.show_page(self.devices))
        self.top.models.clicked.connect(lambda: self.show_page(self.models))
        self.model.more.clicked.connect(self._show_models)

    @property
    def first_run(self) -> FirstRun:
        """Made when it is first asked for: most starts need none."""
        if self._first_run is None:
            from app.ui.first_run import FirstRun  # noqa: PLC0415

            self._first_run = FirstRun(self.devices, self.models, self.settings, self.model)
            self._pages.addWidget(self._first_run)
        return self._first_run

    def show_phase(self, phase: Phase) -> None:
        """What the conversation is doing."""
        self.status.show_phase(phase)
        self.composer.show_phase(phase)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        super().paintEvent(event)
        if not self.is_painted:
            self.is_painted = True
            QTimer.singleShot(0, self, self.painted.emit)  # once its parts are too

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        """Larger text needs more room at least."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            QTimer.singleShot(0, self, self._fit)  # once all parts know

    def _fit(self) -> None:
        widest = max(self.composer.minimumSizeHint().width(), self.top.live.widest)
        self._least_width = max(LEAST_WIDTH, widest + 2 * MARGIN)
        self.setMinimumSize(self._least_width, LEAST_HEIGHT)
        self._arrange()

    def _arrange(self) -> None:
        """Beside one another, or below where there is no room for that."""
        narrow = self.width() < max(NARROW, self._side_width() + self._least_width)
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self.senses.set_narrow(narrow=narrow)
        self._side.setMaximumWidth(self.width() if narrow else self._side_width())
        if narrow is not self._is_narrow:
            self._is_narrow = narrow
            self.top.list.setChecked(not narrow)

    def _side_width(self) -> int:
        """As it stands in a column of its own, whatever it does now."""
        return max(SIDE_WIDTH, self.history.minimumSizeHint().width(), self.senses.least_width)

    def show_page(self, page: QWidget) -> None:
        """One of its pages, or back to the conversation if that is the one to be seen."""
        shown = self._chat if self._pages.currentWidget() is page else page
        self._pages.setCurrentWidget(shown)
        self.top.settings.setChecked(shown is self.settings)
        self.top.log.setChecked(shown is self.log)
        self.top.devices.setChecked(shown is self.devices)
        self.top.models.setChecked(shown is self.models)
        (self.composer.edit if shown is not page else page).setFocus()

    def hold_back(self) -> None:
        """Nothing yet: the first run comes before the conversation."""
        self._blank = QWidget()
        self._pages.addWidget(self._blank)
        self._pages.setCurrentWidget(self._blank)

    def show_first_run(self) -> None:
        """In place of all else; whatever else is shown puts it off."""
        self._pages.setCurrentWidget(self.first_run)

    def show_chat(self) -> None:
        """Ready to be asked."""
        self._pages.setCurrentWidget(self._chat)
        self.composer.edit.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 -- Qt's name
        if self.stays():
            event.ignore()
            self.hide()
        else:
            super().closeEvent(event)

    def leave(self) -> None:
        """For good."""
        self.stays = bool
        self.close()

    def senses_off(self) -> None:
        """Nothing listens and nothing looks."""
        self.composer.talk.end()
        self.devices.listen.setChecked(False)
        for switch in (self.senses.hands_free, self.senses.camera):
            if switch.isChecked():
                switch.click()

    def come_forward(self) -> None:
        """Before all other windows, where the system allows it."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _lay_out(self) -> None:
        """From the whole to its parts: each time that something moves to another place all in it is dressed anew."""
        whole = QWidget()
        whole.setObjectName("page")
        self.setCentralWidget(whole)
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.top)
        rows.addWidget(self._pages, 1)
        rows.addWidget(self.status)
        self._pages.addWidget(self._chat)
        self._lay_out_chat()
        self._pages.currentChanged.connect(self._show_ways)
        DropSign(whole).dropped.connect(self._take_dropped)
        self.top.list.toggled.connect(self.history.setVisible)

    def _lay_out_chat(self) -> None:
        self._chat.setLayout(self._columns)
        self._columns.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._columns.setSpacing(MARGIN)
        self._columns.addWidget(self._side)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(MARGIN)
        side.addWidget(self.history, 1)
        side.addWidget(self.senses)
        talk = QVBoxLayout()
        self._columns.addLayout(talk, 1)
        talk.setSpacing(12)
        talk.addWidget(Alcove(self.model))
        talk.addWidget(self.relief)
        talk.addWidget(self.transcript, 1)
        talk.addWidget(self.composer)

    def _add_shortcuts(self) -> None:
        """Beside the letters that are underlined: a button's own shortcut would take the place of its letter."""
        for keys, press in (
            ("Ctrl+O", self.composer.attach.click),
            ("Escape", self.composer.stop.click),
            ("Ctrl+T", self._toggle_talk),
            ("Ctrl+Shift+T", self.senses.hands_free.click),
            ("Ctrl+M", self.senses.mute.click),
            ("Ctrl+K", self.senses.camera.click),
            ("Ctrl+N", self.history.begin.click),
            ("Ctrl+Shift+N", self.history.private.click),
            ("Ctrl+F", self._search),
            ("Ctrl+B", self.top.list.click),
            ("Ctrl+,", self.top.settings.click),
            ("Ctrl+L", self.top.log.click),
            ("Ctrl+D", self.top.devices.click),
            ("Ctrl+Shift+M", self.top.models.click),
            ("Ctrl+Shift+X", self.top.live.off.click),
            ("Ctrl+Q", self.leave),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(press)

    def _show_ways(self) -> None:
        """To the other pages; the first run has ways of its own. Parts that were lent are where they belong again."""
        shown = self._pages.currentWidget()
        self.top.show_ways(on=shown not in {self._first_run, self._blank})
        if isinstance(shown, Page):
            lead_through(shown)
        elif shown is self._chat:
            lead_through(self.model, after=self.senses.mute)

    def _show_models(self) -> None:
        if self._first_run is not None and self._first_run.isVisible():
            self._first_run.show_step(Step.MODEL)
        else:
            self.show_page(self.models)

    def _take_dropped(self, shown: list[Path | Frame]) -> None:
        self._pages.setCurrentWidget(self._chat)
        self.composer.add_files(shown)
        self.composer.edit.setFocus()

    def _search(self) -> None:
        self.top.list.setChecked(True)
        self._pages.setCurrentWidget(self._chat)
        self.history.search.setFocus()
        self.history.search.selectAll()

    def _toggle_talk(self) -> None:
        if self.composer.talk.isEnabled():
            self.composer.talk.toggle_talk()
