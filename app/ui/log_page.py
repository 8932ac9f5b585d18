"""What happened, line by line, and a report that can be sent to somebody. Knows not what is in it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFontDatabase, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.ui.button import Button
from app.ui.column import NO_LIMIT
from app.ui.page import Page
from app.ui.sentence import Sentence
from app.words import QT_TRANSLATE_NOOP, translate

PROMISE = QT_TRANSLATE_NOOP(
    "LogPage", "Versions, devices, times and what happened: nothing that you said, typed or showed is in it."
)
COPIED = QT_TRANSLATE_NOOP("LogPage", "The report is in the clipboard.")
MOST_LINES = 2000


class LogPage(Page):
    """`compose` makes the report when it is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        content = QWidget()
        super().__init__(translate("LogPage", "Log"), content, parent)
        self.compose: Callable[[], str] = str
        self.copy = Button(
            translate("LogPage", "Copy report"),
            "copy",
            translate("LogPage", "Puts the report into the clipboard, to be pasted into a message"),
        )
        self.about = Sentence(translate("LogPage", "Log"))
        self.about.setObjectName("quiet")
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setMaximumBlockCount(MOST_LINES)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(translate("LogPage", "Log"))
        self.text.setAccessibleDescription(translate("LogPage", "The report as it would be copied now"))
        self._size_text()
        self.head.addWidget(self.copy)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.about)
        column.addWidget(self.text, 1)
        content.setMaximumWidth(NO_LIMIT)
        self.copy.clicked.connect(self._copy)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._size_text()

    def _size_text(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF())
        self.text.setFont(font)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 -- Qt's name
        super().showEvent(event)
        self.about.setText(translate("LogPage", PROMISE))
        self.refresh()

    def refresh(self) -> None:
        """Shows the report as it is now, from its end."""
        if self.isVisible():
            self.text.setPlainText(self.compose())
            self.text.verticalScrollBar().setValue(self.text.verticalScrollBar().maximum())

    def _copy(self) -> None:
        self.refresh()
        QGuiApplication.clipboard().setText(self.compose())
        self.about.setText(translate("LogPage", COPIED))
