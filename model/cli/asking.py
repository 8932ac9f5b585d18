"""A script of turns is held with a model: files played, answers told and spoken. Knows no argument's spelling."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import assert_never

import torch

from model.cli.answer import Answer
from model.cli.events import Given, Noticed, Opened, Playing, Read
from model.cli.material import Material
from model.cli.options import AskOptions
from model.cli.quiet import hush_libraries
from model.cli.script import Item, Medium
from model.cli.settings import settings_for
from model.cli.stopping import Interrupt
from model.cli.telling import JsonTeller, PlainTeller, Teller
from model.cli.wave_file import WaveFile
from model.loading import Checkpoint, Placement
from model.note import Note
from model.omni import Omni, place
from model.playback import Played, Player
from model.protocol import Loading
from model.session import Session
from model.sight import SightSettings


def hold(options: AskOptions) -> None:
    """Raises SightlineError where it cannot be held, Cancelled on Ctrl-C, ReaderLeftError where nobody reads on."""
    hush_libraries()
    torch.set_flush_denormal(True)
    teller = JsonTeller() if options.json else PlainTeller()
    with Interrupt() as interrupt:
        try:
            _Conversation(options, teller, interrupt.check).hold()
        finally:
            teller.finish()


class _Conversation:
    """From an opened folder to the last answer."""

    def __init__(self, options: AskOptions, teller: Teller, check: Callable[[], None]) -> None:
        placement = place(options.device, options.dtype, Note.read(options.model))
        checkpoint = Checkpoint.open(options.model, options.adapters)
        if (threads := options.threads or checkpoint.note.threads) is not None:
            torch.set_num_threads(min(threads, os.cpu_count() or 1))
        self._script = options.script
        self._material = Material.of(options.script)
        self._settings = settings_for(options, checkpoint, self._material)
        self._asked_frame_tokens = options.frame_tokens or SightSettings().video.tokens
        self._speech = WaveFile(options.speak)
        self._teller = teller
        self._check = check
        self._percent = -1
        self._tell_beginning(checkpoint, placement)
        self._omni = Omni(checkpoint, placement, self._tell_loading, check)

    def hold(self) -> None:
        """Load what the script needs, then turn by turn."""
        self._load()
        session = Session(self._omni, self._settings, self._check)
        player = Player(self._omni, session, self._notice, self._check)
        with self._speech:
            for number, turn in enumerate(self._script.turns, 1):
                answer = Answer(session, number, self._omni.placement.device)
                for item in turn:
                    self._give(item, number, session, player)
                for event in answer.run(self._speech):
                    self._teller.tell(event)
        if self._settings.voice is not None and not self._speech.begun:
            self._notice("Not a word was spoken, so no sound was written.")

    def _tell_beginning(self, checkpoint: Checkpoint, placement: Placement) -> None:
        self._teller.tell(
            Opened(
                model=str(checkpoint.path),
                label=checkpoint.note.label,
                device=str(placement.device),
                dtype=str(placement.dtype).removeprefix("torch."),
                voice=self._settings.voice,
                context=self._settings.context,
                picture_tokens=self._settings.sight.picture.tokens,
                frame_tokens=self._settings.sight.video.tokens,
            )
        )
        for item in self._material.only_heard:
            self._notice(f"{item.value} has no moving picture: it is only heard.")
        if self._settings.sight.video.tokens < self._asked_frame_tokens:
            self._notice(
                "A video is long: to keep all of it in mind its frames are looked at in at most "
                f"{self._settings.sight.video.tokens} tokens each, not {self._asked_frame_tokens}."
            )

    def _notice(self, sentence: str) -> None:
        self._teller.tell(Noticed(sentence))

    def _load(self) -> None:
        """Everything at once, so that too little memory is found out before anything is loaded."""
        senses = self._material.senses
        speech = ("talker", "voice") if self._settings.voice is not None else ()
        self._omni.require_memory("thinker", *speech, *senses)
        if "ear" in senses:
            self._omni.ear  # noqa: B018 -- loads it
        if "eye" in senses:
            self._omni.eye  # noqa: B018

    def _give(self, item: Item, turn: int, session: Session, player: Player) -> None:
        began = perf_counter()
        if item.medium is Medium.TEXT:
            session.read(item.value)
        else:
            self._watch(item, _played(item, player))
        file = None if item.medium is Medium.TEXT else item.value
        self._teller.tell(Given(turn, item.medium, file, perf_counter() - began, session.context_tokens))

    def _watch(self, item: Item, progress: Iterator[Played]) -> None:
        told = 0.0
        for played in progress:
            if played.seconds >= told + 1:
                told = played.seconds
                self._teller.tell(Playing(item.value, played.seconds, played.total))

    def _tell_loading(self, event: Loading) -> None:
        percent = event.done * 100 // max(1, event.total)
        if percent != self._percent:
            self._percent = percent
            self._teller.tell(Read(event.part, event.done, event.total))


def _played(item: Item, player: Player) -> Iterator[Played]:
    match item.medium:
        case Medium.AUDIO:
            return player.sound(item.path)
        case Medium.IMAGE:
            return player.picture(item.path)
        case Medium.VIDEO:
            return player.video(item.path)
        case Medium.TEXT:
            raise ValueError("a text is not played")
        case _:
            assert_never(item.medium)
