"""What the user can choose, each choice taken at once. Knows not who acts on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGroupBox,
    QLabel,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.settings import LEAST_PATIENCE, MOST_PATIENCE, Look, Settings
from app.ui.choice import Choice
from app.ui.page import Page

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
PATIENCE = (LEAST_PATIENCE, 0.7, 1.0, 1.6, 2.0, 3.0, MOST_PATIENCE)
SILENT = "None: answers are only written"
PERCENT = 100


class SettingsPage(Page):
    """`chosen` carries all settings after each choice."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        content = QWidget()
        super().__init__("Settings", content, parent)
        self._settings = Settings()
        self.look = Choice()
        self.text_size = Choice()
        self.voice = Choice()
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setMaximum(PERCENT)
        self.volume.setSingleStep(5)
        self.volume.setPageStep(20)
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
        self.show_settings(Settings(), ())

    def show_settings(self, settings: Settings, voices: Sequence[str]) -> None:
        """As they are; `voices` are those that the model has, none where there is no model."""
        self._settings = settings
        known = dict.fromkeys([*voices, *([settings.voice] if settings.voice else [])])
        _fill(self.look, LOOKS, settings.look)
        _fill(self.text_size, {**SIZES, f"{settings.text_percent} %": settings.text_percent}, settings.text_percent)
        _fill(self.voice, {**{name: name for name in known}, SILENT: None}, settings.voice)
        kept = {} if settings.keep_days in TIMES.values() else {f"For {settings.keep_days} days": settings.keep_days}
        _fill(self.times, {**TIMES, **kept}, settings.keep_days)
        _fill(
            self.patience,
            {_seconds(value): value for value in sorted({*PATIENCE, settings.patience})},
            settings.patience,
        )
        with QSignalBlocker(self.volume), QSignalBlocker(self.private):
            self.volume.setValue(round(settings.volume * PERCENT))
            self.private.setChecked(settings.private)

    def _groups(self) -> list[QGroupBox]:
        return [
            _group("Look", [("Colours", self.look), ("Size of text", self.text_size)]),
            _group(
                "Talking",
                [
                    ("Voice", self.voice),
                    ("Volume of the voice", self.volume),
                    ("Silence that ends your turn", self.patience),
                ],
            ),
            _group("Keeping", [("Keep conversations", self.times), ("Privacy", self.private)]),
        ]

    def _explain(self) -> None:
        for widget, words in (
            (self.look, "Colours of the window"),
            (self.text_size, "Larger text in the whole window"),
            (self.voice, "Who speaks the answers; without a voice they come sooner"),
            (self.volume, "How loud answers are spoken"),
            (self.patience, "After so much silence your turn is over; what sounds complete is answered sooner"),
            (self.times, "Conversations in which nothing was said for longer are deleted"),
            (self.private, "Nothing of a private conversation is ever written to the disk"),
        ):
            widget.setToolTip(words)
            widget.setAccessibleDescription(words)

    def _join(self) -> None:
        self.look.currentIndexChanged.connect(self._take)
        self.text_size.currentIndexChanged.connect(self._take)
        self.voice.currentIndexChanged.connect(self._take)
        self.times.currentIndexChanged.connect(self._take)
        self.volume.valueChanged.connect(self._take)
        self.patience.currentIndexChanged.connect(self._take)
        self.private.toggled.connect(self._take)

    def _take(self) -> None:
        self._settings = replace(
            self._settings,
            look=Look(self.look.currentData()),
            text_percent=self.text_size.currentData(),
            voice=self.voice.currentData(),
            volume=self.volume.value() / PERCENT,
            patience=self.patience.currentData(),
            keep_days=self.times.currentData(),
            private=self.private.isChecked(),
        )
        self.chosen.emit(self._settings)


def _group(title: str, rows: Sequence[tuple[str, QWidget]]) -> QGroupBox:
    group = QGroupBox(title)
    form = QFormLayout(group)
    form.setContentsMargins(18, 14, 18, 16)
    form.setHorizontalSpacing(24)
    form.setVerticalSpacing(14)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for name, widget in rows:
        label = QLabel(name)
        label.setBuddy(widget)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        if not isinstance(widget, QCheckBox):
            widget.setAccessibleName(name)
        form.addRow(label, widget)
    return group


def _seconds(value: float) -> str:
    return f"{value:g} s"


def _fill(box: Choice, choices: Mapping[str, object], chosen: object) -> None:
    with QSignalBlocker(box):
        box.clear()
        for name, value in choices.items():
            box.addItem(name, value)
        box.setCurrentIndex(list(choices.values()).index(chosen))
