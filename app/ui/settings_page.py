"""What the user can choose, each choice taken at once. Knows not who acts on it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QGroupBox, QVBoxLayout, QWidget

from app.settings import LEAST_PATIENCE, MOST_PATIENCE, Look, Settings
from app.ui.choice import Choice, fill
from app.ui.form import form_group
from app.ui.page import Page
from app.ui.voice_choices import VoiceChoices

LOOKS = {
    "As the system": Look.SYSTEM,
    "Light": Look.LIGHT,
    "Dark": Look.DARK,
    "High contrast": Look.CONTRAST,
}
SIZES = {f"{percent} %": percent for percent in (100, 125, 150, 175, 200)}
TIMES: dict[str, int | None] = {
    "For ever": None,
    "For a year": 365,
    "For 90 days": 90,
    "For 30 days": 30,
    "For a week": 7,
    "For a day": 1,
}
PATIENCE = (LEAST_PATIENCE, 0.7, 1.0, 1.5, 2.0, 3.0, MOST_PATIENCE)


class SettingsPage(Page):
    """`chosen` carries all settings after each choice."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        content = QWidget()
        super().__init__("Settings", content, parent)
        self._settings = Settings()
        self.look = Choice()
        self.text_size = Choice()
        self.voices = VoiceChoices()
        self.patience = Choice()
        self.times = Choice()
        self.private = QCheckBox("Begin every conversation as a private one")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(20)
        for group in self._groups():
            column.addWidget(group)
        column.addStretch()
        self._explain()
        self._join()
        self.show_settings(Settings())

    def show_settings(self, settings: Settings) -> None:
        """As they are."""
        self._settings = settings
        self.voices.show_settings(settings)
        fill(self.look, LOOKS, settings.look)
        fill(self.text_size, {**SIZES, f"{settings.text_percent} %": settings.text_percent}, settings.text_percent)
        kept = {} if settings.keep_days in TIMES.values() else {f"For {settings.keep_days} days": settings.keep_days}
        fill(self.times, {**TIMES, **kept}, settings.keep_days)
        fill(
            self.patience,
            {_seconds(value): value for value in sorted({*PATIENCE, settings.patience})},
            settings.patience,
        )
        with QSignalBlocker(self.private):
            self.private.setChecked(settings.private)

    def _groups(self) -> list[QGroupBox]:
        return [
            form_group("Look", [("Colours", self.look), ("Size of text", self.text_size)]),
            self.voices,
            form_group("Talking", [("Silence that ends your turn", self.patience)]),
            form_group("Keeping", [("Keep conversations", self.times), ("Privacy", self.private)]),
        ]

    def _explain(self) -> None:
        for widget, words in (
            (self.look, "Colours of the window"),
            (self.text_size, "Larger text in the whole window"),
            (self.patience, "A longer pause lets you think while you speak; a shorter one brings the answer sooner"),
            (self.times, "Conversations in which nothing was said for longer are deleted"),
            (self.private, "Nothing of a private conversation is ever written to the disk"),
        ):
            widget.setToolTip(words)
            widget.setAccessibleDescription(words)

    def _join(self) -> None:
        self.look.currentIndexChanged.connect(self._take)
        self.text_size.currentIndexChanged.connect(self._take)
        self.voices.chosen.connect(self._take)
        self.times.currentIndexChanged.connect(self._take)
        self.patience.currentIndexChanged.connect(self._take)
        self.private.toggled.connect(self._take)

    def _take(self) -> None:
        self._settings = replace(
            self.voices.applied(self._settings),
            look=Look(self.look.currentData()),
            text_percent=self.text_size.currentData(),
            patience=self.patience.currentData(),
            keep_days=self.times.currentData(),
            private=self.private.isChecked(),
        )
        self.chosen.emit(self._settings)


def _seconds(value: float) -> str:
    return f"{value:g} s"
