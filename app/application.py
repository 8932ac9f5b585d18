"""Composition root of the desktop: builds everything, joins its signals, closes in order. Never imports torch.

Nothing here waits for itself, so that Qt's own loop is the only one: children, pipes and devices tell by signals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app import autostart, paths, settings
from app.beginning import Beginning
from app.choices import Choices
from app.conversation import Conversation
from app.devices.keyboard import Keyboard, keyboard_of_this_system
from app.devices.ports import SoundPorts
from app.devices.speaker import Speaker
from app.first_steps import Step
from app.heartbeat import Heartbeat
from app.illustrator import Illustrator
from app.keeping import Keeping
from app.model_choice import Brought, ModelChoice
from app.model_link import ModelLink
from app.model_words import of_model
from app.options import Options
from app.presence import Presence
from app.reach import Reach
from app.relieving import Relieving
from app.report import Report
from app.settings import Settings
from app.speaking import Speaking
from app.supply import Supply
from app.transcript import Transcript
from app.ui.window import Window
from app.usage import Usage
from app.voice.system_voice import SystemVoice
from app.voice.voice import Voice
from model.catalogue import HUB
from model.protocol import Failed, Finished, Load, News, Ready

if TYPE_CHECKING:
    from app.perception import Perception

USUAL = Load(Path())


@dataclass(frozen=True, slots=True)
class Opened:
    """What a start begins with: settings, and a window that is not whole yet, but may be seen."""

    window: Window
    loaded: settings.Loaded

    @classmethod
    def of(cls, home: paths.Home, built_in: Path | None) -> Opened:
        """A new window."""
        window = Window(Transcript(), has_built_in=built_in is not None, is_whole=False)
        return cls(window, settings.load(home.settings))


class Application(QObject):
    """Everything that runs as long as the window is open. `dressed` carries Settings whose looks may be others."""

    dressed = Signal(object)

    def __init__(
        self,
        options: Options,
        home: paths.Home,
        link: ModelLink | None = None,
        manner: Load = USUAL,
        built_in: Path | None = None,
        *,
        opened: Opened | None = None,
        system_voice: SystemVoice | None = None,
        keyboard: Keyboard | None = None,
    ) -> None:
        """`manner` is how to converse with a model; its folder and voice are the user's choice.

        `built_in` is the model that is used until another one is chosen; `opened` is what is there before all else;
        `system_voice` is what speaks in the model's place; `keyboard` gives keys that work everywhere.
        """
        super().__init__()
        opened = opened or Opened.of(home, built_in)
        loaded = opened.loaded
        self._options = options
        self._is_started = False
        self._ports = SoundPorts()
        self.speaker = Speaker(self._ports)
        self.window = opened.window
        self.window.furnish()
        self.transcript = self.window.lines
        self.voice = Voice(self.speaker, system_voice or SystemVoice())
        self.conversation = Conversation(self.transcript, self.voice)
        self.link = link or ModelLink()
        self.report = Report()
        self.keeping = Keeping(
            home.history, self.transcript, self.conversation, self.window, settings=loaded.settings, parent=self
        )
        self.presence = Presence(self.window, autostart.of_this_system(), parent=self)
        self.reach = Reach(self.window, keyboard or keyboard_of_this_system(), self)
        now = replace(loaded.settings, autostart=self.presence.starts_by_itself)
        self.choices = Choices(now, home.settings, self, is_unread=loaded.is_unread)
        self.usage = Usage(self.window, now.idle_minutes, self)
        self.supply = Supply(self.window.models, now, built_in, options.hub or HUB, self)
        brought = Brought(manner, options.model, built_in)
        self.model = ModelChoice(brought, self.choices, self.link, self.window, self.usage)
        self._relieving = Relieving(self.window, self.supply, self)
        self._illustrator = Illustrator(self.transcript, self)
        self._speaking = Speaking(self.speaker, self.voice, self.conversation, self.window, self)
        self.beginning = Beginning(self.window, self.conversation, self.voice.system, now, self)
        self.perception: Perception | None = None
        self._join()
        self.window.show_phase(self.conversation.phase)
        self.window.senses.hands_free.setChecked(now.hands_free)
        self.window.settings.show_settings(now)
        self._speaking.choose(now)
        if loaded.sentence:
            self.conversation.notice(loaded.sentence)

    def begin(self) -> None:
        """With the profile that was asked for, and the first run unless it is over."""
        if self._options.profile is not None:
            self.beginning.take_profile(self._options.profile)
        if self.choices.now.first_run is not Step.OVER:
            self.beginning.begin()

    def start(self) -> None:
        """What takes a while, once: devices first, since the detector's threads must be there before any child is."""
        if self._is_started:
            return
        self._is_started = True
        self.keeping.start()
        self._open_devices()
        self.reach.choose(self.choices.now)
        self.model.load_first()

    def close(self) -> None:
        """What makes sound and looks first, then who would be told of it."""
        if self.perception is not None:
            self.perception.close()
        self.voice.close()
        self.speaker.close()
        self._ports.close()
        self.model.close()
        self.supply.close()
        self.link.stop()
        self._illustrator.close()
        self.keeping.close()
        self.report.close()
        self.reach.close()
        self.presence.close()
        self.window.leave()

    # Who is told what

    def _join(self) -> None:
        queued = Qt.ConnectionType.QueuedConnection  # so that a command's answer never comes before its end
        self.conversation.order.connect(self.link.send)
        self.conversation.phase_changed.connect(self.window.show_phase)
        if self._options.verbose:
            self.conversation.phase_changed.connect(Heartbeat(self).enter)
        self.conversation.announced.connect(self.window.transcript.announce)
        self.link.news.connect(self.conversation.take_news, queued)
        self.link.news.connect(self.model.take_news, queued)
        self.link.news.connect(self._take_news, queued)
        self.link.state_changed.connect(self.model.take_state, queued)
        self.model.comes.connect(self.conversation.model_comes)
        self.model.goes.connect(self.conversation.model_goes)
        for complaining in (self.presence, self.choices, self.reach):
            complaining.complained.connect(self.conversation.notice)
        self._join_window()

    def _join_window(self) -> None:
        window = self.window
        window.composer.asked.connect(self.conversation.ask)
        window.composer.stop.clicked.connect(self.conversation.stop)
        window.senses.hands_free.clicked.connect(self.choices.take_hands_free)
        window.settings.chosen.connect(self._choose)
        self.beginning.chosen.connect(self._take_first_run)
        self.choices.changed.connect(self.beginning.follow)
        window.devices.chosen.connect(self._choose_senses)
        self._join_lines()
        self._join_models()
        window.log.compose = self.report.compose

    def _join_lines(self) -> None:
        """What can be done with a single line."""
        view, composer = self.window.transcript, self.window.composer
        view.can_replay = self.conversation.can_replay
        view.replay_wanted.connect(self.conversation.replay)
        view.again_wanted.connect(lambda _: self.conversation.answer_again())
        view.edit_wanted.connect(self._change_question)
        composer.asked_again.connect(self.conversation.ask_again)
        self.keeping.renewed.connect(composer.leave_question)

    def _join_models(self) -> None:
        self.conversation.phase_changed.connect(self.usage.enter)
        self.usage.order.connect(self.link.send)
        self.model.in_use.connect(self.supply.use)
        self.choices.changed.connect(self.supply.choose)
        self.supply.wanted.connect(self.model.load)
        self.supply.released.connect(lambda _: self.window.models.in_use.freed.emit())
        self.supply.chosen.connect(self._choose_models)
        self.supply.announced.connect(self.window.transcript.announce)
        self._relieving.wanted.connect(self.model.load)
        self._relieving.shortened.connect(self.model.keep_less)
        self.supply.choose(self.choices.now)

    def _change_question(self, row: int) -> None:
        line = self.transcript.line(row)
        shown = [item.shown for item in line.attachments if item.shown is not None]
        self.window.composer.change(row, line.text, shown)

    def _open_devices(self) -> None:
        from app.perception import Perception  # noqa: PLC0415 -- brings Qt's multimedia library: after the window

        now = self.choices.now
        self.perception = Perception(self._ports, now.patience, self)
        self.perception.join(self.window, self.conversation)
        self.perception.live.connect(self._show_senses)
        self.perception.choose(now)
        echo = self.perception.check_echo(self.speaker)
        echo.found.connect(self.choices.take_echo)
        echo.use(now.duplex, now.echoes)
        hear_past = self.perception.hear_past
        self.voice.system.sounding.connect(lambda on: hear_past(sounding=on))
        catalogue = self.perception.catalogue
        self._speaking.meet(catalogue, echo)
        devices = [*catalogue.microphones(), *catalogue.speakers(), *catalogue.cameras()]
        self.report.take_devices(device.name for device in devices)
        self.perception.wake_by(now.wake_phrase)
        self.perception.listen_hands_free(on=self.window.senses.hands_free.isChecked())
        self.perception.looking.override = self._options.camera
        self.window.senses.camera.setChecked(self._options.camera is not None)

    # Who is told what is chosen, or has come

    def _take_news(self, news: News) -> None:
        match news:
            case Ready():
                if news.instead:
                    self.conversation.notice(of_model(news.instead))
                self._speaking.take_model(news.name, news.voices)
                self.report.take_ready(news)
            case Finished():
                self.voice.judge(news.timings)
                self.report.take_finished(news)
            case Failed(lacks_memory=True):
                self._relieving.offer(self.model.folder, self.choices.now)

    def _show_senses(self) -> None:
        if self.perception is not None:
            self.presence.show_senses(microphone=self.perception.is_listening, origin=self.perception.looking.origin)

    def _choose(self, chosen: Settings) -> None:
        confirmed = self.keeping.confirm(chosen)
        before = self.choices.now
        self.choices.take_page(confirmed)
        self._follow(before)
        if chosen.keep_days != before.keep_days:  # which may have been asked about, and the page shown anew meanwhile
            self.window.settings.show_settings(self.choices.now)

    def _take_first_run(self, chosen: Settings) -> None:
        confirmed = self.keeping.confirm(chosen)
        before = self.choices.now
        self.choices.take_first_run(confirmed)
        self._follow(before)
        self.window.settings.show_settings(self.choices.now)
        self.beginning.follow(self.choices.now)

    def _follow(self, before: Settings) -> None:
        """What can be seen and heard at once of what was chosen."""
        now = self.choices.now
        self.dressed.emit(now)
        self._speaking.choose(now)
        if self.perception is not None:
            self.perception.be_patient(now.patience)
            self.perception.wake_by(now.wake_phrase)
            if self.perception.echo is not None:
                self.perception.echo.use(now.duplex, now.echoes)
        self.keeping.choose(now)
        self.presence.choose(now)
        self.reach.choose(now)
        self.model.renew(before)

    def _choose_senses(self, chosen: Settings) -> None:
        self.choices.take_senses(chosen)
        if self.perception is not None:
            self.perception.choose(self.choices.now)
        self._speaking.choose(self.choices.now)

    def _choose_models(self, chosen: Settings) -> None:
        """Of what the page of models decides."""
        before = self.choices.now
        self.choices.take_models(chosen)
        self.model.renew(before)
        self.usage.choose(self.choices.now.idle_minutes)
        self.supply.choose(self.choices.now)
        self.window.settings.show_settings(self.choices.now)
