"""The one state machine of a turn: what happens becomes commands, lines, a phase. Knows no device, link or widget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol, assert_never

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app import thumbnails
from app.phase import Phase
from app.recollection import recollect
from app.recordings import Recordings
from app.senses import (
    Block,
    Calmed,
    Continued,
    Ended,
    Frame,
    Origin,
    Paused,
    Resumed,
    SpeechEvent,
    Started,
    Stirred,
)
from app.transcript import Attachment, Kind, Line, LineState, Transcript, Who
from app.turns import Turn, Turns
from app.words import translate
from model.protocol import (
    HEARING_RATE,
    Attach,
    Begin,
    Cancel,
    Cut,
    Failed,
    Finished,
    Forget,
    Given,
    Hear,
    Loading,
    News,
    Noticed,
    Order,
    Read,
    Ready,
    Recall,
    Reply,
    Rewind,
    Said,
    See,
    Unload,
    Voiced,
)

FRAME_SECONDS = 0.5
"""Between two frames of a spoken turn: the model is used to two a second."""


class Mouth(Protocol):
    """What replies are spoken with."""

    @property
    def is_audible(self) -> bool:
        """Whether anybody can hear it."""

    @property
    def takes_waves(self) -> bool:
        """Whether this reply is spoken by the model's own waves; its words are told in any case."""

    @property
    def has_words(self) -> bool:
        """Whether it has words of this reply to say that no wave came for."""

    @property
    def heard_text(self) -> int | None:
        """At the latest hush: how many characters of the reply were heard; None where the seconds tell it."""

    def begin(self) -> None:
        """A reply is about to come."""

    def repeat(self) -> None:
        """Waves of an old reply are about to come."""

    def say(self, text: str) -> None:
        """More of the reply's words."""

    def play(self, wave: NDArray[np.float32]) -> None:
        """More of the reply: 24 kHz, mono."""

    def finish(self) -> None:
        """That was all of it: word that everything was heard comes later."""

    def duck(self, *, on: bool) -> None:
        """Speak low, or as usual."""

    def hush(self) -> float:
        """Be silent at once; returns how many seconds of this reply were heard."""


class Conversation(QObject):
    """Takes what happens by its methods. `order` carries Orders for the model, `phase_changed` a Phase.

    `announced` carries what is said by no voice, so that a screen reader may say it.
    """

    order = Signal(object)
    phase_changed = Signal(object)
    announced = Signal(str)

    def __init__(self, transcript: Transcript, mouth: Mouth, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._mouth = mouth
        self._phase = Phase.STOPPED
        self._turns = Turns()
        self._turn: Turn | None = None
        """The latest, until it has given way."""
        self._frame: Frame | None = None
        self._recordings = Recordings()

    @property
    def phase(self) -> Phase:
        """What it is doing."""
        return self._phase

    @property
    def turn(self) -> int:
        """The latest turn's number."""
        return self._turns.number

    # What the user does

    def ask(self, text: str, shown: Sequence[Path | Frame] = ()) -> None:
        """A typed turn, with files and pictures or else with what is seen now. Whatever is going on gives way."""
        if not self._phase.takes_questions:
            self.notice(translate("Conversation", "There is no model to ask yet."))
            return
        self._give_way()
        if not shown and self._frame is not None:
            shown = [self._frame]
        self._show(Line(Who.USER, datetime.now(), text, tuple(map(_attach, shown))), shown, text)

    def remark(self, before: Frame, after: Frame, wish: str) -> None:
        """What the model has to say on a change that nobody asked about; only where nothing is going on."""
        if self._phase is not Phase.LISTENING:
            return
        self._give_way()
        seen = (replace(_attach(before), name="before"), replace(_attach(after), name="after"))
        self._show(
            Line(Who.ITSELF, datetime.now(), translate("Conversation", "The picture has changed."), seen),
            (before, after),
            wish,
        )

    def _show(self, question: Line, shown: Sequence[Path | Frame], text: str) -> None:
        turn = self._begin(question)
        for item in shown:
            if isinstance(item, Path):
                self._give(turn, Attach(turn.number, item))
            else:
                self._give(turn, See(turn.number, item.pixels))
        if text:
            self._give(turn, Read(turn.number, text))
        self._ask_for_reply(turn)

    def ask_again(self, row: int, text: str, shown: Sequence[Path | Frame] = ()) -> None:
        """In place of the question in this row and of all that followed."""
        if (text or shown) and self._take_back(row):
            self.ask(text, shown)

    def answer_again(self) -> None:
        """The latest question once more, as it was put; of an old conversation its words and files."""
        row = self._last_question()
        if row is None:
            return
        given = self._turns.given_in(row)
        if given is None:
            line = self._transcript.line(row)
            self.ask_again(row, line.text, [item.shown for item in line.attachments if item.shown is not None])
        elif self._take_back(row, keeps=True):
            turn = self._begin_at(row)
            for item in given:
                self._give(turn, replace(item, turn=turn.number))
            self._ask_for_reply(turn)

    def _last_question(self) -> int | None:
        rows = reversed(range(self._transcript.rowCount()))
        return next((row for row in rows if self._transcript.line(row).who in {Who.USER, Who.ITSELF}), None)

    def can_replay(self, row: int) -> bool:
        """Whether the speech of this answer is still there."""
        return bool(self._recordings.of(row))

    def replay(self, row: int) -> None:
        """An answer's speech once more, while nothing else is going on."""
        if self._phase is not Phase.LISTENING or not self.can_replay(row):
            return
        self._turn = None
        self._mouth.repeat()
        for wave in self._recordings.of(row):
            self._mouth.play(wave)
        self._mouth.finish()
        self._enter(Phase.SPEAKING)

    def preview(self, words: str) -> None:
        """How answers sound now, while nothing else is going on. Nothing of it stays in the conversation."""
        if self._phase is not Phase.LISTENING:
            return
        self._turn = None
        self._mouth.begin()
        if self._mouth.takes_waves:
            self._turn = self._turns.rehearse()
            number = self._turn.number
            for order in (Begin(number), Read(number, words), Reply(number, words=words)):
                self._order(order)
        else:
            self._mouth.say(words)
            self._mouth.finish()
        self._enter(Phase.SPEAKING)

    def stop(self) -> None:
        """Whatever is going on ends now."""
        match self._phase:
            case Phase.LOADING:
                self._order(Unload())
            case Phase.HEARING | Phase.THINKING | Phase.SPEAKING:
                self._give_way()
                self._enter(Phase.LISTENING)
            case Phase.LISTENING | Phase.STOPPED:
                pass
            case _:
                assert_never(self._phase)

    def open(self, lines: Iterable[Line] = ()) -> None:
        """Another conversation in place of this one: an old one goes on, without lines a new one begins."""
        self._give_way()
        self._forget_rows(0)
        self._transcript.fill(lines)
        if self._phase.takes_questions:
            self._enter(Phase.LISTENING)
            self._order(self._beginning() or Forget())

    def notice(self, sentence: str) -> None:
        """Something the user must know, among the lines of the conversation."""
        self._transcript.add(Line(Who.NOTICE, datetime.now(), sentence))
        self.announced.emit(sentence)

    # What is heard and seen

    def take_speech(self, event: SpeechEvent) -> None:
        """Of a person before the microphone."""
        match event:
            case Stirred():
                self._mouth.duck(on=True)
            case Calmed():
                self._mouth.duck(on=False)
            case Started(block):
                self._start_hearing(block)
                self._mouth.duck(on=False)
            case Continued(block):
                self._hear(block)
            case Ended():
                self._end_hearing()
            case Paused() | Resumed():
                pass
            case _:
                assert_never(event)

    def take_frame(self, frame: Frame | None) -> None:
        """The newest of what is looked at; None while there is nothing to be seen."""
        self._frame = frame
        if self._phase is Phase.HEARING:
            self._see()

    def _start_hearing(self, block: Block) -> None:
        if self._phase not in {Phase.LISTENING, Phase.THINKING, Phase.SPEAKING}:
            return
        self._give_way()
        turn = self._begin(Line(Who.USER, datetime.now(), "", state=LineState.OPEN))
        turn.sound_began = block.time
        self._enter(Phase.HEARING)
        self._hear(block)
        self._see()

    def _hear(self, block: Block) -> None:
        if self._phase is Phase.HEARING and self._turn is not None and len(block.samples):
            self._turn.samples += len(block.samples)
            self._turn.peaks.append(float(np.abs(block.samples).max()))
            self._give(self._turn, Hear(self._turn.number, block.samples))

    def _see(self) -> None:
        """Frames are of the recording that sound has opened."""
        turn, frame = self._turn, self._frame
        if turn is None or turn.question is None or frame is None or not turn.samples:
            return
        at = max(0.0, frame.time - turn.sound_began)
        if turn.last_frame is not None and at - turn.last_frame < FRAME_SECONDS:
            return
        if turn.last_frame is None:
            self._transcript.attach(turn.question, _attach(frame))
        turn.last_frame = at
        self._give(turn, See(turn.number, frame.pixels, at))

    def _end_hearing(self) -> None:
        if self._phase is not Phase.HEARING or self._turn is None:
            return
        self._close_question(LineState.WHOLE)
        self._ask_for_reply(self._turn)

    def _close_question(self, state: LineState) -> None:
        """How long the user spoke is told once it is known."""
        turn = self._turn
        if turn is None or turn.question is None or self._phase is not Phase.HEARING:
            return
        seconds = max(1, round(turn.samples / HEARING_RATE))
        said = Attachment(
            Kind.SPEECH,
            translate("Conversation", "{seconds} s of speech").format(seconds=seconds),
            levels=thumbnails.of_sound(turn.peaks),
        )
        self._transcript.attach(turn.question, said)
        self._transcript.close(turn.question, state)

    # What the model tells

    def take_news(self, news: News) -> None:
        """Of turns that are over the door lets nothing through but Cut."""
        match news:
            case Ready():
                self._turns.forget_numbers()
                if (recall := self._beginning()) is not None:
                    self._order(recall)
                self._enter(Phase.LISTENING)
            case Said():
                self._say(news)
            case Voiced():
                self._voice(news)
            case Finished():
                self._finish(news)
            case Cut(number, text):
                self._cut(number, text)
            case Noticed(_, sentence):
                self.notice(sentence)
            case Failed():
                self._fail(news)
            case Loading():
                pass
            case _:
                assert_never(news)

    def model_comes(self) -> None:
        """It is being loaded, for the first time or again."""
        self._break_off()
        self._enter(Phase.LOADING)

    def model_goes(self) -> None:
        """There is none, and none is on its way."""
        self._break_off()
        self._enter(Phase.STOPPED)

    def drained(self) -> None:
        """The mouth has said all there was."""
        if self._phase is Phase.SPEAKING and (self._turn is None or self._turn.complete):
            self._enter(Phase.LISTENING)

    def _answering(self, number: int) -> Turn | None:
        """The turn, if it is this one and being answered."""
        turn = self._turn
        if turn is None or turn.number != number or self._phase not in {Phase.THINKING, Phase.SPEAKING}:
            return None
        return turn

    def _say(self, said: Said) -> None:
        turn = self._answering(said.turn)
        if turn is None or turn.question is None:
            return
        if turn.answer is None:
            turn.answer = self._transcript.add(Line(Who.MODEL, datetime.now(), "", state=LineState.OPEN))
        self._transcript.append(turn.answer, said.text)
        self._mouth.say(said.text)  # never before it can be read
        self._enter(Phase.SPEAKING)

    def _voice(self, voiced: Voiced) -> None:
        turn = self._answering(voiced.turn)
        if turn is not None:
            turn.spoken = True
            if turn.answer is not None:
                self._recordings.add(turn.answer, voiced.wave)
            self._mouth.play(voiced.wave)
            self._enter(Phase.SPEAKING)

    def _finish(self, finished: Finished) -> None:
        """The speech goes on after the last of it was given."""
        turn = self._answering(finished.turn)
        if turn is None:
            return
        turn.complete = True
        if turn.question is None:
            self._order(Rewind(turn.number))
            self._mouth.finish()
            return
        if turn.answer is None and not turn.spoken:
            self.notice(translate("Conversation", "The model gave no answer: ask again, or in other words."))
        if turn.answer is not None:
            self._transcript.close(turn.answer)
        if turn.spoken or (turn.answer is not None and self._mouth.has_words):
            self._mouth.finish()
            return
        self._mouth.hush()
        self.announced.emit(finished.text)
        self._enter(Phase.LISTENING)

    def _cut(self, number: int, text: str) -> None:
        row = self._turns.take_cut(number)
        if row is not None:
            self._transcript.cut(row, text)

    def _fail(self, failed: Failed) -> None:
        if failed.turn is not None and self._turn is not None and failed.turn != self._turn.number:
            return
        if failed.turn is not None and self._phase.can_be_stopped:
            self._break_off()
            self._enter(Phase.LISTENING)
        if self._phase is not Phase.LOADING:  # why it cannot be loaded is told where another one can be chosen
            self.notice(failed.sentence)

    # How a turn begins and ends

    def _begin(self, question: Line) -> Turn:
        return self._begin_at(self._transcript.add(question))

    def _begin_at(self, row: int) -> Turn:
        self._turn = self._turns.begin(row)
        self._order(Begin(self._turn.number))
        return self._turn

    def _give(self, turn: Turn, given: Given) -> None:
        turn.given.append(given)
        self._order(given)

    def _take_back(self, row: int, *, keeps: bool = False) -> bool:
        """Row and all after it were never said, but for the row itself if it `keeps`; whether that can be."""
        if not self._phase.takes_questions:
            self.notice(translate("Conversation", "There is no model to ask yet."))
            return False
        self._give_way()
        number = self._turns.number_of(row)
        before = self._transcript.lines[:row]
        self._forget_rows(row)
        self._transcript.truncate(row + keeps)
        if number is not None:
            self._order(Rewind(number))
        else:
            self._order(self._beginning(before) or Forget())
        return True

    def _forget_rows(self, row: int) -> None:
        self._recordings.cut(row)
        self._turns.forget_rows(row)

    def _ask_for_reply(self, turn: Turn) -> None:
        self._mouth.begin()
        self._order(Reply(turn.number, voiced=self._mouth.takes_waves))
        self._enter(Phase.THINKING)

    def _give_way(self) -> None:
        """Only what was heard of the reply counts; a question that was not over is forgotten."""
        turn = self._turn
        if turn is None:
            if self._phase is Phase.SPEAKING:
                self._mouth.hush()  # an answer that is heard once more
            return
        match self._phase:
            case Phase.HEARING:
                self._close_question(LineState.CUT)
                self._order(Cancel(turn.number))
            case Phase.THINKING | Phase.SPEAKING:
                self._silence(turn)
            case Phase.LOADING | Phase.LISTENING | Phase.STOPPED:
                pass
            case _:
                assert_never(self._phase)
        self._turn = None

    def _silence(self, turn: Turn) -> None:
        heard = self._mouth.hush()
        if turn.answer is not None:
            self._transcript.close(turn.answer, LineState.CUT)
            self._turns.await_cut(turn)
        audible = self._mouth.is_audible
        heard_text = self._mouth.heard_text if audible else None
        self._order(Cancel(turn.number, heard if audible else None, heard_text=heard_text))
        if turn.question is None:
            self._order(Rewind(turn.number))

    def _break_off(self) -> None:
        """Who should answer is gone: nothing is left to cancel."""
        self._close_question(LineState.BROKEN)
        if self._phase in {Phase.THINKING, Phase.SPEAKING}:
            self._mouth.hush()
            if self._turn is not None and self._turn.answer is not None:
                self._transcript.close(self._turn.answer, LineState.BROKEN)
        self._turn = None
        self._turns.await_nothing()

    def _beginning(self, lines: Iterable[Line] | None = None) -> Recall | None:
        """What a model that knows nothing of this conversation must be told."""
        exchanges = recollect(self._transcript.lines if lines is None else lines)
        return Recall(exchanges) if exchanges else None

    def _order(self, order: Order) -> None:
        self.order.emit(order)

    def _enter(self, phase: Phase) -> None:
        if phase is not self._phase:
            self._phase = phase
            self.phase_changed.emit(phase)


def _attach(shown: Path | Frame) -> Attachment:
    """As the transcript has it; what has no file is kept there as long as this conversation is open."""
    if isinstance(shown, Path):
        return Attachment(Kind.FILE, shown.name, shown)
    thumbnail = thumbnails.of_frame(shown.pixels)
    match shown.origin:
        case Origin.CAMERA:
            return Attachment(Kind.CAMERA, thumbnail=thumbnail)
        case Origin.SCREEN | Origin.WINDOW:
            return Attachment(Kind.SCREEN, thumbnail=thumbnail)
        case Origin.CLIPBOARD:
            return Attachment(Kind.PASTED, thumbnail=thumbnail, picture=shown)
        case _:
            assert_never(shown.origin)
