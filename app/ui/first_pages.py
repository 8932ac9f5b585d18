"""The pages of the first run: what each asks and says. Parts that other pages have too are lent by them.

Knows no device and no model.
"""

from __future__ import annotations

from PySide6.QtWidgets import QGroupBox, QVBoxLayout, QWidget

from app.first_steps import Profile, Step
from app.phase import Phase
from app.settings import Language
from app.ui.alcove import Alcove
from app.ui.devices_page import DevicesPage
from app.ui.model_panel import ModelPanel
from app.ui.models_page import ModelsPage
from app.ui.one_of import OneOf
from app.ui.sentence import Sentence
from app.ui.settings_page import SettingsPage
from app.ui.step_page import StepPage
from app.ui.tick_box import TickBox
from app.words import QT_TRANSLATE_NOOP, translate

KEYS = (
    QT_TRANSLATE_NOOP("FirstPages", "Ctrl+2 reads these pages aloud, with large text and high contrast."),
    QT_TRANSLATE_NOOP("FirstPages", "Ctrl+3 makes the text large, and nothing is only to be heard."),
)
PROFILES = (
    (
        Profile.STANDARD,
        QT_TRANSLATE_NOOP("FirstPages", "As usual"),
        QT_TRANSLATE_NOOP(
            "FirstPages", "Text and colours as the system has them; answers are written and spoken. (Ctrl+1)"
        ),
    ),
    (
        Profile.BLIND,
        QT_TRANSLATE_NOOP("FirstPages", "Blind or low vision"),
        QT_TRANSLATE_NOOP(
            "FirstPages",
            "Everything is told to a screen reader; where none is on, the system's voice reads these pages. Large "
            "text, high contrast, nothing moves, answers are spoken, and a sound tells when it is your turn. (Ctrl+2)",
        ),
    ),
    (
        Profile.DEAF,
        QT_TRANSLATE_NOOP("FirstPages", "Deaf or hard of hearing"),
        QT_TRANSLATE_NOOP(
            "FirstPages", "Large text; answers are written and not spoken, and nothing is only to be heard. (Ctrl+3)"
        ),
    ),
)
LIMITS = (
    QT_TRANSLATE_NOOP("FirstPages", "Sightline says what is likely. It can be wrong, even where it sounds sure."),
    QT_TRANSLATE_NOOP(
        "FirstPages",
        "Never trust it with what can harm you: whether a road can be crossed, whether a dose of medicine is right, "
        "whether food is free of what you are allergic to.",
    ),
    QT_TRANSLATE_NOOP(
        "FirstPages", "What is small, dark, far away or behind something it may miss, or see where nothing is."
    ),
    QT_TRANSLATE_NOOP(
        "FirstPages",
        "Where it matters, ask a person, or look at the thing itself: the sign, the package, the document.",
    ),
)
STATES = {
    True: QT_TRANSLATE_NOOP(
        "FirstPages",
        "The model is ready. After Begin, type a question and press Enter; or press Ctrl+T, speak, and press Ctrl+T "
        "again.",
    ),
    False: QT_TRANSLATE_NOOP(
        "FirstPages",
        "There is no model in memory yet, so nothing is answered until there is one. You can begin all the same: the "
        "window says how far it is.",
    ),
}
"""Whether there is somebody to ask."""


class LanguagePage(StepPage):
    """In which language, and the keys that help from the first page on."""

    def __init__(self) -> None:
        self.languages = OneOf(
            translate("FirstPages", "Language"),
            (
                (Language.SYSTEM, translate("FirstPages", "As the system"), ""),
                (Language.ENGLISH, "English", ""),
                (Language.SPANISH, "Español", ""),
            ),
        )
        keys = [Sentence(translate("FirstPages", "Keys")) for _ in KEYS]
        for sentence, words in zip(keys, KEYS, strict=True):
            sentence.setText(translate("FirstPages", words))
        super().__init__(
            Step.LANGUAGE,
            translate("FirstPages", "Welcome to Sightline"),
            translate(
                "FirstPages",
                "It hears, sees and speaks, and nothing of that leaves this computer. A few pages set it up. Each can "
                "be skipped: Enter goes on, Alt+Left goes back.",
            ),
            [self.languages, *keys],
        )
        self.say_more(*(sentence.text() for sentence in keys))


class ProfilePage(StepPage):
    """For whom."""

    def __init__(self) -> None:
        self.profiles = OneOf(
            translate("FirstPages", "Accessibility"),
            [
                (profile, translate("FirstPages", name), translate("FirstPages", words))
                for profile, name, words in PROFILES
            ],
        )
        self.trouble = Sentence(translate("FirstPages", "Reading aloud"))
        self.trouble.hide()
        super().__init__(
            Step.PROFILE,
            translate("FirstPages", "What suits you?"),
            translate(
                "FirstPages",
                "Each choice sets size of text, contrast, motion, sounds and speaking at once. All of that can be "
                "changed later, in the settings.",
            ),
            [self.profiles, self.trouble],
        )

    def tell(self, sentence: str) -> None:
        """What is wrong with reading aloud; empty where nothing is."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))


class SoundPage(StepPage):
    """Microphone, speaker, and what the one hears of the other. Nobody listens unseen."""

    def __init__(self, devices: DevicesPage, settings: SettingsPage) -> None:
        echo = QGroupBox(translate("FirstPages", "Echo"))
        column = QVBoxLayout(echo)
        column.setContentsMargins(16, 12, 16, 16)
        column.addWidget(Alcove(settings.echo))
        super().__init__(
            Step.SOUND,
            translate("FirstPages", "Microphone and speaker"),
            translate(
                "FirstPages",
                "Try both. Without a microphone you type your questions, without a speaker you read the answers. The "
                "test for echo tells how you can break into an answer.",
            ),
            [Alcove(devices.microphone_group), Alcove(devices.speaker_group), echo],
        )
        self.gone.connect(lambda: devices.listen.setChecked(False))


class CameraPage(StepPage):
    """What the test has switched on goes off with the page: nobody looks unseen."""

    def __init__(self, devices: DevicesPage) -> None:
        super().__init__(
            Step.CAMERA,
            translate("FirstPages", "Camera"),
            translate(
                "FirstPages",
                "Sightline can look at what you show it. The camera is off until you switch it on; without one you can "
                "show pictures, videos and your screen.",
            ),
            [Alcove(devices.camera_group)],
        )
        self._see = devices.see
        self._was_on = False
        self.entered.connect(self._remember)
        self.gone.connect(self._put_back)

    def _remember(self) -> None:
        self._was_on = self._see.isChecked()

    def _put_back(self) -> None:
        if self._see.isChecked() and not self._was_on:
            self._see.click()


class ModelPage(StepPage):
    """Which model answers; a download that is begun here goes on behind the pages that follow."""

    def __init__(self, models: ModelsPage, panel: ModelPanel) -> None:
        self.state = Sentence(translate("FirstPages", "Model"))
        self.state.setText(translate("FirstPages", "A model is in memory and answers: you can go on."))
        self._ways = QWidget()
        ways = QVBoxLayout(self._ways)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.addWidget(Alcove(models.ways))
        super().__init__(
            Step.MODEL,
            translate("FirstPages", "Model"),
            translate(
                "FirstPages",
                "A model on this computer answers you. The one that suits it best comes first; you can go on while it "
                "is downloaded. Or use a folder that you have, or go on without.",
            ),
            [self.state, Alcove(models.job), Alcove(models.offers), Alcove(panel), self._ways],
        )
        self.entered.connect(lambda: panel.lead_to_models(on=False))
        self.entered.connect(models.shown)
        self.gone.connect(lambda: panel.lead_to_models(on=True))
        self.show_phase(Phase.STOPPED)

    def show_phase(self, phase: Phase) -> None:
        """While there is no model the panel has these ways, and more."""
        self.state.setVisible(phase.takes_questions)
        self._ways.setVisible(phase.takes_questions)


class SpeedPage(StepPage):
    """How fast the model in memory is here."""

    def __init__(self, models: ModelsPage) -> None:
        pace = QGroupBox(translate("FirstPages", "This computer"))
        column = QVBoxLayout(pace)
        column.setContentsMargins(16, 12, 16, 16)
        column.addWidget(Alcove(models.in_use.pace))
        super().__init__(
            Step.SPEED,
            translate("FirstPages", "Speed"),
            translate(
                "FirstPages",
                "The test takes some seconds and tells whether the model is fast enough here, and what to do if it is "
                "not. It needs a model in memory; the page of models has it too.",
            ),
            [pace],
        )


class LimitsPage(StepPage):
    """What nobody may trust it with."""

    def __init__(self) -> None:
        sentences = [Sentence(translate("FirstPages", "What it can get wrong")) for _ in LIMITS]
        for sentence, words in zip(sentences, LIMITS, strict=True):
            sentence.setText(translate("FirstPages", words))
        card = QGroupBox(translate("FirstPages", "Please keep in mind"))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        for sentence in sentences:
            column.addWidget(sentence)
        super().__init__(
            Step.LIMITS,
            translate("FirstPages", "What it can get wrong"),
            translate("FirstPages", "It is made to help you, not to be relied on alone."),
            [card],
        )
        self.say_more(*(sentence.text() for sentence in sentences))


class ReadyPage(StepPage):
    """What comes next."""

    def __init__(self, settings: SettingsPage, panel: ModelPanel) -> None:
        self.state = Sentence(translate("FirstPages", "Model"))
        self.hands_free = TickBox(translate("FirstPages", "Listen hands-free: I just speak"))
        words = translate(
            "FirstPages", "Speech begins a question and silence ends it, without a key; Ctrl+Shift+T switches it"
        )
        self.hands_free.setAccessibleDescription(words)
        self.hands_free.setToolTip(words)
        super().__init__(
            Step.READY,
            translate("FirstPages", "That is all"),
            translate(
                "FirstPages", "You find all of this again in the settings, and on the pages of devices and models."
            ),
            [self.state, self.hands_free, Alcove(settings.voices.preview), Alcove(panel)],
        )
        self.show_phase(Phase.STOPPED)

    def show_phase(self, phase: Phase) -> None:
        """Whether somebody answers yet."""
        words = translate("FirstPages", STATES[phase.takes_questions])
        self.state.setText(words)
        self.say_more(words)
