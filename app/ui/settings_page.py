"""What the user can choose, each choice taken at once. Knows not who acts on it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QGroupBox, QLabel, QVBoxLayout, QWidget

from app.duplex import Duplex
from app.settings import LEAST_PATIENCE, MOST_PATIENCE, Language, Look, Settings
from app.ui.alcove import Alcove
from app.ui.button import Button
from app.ui.choice import Choice, fill, translated
from app.ui.column import WIDEST
from app.ui.echo_panel import EchoPanel
from app.ui.form import form_group
from app.ui.hotkey_panel import HotkeyPanel
from app.ui.page import Page
from app.ui.tick_box import TickBox
from app.ui.voice_choices import VoiceChoices
from app.wake_phrase import WakePhrase
from app.words import QT_TRANSLATE_NOOP, translate

LOOKS = {
    QT_TRANSLATE_NOOP("SettingsPage", "As the system"): Look.SYSTEM,
    QT_TRANSLATE_NOOP("SettingsPage", "Light"): Look.LIGHT,
    QT_TRANSLATE_NOOP("SettingsPage", "Dark"): Look.DARK,
    QT_TRANSLATE_NOOP("SettingsPage", "High contrast"): Look.CONTRAST,
}
LANGUAGES = {
    QT_TRANSLATE_NOOP("SettingsPage", "As the system"): Language.SYSTEM,
    "English": Language.ENGLISH,
    "Español": Language.SPANISH,
}
SIZES = {f"{percent} %": percent for percent in (100, 125, 150, 175, 200)}
TIMES: dict[str, int | None] = {
    QT_TRANSLATE_NOOP("SettingsPage", "For ever"): None,
    QT_TRANSLATE_NOOP("SettingsPage", "For a year"): 365,
    QT_TRANSLATE_NOOP("SettingsPage", "For 90 days"): 90,
    QT_TRANSLATE_NOOP("SettingsPage", "For 30 days"): 30,
    QT_TRANSLATE_NOOP("SettingsPage", "For a week"): 7,
    QT_TRANSLATE_NOOP("SettingsPage", "For a day"): 1,
}
DUPLEXES: dict[str, Duplex | None] = {
    QT_TRANSLATE_NOOP("SettingsPage", "Automatic, by the test for echo"): None,
    QT_TRANSLATE_NOOP("SettingsPage", "By speaking"): Duplex.FULL,
    QT_TRANSLATE_NOOP("SettingsPage", "By speaking up for a moment"): Duplex.GUARDED,
    QT_TRANSLATE_NOOP("SettingsPage", "With the Talk button only"): Duplex.PUSH,
}
FIRST_STEPS = {
    True: QT_TRANSLATE_NOOP("SettingsPage", "Go through the first steps again"),
    False: QT_TRANSLATE_NOOP("SettingsPage", "Go on with the first steps"),
}
"""Whether they were gone through."""
NO_PHRASE = QT_TRANSLATE_NOOP("SettingsPage", "None: whoever speaks is heard")
PATIENCE = (LEAST_PATIENCE, 0.7, 1.0, 1.6, 2.0, 3.0, MOST_PATIENCE)


class SettingsPage(Page):
    """`chosen` carries all settings after each choice."""

    chosen = Signal(object)
    first_run_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        content = QWidget()
        super().__init__(translate("SettingsPage", "Settings"), content, parent)
        self._settings = Settings()
        self.look = Choice()
        self.text_size = Choice()
        self.language = Choice()
        self.still = TickBox(translate("SettingsPage", "Reduce motion"))
        self.tray = TickBox(translate("SettingsPage", "Go on in the tray when the window is closed"))
        self.autostart = TickBox(translate("SettingsPage", "Start when I log in"))
        self.voices = VoiceChoices()
        self.patience = Choice()
        self.duplex = Choice()
        self.wake_phrase = Choice()
        self.echo = EchoPanel()
        self.hotkeys = HotkeyPanel()
        self.times = Choice()
        self.signals = TickBox(translate("SettingsPage", "A sound when it is my turn"))
        self.first_steps = Button(
            translate("SettingsPage", FIRST_STEPS[True]),
            "spark",
            translate("SettingsPage", "Language, accessibility, devices, model and speed, one page after the other"),
        )
        self.private = TickBox(translate("SettingsPage", "Begin every conversation as a private one"))
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(20)
        for group in self._groups():
            column.addWidget(group)
        column.addStretch()
        self._align()
        self._explain()
        self._join()
        self.show_settings(Settings())

    def show_settings(self, settings: Settings) -> None:
        """As they are."""
        self._settings = settings
        self.voices.show_settings(settings)
        self.hotkeys.show_settings(settings)
        fill(self.look, translated("SettingsPage", LOOKS), settings.look)
        fill(self.text_size, {**SIZES, f"{settings.text_percent} %": settings.text_percent}, settings.text_percent)
        fill(self.language, translated("SettingsPage", LANGUAGES), settings.language)
        fill(self.duplex, translated("SettingsPage", DUPLEXES), settings.duplex)
        phrases = {f"“{phrase.words}”": phrase for phrase in WakePhrase}
        fill(self.wake_phrase, {translate("SettingsPage", NO_PHRASE): None, **phrases}, settings.wake_phrase)
        kept = (
            {}
            if settings.keep_days in TIMES.values()
            else {translate("SettingsPage", "For {days} days").format(days=settings.keep_days): settings.keep_days}
        )
        fill(self.times, {**translated("SettingsPage", TIMES), **kept}, settings.keep_days)
        fill(
            self.patience,
            {_seconds(value): value for value in sorted({*PATIENCE, settings.patience})},
            settings.patience,
        )
        for box, on in (
            (self.private, settings.private),
            (self.still, settings.reduce_motion),
            (self.tray, settings.tray),
            (self.autostart, settings.autostart),
            (self.signals, settings.signals),
        ):
            with QSignalBlocker(box):
                box.setChecked(on)

    def show_first_run(self, *, is_over: bool) -> None:
        """Whether it was gone through."""
        self.first_steps.setText(translate("SettingsPage", FIRST_STEPS[is_over]))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            QTimer.singleShot(0, self, self._align)  # once all labels know

    def _align(self) -> None:
        """The controls of all groups stand below one another, as long as their names leave room enough."""
        labels = [label for label in self.findChildren(QLabel) if label.buddy() is not None]
        widest = max(label.sizeHint().width() for label in labels)
        for label in labels:
            label.setMinimumWidth(widest if widest <= WIDEST // 3 else 0)

    def _groups(self) -> list[QGroupBox]:
        return [
            form_group(
                translate("SettingsPage", "Look"),
                [
                    (translate("SettingsPage", "Colours"), self.look),
                    (translate("SettingsPage", "Size of text"), self.text_size),
                    (translate("SettingsPage", "Language"), self.language),
                    (translate("SettingsPage", "Motion"), self.still),
                ],
            ),
            self.voices,
            form_group(
                translate("SettingsPage", "Talking"),
                [
                    (translate("SettingsPage", "Silence that ends your turn"), self.patience),
                    (translate("SettingsPage", "Breaking into an answer"), self.duplex),
                    (translate("SettingsPage", "Phrase that wakes Sightline"), self.wake_phrase),
                    (translate("SettingsPage", "Echo"), Alcove(self.echo)),
                    (translate("SettingsPage", "Sounds"), self.signals),
                ],
            ),
            self.hotkeys,
            form_group(
                translate("SettingsPage", "Keeping"),
                [
                    (translate("SettingsPage", "Keep conversations"), self.times),
                    (translate("SettingsPage", "Privacy"), self.private),
                ],
            ),
            form_group(
                translate("SettingsPage", "Desktop"),
                [(translate("SettingsPage", "Tray"), self.tray), (translate("SettingsPage", "Start"), self.autostart)],
            ),
            form_group(
                translate("SettingsPage", "First steps"), [(translate("SettingsPage", "Set up"), self.first_steps)]
            ),
        ]

    def _explain(self) -> None:
        for widget, words in (
            (self.look, translate("SettingsPage", "Colours of the window")),
            (self.text_size, translate("SettingsPage", "Larger text in the whole window")),
            (
                self.language,
                translate(
                    "SettingsPage",
                    "Words of the window, from the next start on; Sightline answers in the language you speak",
                ),
            ),
            (
                self.still,
                translate("SettingsPage", "Nothing moves by itself: states are told by words and shapes, as always"),
            ),
            (
                self.tray,
                translate(
                    "SettingsPage",
                    "Its picture there shows whether microphone and camera are on; from its menu Sightline is ended",
                ),
            ),
            (self.autostart, translate("SettingsPage", "Sightline opens by itself; in the tray, if it may stay there")),
            (
                self.patience,
                translate(
                    "SettingsPage",
                    "After so much silence your turn is over; what sounds complete is answered sooner",
                ),
            ),
            (
                self.duplex,
                translate(
                    "SettingsPage", "Where the microphone hears the speaker, speaking must not break in too easily"
                ),
            ),
            (self.signals, translate("SettingsPage", "After each answer, and when the model is ready")),
            (
                self.wake_phrase,
                translate(
                    "SettingsPage",
                    "In hands-free mode nothing is heard before it; after an answer there are eight seconds to go on",
                ),
            ),
            (self.times, translate("SettingsPage", "Conversations in which nothing was said for longer are deleted")),
            (self.private, translate("SettingsPage", "Nothing of a private conversation is ever written to the disk")),
        ):
            widget.setToolTip(words)
            widget.setAccessibleDescription(words)

    def _join(self) -> None:
        self.look.currentIndexChanged.connect(self._take)
        self.text_size.currentIndexChanged.connect(self._take)
        self.voices.chosen.connect(self._take)
        self.hotkeys.chosen.connect(self._take)
        self.times.currentIndexChanged.connect(self._take)
        self.patience.currentIndexChanged.connect(self._take)
        self.duplex.currentIndexChanged.connect(self._take)
        self.wake_phrase.currentIndexChanged.connect(self._take)
        self.language.currentIndexChanged.connect(self._take)
        self.first_steps.setAccessibleName("")
        self.first_steps.clicked.connect(self.first_run_wanted)
        for box in (self.private, self.still, self.tray, self.autostart, self.signals):
            box.toggled.connect(self._take)

    def _take(self) -> None:
        self._settings = replace(
            self.hotkeys.applied(self.voices.applied(self._settings)),
            look=Look(self.look.currentData()),
            text_percent=self.text_size.currentData(),
            patience=self.patience.currentData(),
            duplex=_duplex(self.duplex.currentData()),
            wake_phrase=None if (phrase := self.wake_phrase.currentData()) is None else WakePhrase(phrase),
            keep_days=self.times.currentData(),
            private=self.private.isChecked(),
            language=Language(self.language.currentData()),
            reduce_motion=self.still.isChecked(),
            tray=self.tray.isChecked(),
            autostart=self.autostart.isChecked(),
            signals=self.signals.isChecked(),
        )
        self.chosen.emit(self._settings)


def _duplex(stored: str | None) -> Duplex | None:
    """Qt keeps an enumeration of strings as a string."""
    return None if stored is None else Duplex(stored)


def _seconds(value: float) -> str:
    return f"{value:g} s"
