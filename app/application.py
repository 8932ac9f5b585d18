"""Composition root of the desktop: builds everything, joins its signals, closes in order. Never imports torch.

Nothing here waits for itself, so that Qt's own loop is the only one: children, pipes and devices tell by signals.
"""

from __future__ import annotations

import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app import autostart, language, logs, paths, settings
from app.conversation import Conversation
from app.devices.keyboard import Keyboard, keyboard_of_this_system
from app.devices.ports import SoundPorts
from app.devices.speaker import Speaker
from app.duplex import Echo, with_echo
from app.heartbeat import Heartbeat
from app.illustrator import Illustrator
from app.keeping import Keeping
from app.model_link import LinkState, ModelLink
from app.options import Options
from app.phase import Phase
from app.presence import Presence
from app.reach import Reach
from app.report import Report
from app.single import Place, Single
from app.small_model import SmallModel
from app.speaking import Speaking
from app.supply import Supply
from app.transcript import Transcript
from app.ui.theme import Theme
from app.ui.window import Window
from app.usage import Usage
from app.voice.system_voice import SystemVoice
from app.voice.voice import Voice
from app.words import QT_TRANSLATE_NOOP, translate
from model.catalogue import HUB
from model.protocol import Failed, Finished, Load, Loading, News, Ready, Unload

if TYPE_CHECKING:
    from app.perception import Perception

USUAL = Load(Path())
WHOLE = 100
NOT_ON_THE_PAGE = ("model", "hands_free", "models", "idle_minutes", "licences", "echoes", *settings.SENSES)
"""Settings that are chosen elsewhere than on their page."""
NO_MODEL = QT_TRANSLATE_NOOP("Application", "No model has been chosen yet.")


def run(options: Options) -> int:
    """Opens the window and returns the exit status once it is closed."""
    desktop = QApplication(["Sightline"])
    if options.verbose:
        logs.show()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Qt's loop would keep Ctrl+C in the terminal waiting
    home = paths.home()
    single = Single(home.settings.parent)
    if (place := single.take()) is not Place.FIRST:
        return _leave(place)
    loaded = settings.load(home.settings)
    language.speak(loaded.settings.language, desktop)  # before there is a word to be seen
    application = Application(options, home, built_in=paths.built_in_model(), loaded=loaded)
    theme = Theme(desktop)
    theme.follow(application.choices)
    application.dressed.connect(theme.follow)
    single.called.connect(application.window.come_forward)
    application.presence.choose(application.choices)
    if not (options.in_tray and application.presence.can_stay):
        application.window.show()
    QTimer.singleShot(0, application.start)  # the window comes first
    try:
        return desktop.exec()
    finally:
        application.close()
        single.close()


def _leave(place: Place) -> int:
    """Another Sightline has this home."""
    if place is Place.SECOND:
        return 0
    sys.stderr.write("Another Sightline of yours is running and does not answer: end it first.\n")
    return 1


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
        loaded: settings.Loaded | None = None,
        system_voice: SystemVoice | None = None,
        keyboard: Keyboard | None = None,
    ) -> None:
        """`manner` is how to converse with a model; its folder and voice are the user's choice.

        `built_in` is the model that is used until another one is chosen; `loaded` are settings that were read already;
        `system_voice` is what speaks in the model's place; `keyboard` gives keys that work everywhere.
        """
        super().__init__()
        loaded = loaded or settings.load(home.settings)
        self._settings_file = home.settings
        self._settings = loaded.settings
        self._options = options
        self._manner = manner
        self._built_in = built_in
        self._ports = SoundPorts()
        self.speaker = Speaker(self._ports)
        self.transcript = Transcript()
        self.voice = Voice(self.speaker, system_voice or SystemVoice())
        self.conversation = Conversation(self.transcript, self.voice)
        self.link = link or ModelLink()
        self.small = SmallModel()
        self.window = Window(self.transcript, has_built_in=built_in is not None)
        self.report = Report()
        self.keeping = Keeping(
            home.history, self.transcript, self.conversation, self.window, settings=self._settings, parent=self
        )
        self.presence = Presence(self.window, autostart.of_this_system(), parent=self)
        self.reach = Reach(self.window, keyboard or keyboard_of_this_system(), self)
        self._settings = replace(self._settings, autostart=self.presence.starts_by_itself)
        self.usage = Usage(self.window, self._settings.idle_minutes, self)
        self.supply = Supply(self.window.models, self._settings, built_in, options.hub or HUB, self)
        self._illustrator = Illustrator(self.transcript, self)
        self._speaking = Speaking(self.speaker, self.voice, self.conversation, self.window, self)
        self.perception: Perception | None = None
        self._why_none = translate("Application", NO_MODEL)
        self._join()
        self.window.show_phase(self.conversation.phase)
        self.window.senses.hands_free.setChecked(self._settings.hands_free)
        self.window.settings.show_settings(self._settings)
        self._speaking.choose(self._settings)
        if loaded.sentence:
            self.conversation.notice(loaded.sentence)

    @property
    def choices(self) -> settings.Settings:
        """What the user has chosen so far."""
        return self._settings

    def start(self) -> None:
        """What takes a while: devices first, since the detector's threads must be there before any child is."""
        self.keeping.start()
        self._open_devices()
        self.reach.choose(self._settings)
        self.load_first()

    def load_first(self) -> None:
        """What the command line names, or what was used last, or what is built in."""
        folder = self._options.model or self._settings.model
        if folder is not None:
            self.load(folder)
        elif self._built_in is not None:
            self.load_built_in()
        else:
            self.window.model.ask(translate("Application", NO_MODEL))

    def load_built_in(self) -> None:
        """Not kept as a choice: it makes room for the first model that is."""
        if self._built_in is not None:
            self._change(replace(self._settings, model=None))
            self._begin(self._built_in)

    def load(self, folder: Path) -> None:
        """In place of what is loaded. The child tells what is wrong with a folder; that there is none is seen here."""
        folder = folder.absolute()
        if not (folder / "config.json").is_file():
            self._refuse(
                translate(
                    "Application", "{folder} is not a model folder: there is no config.json in it. Choose another one."
                ).format(folder=folder)
            )
            return
        self._change(replace(self._settings, model=folder))
        self._begin(folder)

    def _begin(self, folder: Path) -> None:
        self._why_none = translate("Application", NO_MODEL)
        self.usage.begin(folder)
        self.supply.use(None)
        self.link.send(replace(self._manner, folder=folder, voice=self._settings.made_voice))

    def close(self) -> None:
        """What makes sound and looks first, then who would be told of it."""
        if self.perception is not None:
            self.perception.close()
        self.voice.close()
        self.speaker.close()
        self._ports.close()
        self.small.cancel()
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
        self.link.news.connect(self._show_news, queued)
        self.link.state_changed.connect(self._take_state, queued)
        self.presence.complained.connect(self.conversation.notice)
        self.reach.complained.connect(self.conversation.notice)
        self.small.made.connect(self.load)
        self.small.failed.connect(self._refuse)
        self._join_window()

    def _join_window(self) -> None:
        window = self.window
        window.composer.asked.connect(self.conversation.ask)
        window.composer.stop.clicked.connect(self.conversation.stop)
        window.model.folder_chosen.connect(self.load)
        window.model.small_wanted.connect(self._make_small)
        window.model.built_in_wanted.connect(self.load_built_in)
        window.model.cancelled.connect(self._cancel)
        window.senses.hands_free.clicked.connect(self._keep_hands_free)
        window.settings.chosen.connect(self._choose)
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
        page = self.window.models
        self.conversation.phase_changed.connect(self.usage.enter)
        self.usage.order.connect(self.link.send)
        self.usage.freed.connect(self._tell_freed)
        self.supply.wanted.connect(self.load)
        self.supply.released.connect(lambda _: page.in_use.freed.emit())
        self.supply.chosen.connect(self._take_choice)
        self.supply.announced.connect(self.window.transcript.announce)
        page.built_in_wanted.connect(self.load_built_in)
        for again in (page.in_use.wanted_again, self.window.model.again_wanted):
            again.connect(self.load_first)
        self.supply.choose(self._settings)

    def _change_question(self, row: int) -> None:
        line = self.transcript.line(row)
        shown = [item.shown for item in line.attachments if item.shown is not None]
        self.window.composer.change(row, line.text, shown)

    def _open_devices(self) -> None:
        from app.perception import Perception  # noqa: PLC0415 -- brings Qt's multimedia library: after the window

        self.perception = Perception(self._ports, self._settings.patience, self)
        self.perception.join(self.window, self.conversation)
        self.perception.live.connect(self._show_senses)
        self.perception.choose(self._settings)
        echo = self.perception.check_echo(self.speaker)
        echo.found.connect(self._keep_echo)
        echo.use(self._settings.duplex, self._settings.echoes)
        hear_past = self.perception.hear_past
        self.voice.system.sounding.connect(lambda on: hear_past(sounding=on))
        catalogue = self.perception.catalogue
        self._speaking.meet(catalogue, echo)
        devices = [*catalogue.microphones(), *catalogue.speakers(), *catalogue.cameras()]
        self.report.take_devices(device.name for device in devices)
        self.perception.listen_hands_free(on=self.window.senses.hands_free.isChecked())
        self.perception.looking.override = self._options.camera
        self.window.senses.camera.setChecked(self._options.camera is not None)

    # The model

    def _take_state(self, state: LinkState) -> None:
        match state:
            case LinkState.STARTING | LinkState.LOADING:
                self.conversation.model_comes()
                self.window.model.show_progress(translate("Application", "Starting the model"))
            case LinkState.OFF | LinkState.FAILED:
                self.conversation.model_goes()
                self.usage.end()
                self.supply.use(None)
                self.window.model.ask(self._why_none, can_load=state is LinkState.OFF and self._can_load())
            case LinkState.READY:
                self.window.model.hide()
            case LinkState.BUSY:
                pass

    def _can_load(self) -> bool:
        return (self._settings.model or self._built_in) is not None

    def _show_news(self, news: News) -> None:
        self.usage.take_news(news)
        match news:
            case Loading(part, done, total):
                self._show_loading(part, done * 100 // max(1, total))
            case Ready():
                self.supply.use(self.usage.folder)
                self._speaking.take_model(news.name, news.voices)
                self.report.take_ready(news)
            case Finished():
                self.voice.judge(news.timings)
                self.report.take_finished(news)
            case Failed(None, sentence):
                self._why_none = sentence
                self.window.transcript.announce(sentence)

    def _show_loading(self, part: str, percent: int) -> None:
        """A part that only some turns need, as the eye, is loaded with the first of them."""
        if self.conversation.phase is Phase.LOADING:
            self.window.model.show_progress(translate("Application", "Loading the {part}").format(part=part), percent)
        else:
            self.window.status.show_detail(
                translate("Application", "loading the {part}, {percent} %").format(part=part, percent=percent)
                if percent < WHOLE
                else ""
            )

    def _make_small(self) -> None:
        self.window.model.show_progress(
            translate("Application", "Making a small random model, which may take a minute")
        )
        self.small.make(self.supply.folder)

    def _cancel(self) -> None:
        if self.small.is_busy:
            self.small.cancel()
            self.window.model.ask(self._why_none)
        else:
            self._why_none = translate("Application", "Loading was cancelled: no model is in memory.")
            self.link.send(Unload())

    def _tell_freed(self, sentence: str) -> None:
        self._why_none = sentence
        self.window.transcript.announce(sentence)

    def _refuse(self, sentence: str) -> None:
        """What is loaded stays; without that, here is where another one can be chosen."""
        self._why_none = sentence
        self.window.model.ask(sentence)
        self.window.transcript.announce(sentence)

    # The rest

    def _show_senses(self) -> None:
        if self.perception is not None:
            self.presence.show_senses(microphone=self.perception.is_listening, origin=self.perception.looking.origin)

    def _keep_echo(self, echo: Echo) -> None:
        self._change(replace(self._settings, echoes=with_echo(self._settings.echoes, echo)))

    def _keep_hands_free(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        self._change(replace(self._settings, hands_free=on))

    def _choose(self, chosen: settings.Settings) -> None:
        """What can be seen and heard of it at once."""
        before = self._settings
        kept = {name: getattr(before, name) for name in NOT_ON_THE_PAGE}
        self._change(replace(chosen, **kept))
        self.dressed.emit(self._settings)
        self._speaking.choose(self._settings)
        if self.perception is not None:
            self.perception.be_patient(chosen.patience)
            if self.perception.echo is not None:
                self.perception.echo.use(chosen.duplex, self._settings.echoes)
        self.keeping.choose(self._settings)
        self.presence.choose(self._settings)
        self.reach.choose(self._settings)
        folder = before.model or self._built_in
        if chosen.made_voice != before.made_voice and folder is not None and self.link.state is not LinkState.OFF:
            self._begin(folder)

    def _choose_senses(self, chosen: settings.Settings) -> None:
        before = self._settings
        self._change(settings.with_senses(before, chosen))
        if self.perception is not None:
            self.perception.choose(self._settings)
        self._speaking.choose(self._settings)

    def _take_choice(self, chosen: settings.Settings) -> None:
        """Of what the page of models decides."""
        before = self._settings
        kept = {name: getattr(chosen, name) for name in ("model", "models", "idle_minutes", "licences")}
        self._change(replace(before, **kept))
        self.usage.choose(self._settings.idle_minutes)
        self.supply.choose(self._settings)
        self.window.settings.show_settings(self._settings)

    def _change(self, chosen: settings.Settings) -> None:
        if chosen == self._settings:
            return
        self._settings = chosen
        self.supply.choose(chosen)
        try:
            settings.save(chosen, self._settings_file)
        except OSError as error:
            self.conversation.notice(
                translate("Application", "Your settings cannot be kept in {file} ({reason}).").format(
                    file=self._settings_file, reason=error.strerror
                )
            )
