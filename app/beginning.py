"""The first run joined to window, settings and the system's voice: what is kept of it, and what is read aloud.

Its devices, models and tests are those of the pages that lend their parts. Knows none of them.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QLocale, QObject, QTimer, Signal
from PySide6.QtGui import QAccessible

from app.conversation import Conversation
from app.first_steps import PAGES, Profile, Step
from app.guide import Guide
from app.language import locale_of
from app.phase import Phase
from app.profiles import fitted
from app.settings import Language, Settings
from app.ui.first_run import FirstRun
from app.ui.window import Window
from app.voice.system_voice import SystemVoice
from app.words import QT_TRANSLATE_NOOP, translate

NO_VOICE = QT_TRANSLATE_NOOP(
    "Beginning",
    "Your system has no voice that works, so nothing can be read aloud: install one (on Linux speech-dispatcher), or "
    "use a screen reader.",
)
OFFER = QT_TRANSLATE_NOOP("Beginning", "To have these pages read aloud, press Control and 2.")
OFFER_MILLISECONDS = 15_000
"""Without a key on the first page of all: whoever sees it has gone on by then, or has read the same there."""
MODEL_READY = QT_TRANSLATE_NOOP("Beginning", "The model is ready.")


class Beginning(QObject):
    """`chosen` carries Settings; `renewed` when the window has to be built anew, in another language."""

    chosen = Signal(object)
    renewed = Signal()

    def __init__(
        self,
        window: Window,
        conversation: Conversation,
        voice: SystemVoice,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._conversation = conversation
        self._voice = voice
        self._settings = settings
        self._opened: tuple[FirstRun, Guide] | None = None
        self._offer = QTimer(self, singleShot=True)
        self._offer.timeout.connect(self._offer_to_read)
        window.settings.first_run_wanted.connect(self.begin)
        self.follow(settings)

    def follow(self, settings: Settings) -> None:
        """As they are now."""
        self._settings = settings
        self._window.settings.show_first_run(is_over=settings.first_run is Step.OVER)
        if self._opened is not None:
            pages, guide = self._opened
            pages.show_settings(settings)
            guide.want(on=settings.guidance)

    def begin(self) -> None:
        """Where it was left; from the first page where it was gone through."""
        step = self._settings.first_run
        is_wanted = self._settings.profile is Profile.BLIND and step is not Step.OVER
        self._pages.ready.hands_free.setChecked(is_wanted or self._settings.hands_free)
        self._window.show_first_run()
        self._pages.show_step(PAGES[0] if step is Step.OVER else step)
        if step is PAGES[0] and not self._settings.guidance and not QAccessible.isActive():
            self._offer.start(OFFER_MILLISECONDS)

    def take_profile(self, profile: Profile) -> None:
        """What it sets; a screen reader that is on reads by itself."""
        self._offer.stop()
        chosen = fitted(self._settings, profile)
        self._pages.ready.hands_free.setChecked(profile is Profile.BLIND or self._settings.hands_free)
        self._choose(replace(chosen, guidance=chosen.guidance and not QAccessible.isActive()))
        self._read_page()

    @property
    def _pages(self) -> FirstRun:
        return self._open()[0]

    @property
    def _guide(self) -> Guide:
        return self._open()[1]

    def _open(self) -> tuple[FirstRun, Guide]:
        """The pages are there once one of them is to be seen."""
        if self._opened is None:
            pages, conversation = self._window.first_run, self._conversation
            guide = Guide(pages, self._voice, lambda: not conversation.phase.is_answer)
            self._opened = pages, guide
            self._join(pages, guide)
            pages.show_phase(conversation.phase)
            self.follow(self._settings)
        return self._opened

    def _join(self, pages: FirstRun, guide: Guide) -> None:
        pages.moved.connect(self._move)
        pages.passed.connect(self._pass)
        pages.left.connect(self._window.show_chat)
        pages.finished.connect(self._finish)
        pages.profile_chosen.connect(self.take_profile)
        pages.guidance_wanted.connect(self._read_aloud)
        pages.hushed.connect(guide.hush)
        guide.silenced.connect(lambda: pages.profile.tell(translate("Beginning", NO_VOICE)))
        self._window.transcript.announced.connect(guide.tell)
        self._conversation.phase_changed.connect(self._take_phase)

    def _choose(self, settings: Settings) -> None:
        if settings != self._settings:
            self.follow(settings)
            self.chosen.emit(settings)

    def _move(self, step: Step) -> None:
        if self._settings.first_run is not Step.OVER or step is not PAGES[0]:
            self._choose(replace(self._settings, first_run=step))
        self._read_page()

    def _pass(self, step: Step) -> None:
        """The language is taken when its page is left, since all words change with it."""
        language = self._pages.language.languages.choice
        if step is Step.LANGUAGE and isinstance(language, Language) and language is not self._settings.language:
            self._choose(replace(self._settings, language=language))
            if locale_of(language).language() is not QLocale().language():
                self._choose(replace(self._settings, first_run=PAGES[step.number]))
                self.renewed.emit()

    def _read_aloud(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        self._choose(replace(self._settings, guidance=on))
        self._read_page()

    def _offer_to_read(self) -> None:
        """Once, by the system's voice: who sees nothing of it cannot know of it otherwise."""
        if self._pages.page.step is PAGES[0]:
            self._guide.offer(translate("Beginning", OFFER))

    def _read_page(self) -> None:
        self._guide.tell(self._pages.page.words)

    def _take_phase(self, phase: Phase) -> None:
        self._pages.show_phase(phase)
        if phase is Phase.LISTENING and self._pages.isVisible():
            self._window.transcript.announce(translate("Beginning", MODEL_READY))

    def _finish(self) -> None:
        """To the conversation, and listening if that was wanted."""
        self._choose(replace(self._settings, first_run=Step.OVER))
        hands_free = self._window.senses.hands_free
        if self._pages.ready.hands_free.isChecked() is not hands_free.isChecked():
            hands_free.click()
        self._window.show_chat()
