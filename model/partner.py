"""Answers the desktop's commands with a model and one conversation. Knows no pipe and no thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar, assert_never

import torch
from transformers.utils import logging as library_log

from model.errors import CheckpointError, ContextFullError, DeviceError, MemoryFullError
from model.failures import PROCESSOR, explained, first_line
from model.flow import Solver
from model.kernels.choice import kernel_name
from model.loading import Checkpoint, Placement
from model.media import Kind, describe
from model.note import Note
from model.omni import Omni, candidates, place
from model.playback import Played, Player
from model.protocol import (
    NO_MODEL,
    Attach,
    Begin,
    Cancel,
    Cut,
    Exchange,
    Forget,
    Fresh,
    Given,
    Hear,
    Load,
    Noticed,
    Order,
    Read,
    Ready,
    Recall,
    Reply,
    Report,
    Retract,
    Rewind,
    See,
    Tried,
    Try,
    Unload,
)
from model.session import Place, Session, SessionSettings
from model.trial import try_out
from model.vocoder import EARLY

ValueT = TypeVar("ValueT")
_log = logging.getLogger("sightline.model")
TOO_LARGE = (
    "The memory of the graphics card does not suffice for this model: it is computed on the processor, which is "
    "slower; a smaller model, or this one in fewer bits, may fit."
)


@dataclass(frozen=True, slots=True)
class _Conversation:
    """A session and what plays files to it."""

    session: Session
    player: Player
    places: dict[int, Place] = field(default_factory=dict)
    """Where each turn began."""


class ModelPartner:
    """At most one model, one conversation with it, one open turn."""

    def __init__(self, tell: Callable[[Report], None], check: Callable[[], None]) -> None:
        self._tell = tell
        self._check = check
        self._omni: Omni | None = None
        self._conversation: _Conversation | None = None
        self._turn = 0
        self._answered = 0
        self._threads = torch.get_num_threads()
        torch.set_flush_denormal(True)  # before any thread of torch's is born: each takes it over from this one
        library_log.disable_default_handler()  # its lines go where all others go
        library_log.enable_propagation()
        library_log.disable_progress_bar()

    def obey(self, order: Order) -> None:
        """Carry out one command. Raises Cancelled, or SightlineError with a sentence for the user.

        After ExhaustedError or DeviceError nothing is known of the conversation, unless a Load was to begin one.
        """
        device = torch.device(PROCESSOR) if self._omni is None else self._omni.placement.device
        with explained(device):
            self._obey(order)

    def _obey(self, order: Order) -> None:
        match order:
            case Load():
                self._load(order)
            case Unload():
                self._unload()
            case Try():
                self._try_out()
            case Forget() | Recall() | Rewind() | Retract():
                self._go_back(order)
            case Begin(turn):
                self._begin(turn)
            case Hear() | See() | Read() | Attach():
                self._give(order)
            case Reply():
                self._reply(order)
            case Cancel(turn):
                self._tell(Cut(turn, self._cut(order)))
            case _:
                assert_never(order)

    def _go_back(self, order: Fresh | Rewind | Retract) -> None:
        match order:
            case Forget():
                self._forget()
            case Recall(exchanges):
                self._recall(exchanges)
            case Rewind(turn):
                self._rewind(turn)
            case Retract(turn):
                self._retract(turn)
            case _:
                assert_never(order)

    def _load(self, load: Load) -> None:
        """On the best device that can: where one fails, the next is taken, and why is told."""
        self._conversation = None
        torch.set_num_threads(load.threads or Note.read(load.folder).threads or self._threads)
        if load.voice is not None:
            checkpoint = Checkpoint.open(load.folder)
            if checkpoint.speaks:
                checkpoint.voice(load.voice)  # a wrong name is told before anything large is read
            else:
                load = replace(load, voice=None)
        instead = ""
        *better, last = candidates(load.device)
        for device in better:
            try:
                self._load_on(device, load, instead)
            except (MemoryFullError, DeviceError) as error:
                _log.warning("Not on %s: %s", device, error)
                instead = _instead(error)
            else:
                return
        self._load_on(last, load, instead)

    def _load_on(self, device: str, load: Load, instead: str) -> None:
        """The weights stay where they are if only the way to converse is another."""
        placement = place(device, load.dtype, Note.read(load.folder))
        with explained(placement.device):
            omni = self._placed(load, placement)
            session = Session(omni, settings_of(load, omni.checkpoint.note), self._check)
        self._conversation = _Conversation(session, Player(omni, session, self._notice, self._check))
        self._tell(_describe(omni, instead))

    def _placed(self, load: Load, placement: Placement) -> Omni:
        omni = self._omni
        if omni is None or omni.checkpoint.path != load.folder or omni.placement != placement:
            self._unload()
            speaks = load.voice is not None
            omni = Omni.load(load.folder, placement, speaks=speaks, progress=self._tell, check=self._check)
            self._omni = omni
        return omni

    def _unload(self) -> None:
        self._omni = self._conversation = None
        if torch.cuda.is_available():
            with suppress(RuntimeError):  # of a card that has failed there is nothing to give back
                torch.cuda.empty_cache()

    def _try_out(self) -> None:
        omni, conversation = self._omni, self._conversation
        if omni is None or conversation is None:
            self._tell(Tried(None))
            return
        name = conversation.session.settings.voice
        voice = None if name is None else omni.checkpoint.voice(name)
        self._tell(Tried(try_out(omni, voice, self._check)))

    def _forget(self) -> None:
        self._answered = 0
        if self._conversation is not None:
            self._conversation.session.forget()
            self._conversation.places.clear()

    def _recall(self, exchanges: Sequence[Exchange]) -> None:
        self._forget()
        if self._conversation is None:
            return
        for exchange in exchanges:
            with suppress(ContextFullError):  # one that can never fit is left out
                self._conversation.session.recall(exchange.question, exchange.answer)

    def _rewind(self, turn: int) -> None:
        """A turn that was over before it began has left nothing: where the next one began, or now, is the same."""
        conversation = self._conversation
        unsaid = [] if conversation is None else [number for number in conversation.places if number >= turn]
        if conversation is None or not unsaid:
            return
        gone = unsaid if conversation.session.go_back(conversation.places[min(unsaid)]) else list(conversation.places)
        for number in gone:
            del conversation.places[number]
        self._answered = 0

    def _begin(self, turn: int) -> None:
        conversation = self._talk()
        conversation.session.abandon()
        conversation.places[turn] = conversation.session.place()
        self._turn = turn

    def _talk(self) -> _Conversation:
        if self._conversation is None:
            raise CheckpointError(NO_MODEL)
        return self._conversation

    def _give(self, given: Given) -> None:
        session = self._talk().session
        match given:
            case Hear(_, samples):
                session.hear(samples)
            case See(_, frame, at):
                session.see(frame, at)
            case Read(_, text):
                session.read(text)
            case Attach(_, file):
                for _ in self._play(file):
                    self._check()
            case _:
                assert_never(given)

    def _play(self, file: Path) -> Iterator[Played]:
        player = self._talk().player
        match describe(file).kind:
            case Kind.SOUND:
                return player.sound(file)
            case Kind.PICTURE:
                return player.picture(file)
            case Kind.VIDEO:
                return player.video(file)

    def _notice(self, sentence: str) -> None:
        self._tell(Noticed(self._turn, sentence))

    def _reply(self, order: Reply) -> None:
        events = self._talk().session.reply(voiced=order.voiced, words=order.words)
        self._answered = order.turn
        for event in events:
            self._tell(replace(event, turn=order.turn))

    def _retract(self, turn: int) -> None:
        if self._conversation is not None and turn == self._answered:
            self._answered = 0
            self._conversation.session.retract()

    def _cut(self, cancel: Cancel) -> str:
        """The text that stays. What was given to a turn without an answer is forgotten when the next one begins."""
        if self._conversation is None or cancel.turn != self._answered:
            return ""
        return self._conversation.session.interrupt(cancel.heard_up_to, cancel.heard_text)


def settings_of(load: Load, note: Note) -> SessionSettings:
    """The model's and the session's own defaults where nothing else was asked for.

    Raises ValueError for values that cannot be.
    """
    usual = SessionSettings.noted(note)
    thinker = replace(
        usual.thinker,
        temperature=_chosen(load.temperature, usual.thinker.temperature),
        top_k=_chosen(load.top_k, usual.thinker.top_k),
        top_p=_chosen(load.top_p, usual.thinker.top_p),
        repetition_penalty=_chosen(load.repetition_penalty, usual.thinker.repetition_penalty),
        seed=load.seed,
    )
    return replace(
        usual,
        voice=load.voice,
        system=_chosen(load.system, usual.system),
        thinker=thinker,
        talker=replace(usual.talker, seed=load.seed),
        stops=load.stops,
        max_tokens=_chosen(load.max_tokens, usual.max_tokens),
        max_codes=_chosen(load.max_codes, usual.max_codes),
        context=_chosen(load.context, usual.context),
        solver=usual.solver if load.solver is None else Solver(load.solver),
        ramp=EARLY if load.early else usual.ramp,
    )


def _chosen(choice: ValueT | None, usual: ValueT) -> ValueT:
    return usual if choice is None else choice


def _instead(error: MemoryFullError | DeviceError) -> str:
    """What is told of it, once the next device has done."""
    cause = error.__cause__ or error
    if isinstance(error, MemoryFullError) or isinstance(cause, torch.OutOfMemoryError):
        return TOO_LARGE
    why = first_line(cause)
    return f"The graphics card cannot be used ({why}): the model is computed on the processor, which is slower."


def _describe(omni: Omni, instead: str) -> Ready:
    return Ready(
        name=omni.checkpoint.path.name,
        label=omni.checkpoint.note.label,
        voices=_voices(omni),
        device=_device(omni),
        nbytes=sum(omni.resident_bytes(part) for part in omni.loaded),
        instead=instead,
    )


def _device(omni: Omni) -> str:
    """Where the Thinker is computed and by which product, which says so where it is not the fastest."""
    manifest, device = omni.checkpoint.manifest, omni.placement.device
    if manifest is None:
        return str(device)
    scheme = min(module.scheme for module in manifest.modules.values())  # int4 before int8
    return f"{device}, {kernel_name(scheme, device)}"


def _voices(omni: Omni) -> tuple[str, ...]:
    """None for a checkpoint that cannot speak: it can still write."""
    try:
        return tuple(sorted(omni.checkpoint.voices()))
    except CheckpointError:
        return ()
