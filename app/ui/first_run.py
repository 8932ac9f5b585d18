"""The first run: one page after the other, by keyboard alone, left and taken up again anywhere. Knows no file.

The focus is on a page's heading when it comes. Enter presses a button, and anywhere else goes on.
"""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.first_steps import PAGES, Profile, Step
from app.phase import Phase
from app.settings import Settings
from app.ui.button import Button
from app.ui.column import Middle
from app.ui.devices_page import DevicesPage
from app.ui.first_pages import (
    CameraPage,
    LanguagePage,
    LimitsPage,
    ModelPage,
    ProfilePage,
    ReadyPage,
    SoundPage,
    SpeedPage,
)
from app.ui.flow import Flow
from app.ui.model_panel import ModelPanel
from app.ui.models_page import ModelsPage
from app.ui.sentence import Sentence
from app.ui.settings_page import SettingsPage
from app.ui.step_page import StepPage
from app.ui.tab_order import lead_through
from app.words import translate

ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class FirstRun(QWidget):
    """`passed` carries the step that was gone on from, `moved` the one to be seen, `left` where it is put off."""

    passed = Signal(object)
    moved = Signal(object)
    left = Signal()
    finished = Signal()
    profile_chosen = Signal(object)
    guidance_wanted = Signal(bool)
    hushed = Signal()
    """Whatever is being read aloud is enough: the Ctrl key says so too, as it does to screen readers."""

    def __init__(
        self,
        devices: DevicesPage,
        models: ModelsPage,
        settings: SettingsPage,
        panel: ModelPanel,
        parent: QWidget | None = None,
    ) -> None:
        """The pages and the panel lend their parts."""
        super().__init__(parent)
        self.setAccessibleName(translate("FirstRun", "First steps"))
        self.language = LanguagePage()
        self.profile = ProfilePage()
        self.model = ModelPage(models, panel)
        self.ready = ReadyPage(settings, panel)
        self._pages: dict[Step, StepPage] = {
            page.step: page
            for page in (
                self.language,
                self.profile,
                SoundPage(devices, settings),
                CameraPage(devices),
                self.model,
                SpeedPage(models),
                LimitsPage(),
                self.ready,
            )
        }
        self._stack = QStackedWidget()
        self.progress = QProgressBar(textVisible=False)
        self.progress.setRange(0, len(PAGES))
        self.progress.setAccessibleName(translate("FirstRun", "First steps"))
        self.progress.setAccessibleDescription(translate("FirstRun", "How far it is"))
        self.behind = Sentence(translate("FirstRun", "Work on models, behind this page"))
        self.behind.setObjectName("quiet")
        self.behind.hide()
        self._make_buttons()
        self._lay_out()
        self._join(models)

    @property
    def page(self) -> StepPage:
        """That is to be seen."""
        page = self._stack.currentWidget()
        assert isinstance(page, StepPage)
        return page

    def show_step(self, step: Step) -> None:
        """With the focus on its heading."""
        page = self._pages[step]
        if (focused := self.focusWidget()) is not None:
            focused.clearFocus()  # else some control of the next page would have it for a moment, and be read
        self._stack.setCurrentWidget(page)
        self.progress.setValue(step.number)
        self.back.setVisible(step is not PAGES[0])
        self.skip.setVisible(step is not PAGES[-1])
        is_last = step is PAGES[-1]
        self.next.setText(translate("FirstRun", "Begin") if is_last else translate("FirstRun", "Next"))
        self._order()
        page.heading.setFocus()
        self.moved.emit(step)

    def show_settings(self, settings: Settings) -> None:
        """As they are."""
        self.language.languages.show_choice(settings.language)
        self.profile.profiles.show_choice(settings.profile)
        with QSignalBlocker(self.aloud):
            self.aloud.setChecked(settings.guidance)

    def show_phase(self, phase: Phase) -> None:
        """What the conversation is doing."""
        self.model.show_phase(phase)
        self.ready.show_phase(phase)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 -- Qt's name
        """Parts that were elsewhere meanwhile have come back."""
        super().showEvent(event)
        self._order()
        self.page.heading.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 -- Qt's name
        super().hideEvent(event)
        self.hushed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 -- Qt's name
        if event.key() == Qt.Key.Key_Control:
            self.hushed.emit()
        if event.key() not in ENTER:
            super().keyPressEvent(event)
            return
        focused = self.focusWidget()
        (focused if isinstance(focused, QPushButton) else self.next).click()

    def _make_buttons(self) -> None:
        self.next = Button(translate("FirstRun", "Next"), "next", translate("FirstRun", "Go on (Enter, Alt+Right)"))
        self.next.emphasise()
        self.back = Button(
            translate("FirstRun", "Back"), "back", translate("FirstRun", "The page before this one (Alt+Left)")
        )
        self.skip = Button(
            translate("FirstRun", "Skip the rest"), "skip", translate("FirstRun", "Go to the last page; all else stays")
        )
        self.later = Button(
            translate("FirstRun", "Not now"),
            "remove",
            translate("FirstRun", "Leave these pages; the next start, or the settings, go on with this one"),
        )
        self.aloud = Button(
            translate("FirstRun", "Read aloud"),
            "replay",
            translate(
                "FirstRun", "The system's voice reads these pages, where no screen reader does (Ctrl+R); Ctrl hushes it"
            ),
        )
        self.aloud.setCheckable(True)

    def _lay_out(self) -> None:
        for page in self._pages.values():
            self._stack.addWidget(page)
        buttons = Flow()
        for button in (self.next, self.back, self.skip, self.later, self.aloud):
            buttons.addWidget(button)
        below = QWidget()
        foot = QVBoxLayout(below)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(12)
        foot.addWidget(self.behind)
        foot.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(16)
        column.addWidget(Middle(self.progress))
        column.addWidget(self._stack, 1)
        column.addWidget(Middle(below))

    def _join(self, models: ModelsPage) -> None:
        self.next.clicked.connect(self._go_on)
        self.back.clicked.connect(self._go_back)
        self.skip.clicked.connect(lambda: self.show_step(PAGES[-1]))
        self.later.clicked.connect(self.left)
        self.aloud.clicked.connect(self.guidance_wanted)
        self.profile.profiles.chosen.connect(self.profile_chosen)
        models.job.told.connect(self._tell_behind)
        for keys, act in (
            ("Alt+Right", self.next.click),
            ("Alt+Left", self.back.click),
            ("Ctrl+R", self.aloud.click),
            ("Ctrl+1", lambda: self.profile_chosen.emit(Profile.STANDARD)),
            ("Ctrl+2", lambda: self.profile_chosen.emit(Profile.BLIND)),
            ("Ctrl+3", lambda: self.profile_chosen.emit(Profile.DEAF)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _go_on(self) -> None:
        step = self.page.step
        self.passed.emit(step)
        if step is PAGES[-1]:
            self.finished.emit()
        else:
            self.show_step(PAGES[step.number])

    def _go_back(self) -> None:
        if self.page.step is not PAGES[0]:
            self.show_step(PAGES[self.page.step.number - 2])

    def _tell_behind(self, words: str) -> None:
        self.behind.setText(words)
        self.behind.setVisible(bool(words))

    def _order(self) -> None:
        lead_through(self.page, self.next, self.back, self.skip, self.later, self.aloud)
