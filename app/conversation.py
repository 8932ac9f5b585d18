"""The one state machine of a turn: what happens becomes commands, lines, a phase. Knows no device, link or widget."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QObject, Signal

from app.answers import Answers
from app.interruption import AFTER_STOP, Interruption, Verdict
from app.phase import Phase
from app.saying import Mouth
from app.senses import Block, Ended, Frame, SpeechEvent, Started, Stirred, Word
from app.shown import attach, what_is_lost
from app.spoken_question import SpokenQuestion
from app.transcript import Line, LineState, Transcript, Who
from app.turns import Turn, Turns
from app.words import translate
from model.protocol import Cut, Failed, Finished, Loading, News, Noticed, Ready, Reply, Said, Tried, Unload, Voiced


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
        self._answers = Answers(transcript, mouth)
        self._phase = Phase.STOPPED
        self._turns = Turns(self.order.emit)
        self._turn: Turn | None = None
        """The latest, until it has given way."""
        self._question: SpokenQuestion | None = None
        """While it is spoken: in the phase HEARING."""
        self._interruption: Interruption | None = None
        """What is said while nothing is asked; None once it became a question."""
        self._frame: Frame | None = None
        self._asked = 0.0
        """When the latest question was over: what was said before it breaks into no answer to it."""

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
        self.give_way()
        if not shown and self._frame is not None:
            shown = [self._frame]
        self._show(Line(Who.USER, datetime.now(), text, tuple(map(attach, shown))), shown, text)

    def remark(self, before: Frame, after: Frame, wish: str) -> None:
        """What the model has to say on a change that nobody asked about; only where nothing is going on."""
        if self._phase is not Phase.LISTENING:
            return
        self.give_way()
        seen = (
            replace(attach(before), name=translate("Conversation", "before")),
            replace(attach(after), name=translate("Conversation", "after")),
        )
        words = translate("Conversation", "The picture has changed.")
        self._show(Line(Who.ITSELF, datetime.now(), words, seen), (before, after), wish)

    def _show(self, question: Line, shown: Sequence[Path | Frame], text: str) -> None:
        turn = self._begin(self._transcript.add(question))
        self._turns.show(turn, shown, text)
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
            self._ask_kept(row)
        elif self._take_back(row, keeps=True):
            turn = self._begin(row)
            self._turns.give_again(turn, given)
            self._ask_for_reply(turn)

    def _ask_kept(self, row: int) -> None:
        """Of what is kept of it; where that is too little the line stays as it is."""
        line = self._transcript.line(row)
        if lacks := what_is_lost(line):
            self.notice(lacks)
        else:
            self.ask_again(row, line.text, [item.shown for item in line.attachments if item.shown is not None])

    def _last_question(self) -> int | None:
        rows = reversed(range(self._transcript.rowCount()))
        return next((row for row in rows if self._transcript.line(row).who in {Who.USER, Who.ITSELF}), None)

    def can_replay(self, row: int) -> bool:
        """Whether the speech of this answer is still there."""
        return self._answers.can_replay(row)

    def replay(self, row: int) -> None:
        """An answer's speech once more, while nothing else is going on."""
        if self._phase is not Phase.LISTENING or not self.can_replay(row):
            return
        self._turn = None
        self._answers.replay(row)
        self._enter(Phase.SPEAKING)

    def preview(self, words: str) -> None:
        """How answers sound now, while nothing else is going on. Nothing of it stays in the conversation."""
        if self._phase is not Phase.LISTENING:
            return
        self._turn = None
        if self._answers.choose_voice():
            self._answers.begin()
            self._turn = self._turns.rehearse(words)
        else:
            self._answers.rehearse(words)
        self._enter(Phase.SPEAKING)

    def stop(self) -> None:
        """Whatever is going on ends now."""
        if self._phase is Phase.LOADING:
            self.order.emit(Unload())
        elif self._phase.can_be_stopped:
            self.give_way()
            self._interruption = None
            self._enter(Phase.LISTENING)

    def give_way(self) -> None:
        """What is going on ends: only what was heard of a reply counts; a question that was not over is forgotten."""
        turn = self._turn
        if turn is None and self._phase.is_answer:
            self._answers.break_off(None, LineState.CUT)  # of one that is heard once more
        if turn is None:
            return
        if self._question is not None:
            self._drop_question(LineState.CUT)
            self._turns.cancel(turn)
        elif self._phase.is_answer:
            self._silence(turn)
        self._turn = None

    def open(self, lines: Iterable[Line] = ()) -> None:
        """Another conversation in place of this one: an old one goes on, without lines a new one begins."""
        self.give_way()
        self._answers.forget_rows(0)
        self._turns.forget_rows(0)
        self._transcript.fill(lines)
        if self._phase.takes_questions:
            self._enter(Phase.LISTENING)
            self._turns.open(self._transcript.lines)

    def notice(self, sentence: str) -> None:
        """Something the user must know, among the lines of the conversation."""
        self._transcript.add(Line(Who.NOTICE, datetime.now(), sentence))
        self.announced.emit(sentence)

    # What is heard and seen

    def take_speech(self, event: SpeechEvent) -> None:
        """Of a person before the microphone."""
        if self._question is not None and isinstance(event, Ended):
            self._end_hearing(self._question, event.time)
        elif self._question is not None:
            self._question.take(event)
        elif isinstance(event, Started) and event.meant:
            self._start_hearing(event.block)
        else:
            self._weigh(event)

    def take_frame(self, frame: Frame | None) -> None:
        """The newest of what is looked at; None while there is nothing to be seen."""
        self._frame = frame
        self._see()

    def take_stop(self, said: float) -> None:
        """A word was spotted that always stops an answer; what is said after it may be a question all the same.

        `said` is when it was over: spotted late, it may be of an answer before, which is over too.
        """
        if self._phase.is_answer and said > self._asked:
            if self._interruption is not None:
                self._interruption.stop()
            self.give_way()
            self._enter(Phase.LISTENING)
        elif self._question is not None:
            self._question.mark_stop(said)

    def take_word(self, word: Word, said: float) -> None:
        """What was recognised of what is being said, or was said until then."""
        if word is Word.STOP:
            self.take_stop(said)
        elif self._interruption is not None:
            self._interruption.nod(on=word is Word.NOD)

    def _weigh(self, event: SpeechEvent) -> None:
        """Whether an answer gives way to what is said; where there is none, whoever speaks is heard."""
        if isinstance(event, Stirred):
            self._interruption = Interruption(event.time)
        if self._interruption is None or not self._phase.takes_questions:
            return
        verdict = self._interruption.take(event, answering=self._phase.is_answer)
        if verdict is Verdict.GIVE_WAY:
            self._start_hearing(self._interruption.block)
        else:
            self._answers.give_way(verdict)

    def _start_hearing(self, block: Block) -> None:
        if not self._phase.takes_questions:
            return
        breaks_in = self._phase.is_answer
        self.give_way()
        row = self._transcript.add(Line(Who.USER, datetime.now(), "", state=LineState.OPEN))
        turn = self._begin(row)
        turn.sound_began = block.time
        self._question = SpokenQuestion(
            turn, row, self._transcript, self.order.emit, self._order_reply, breaks_in=breaks_in
        )
        self._interruption = None
        self._enter(Phase.HEARING)
        self._question.take(Started(block))
        self._see()

    def _see(self) -> None:
        if self._question is not None and self._frame is not None:
            self._question.see(self._frame)

    def _end_hearing(self, question: SpokenQuestion, over: float) -> None:
        if question.is_a_stop(AFTER_STOP):
            self._drop_stop(question)
            return
        self._question, self._asked = None, over
        known = list(question.end())
        self._answers.begin()
        self._enter(Phase.THINKING)
        for news in known:
            self.take_news(news)

    def _drop_stop(self, question: SpokenQuestion) -> None:
        """Nothing was asked: its line goes, what was noticed meanwhile stays."""
        self.give_way()
        noticed = self._transcript.lines[question.row + 1 :]
        self._transcript.truncate(question.row)
        self._turns.take_back(question.row)
        for line in noticed:
            self._transcript.add(line)
        self._enter(Phase.LISTENING)

    # What the model tells

    def take_news(self, news: News) -> None:
        """Of turns that are over the door lets nothing through but Cut."""
        match news:
            case Ready():
                self._turns.meet(self._transcript.lines)
                self._enter(Phase.LISTENING)
            case Said() | Voiced() | Finished():
                self._take_reply(news)
            case Cut(number, text):
                self._cut(number, text)
            case Noticed(_, sentence):
                self.notice(sentence)
            case Failed():
                self._fail(news)
            case Loading() | Tried():
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

    def _take_reply(self, news: Said | Voiced | Finished) -> None:
        turn = self._turn
        if self._question is not None:
            self._question.keep(news)
        elif turn is not None and turn.number == news.turn and self._phase.is_answer:
            match news:
                case Said(_, text):
                    self._answers.say(turn, text)
                    self._enter(Phase.SPEAKING)
                case Voiced(_, wave):
                    self._answers.voice(turn, wave)
                    self._enter(Phase.SPEAKING)
                case Finished(_, _, text):
                    self._finish(turn, text)

    def _finish(self, turn: Turn, text: str) -> None:
        """The speech goes on after the last of it was given."""
        if turn.question is None:
            self._turns.unsay(turn)
        elif turn.answer is None and not turn.spoken:
            self.notice(translate("Conversation", "The model gave no answer: ask again, or in other words."))
        if not self._answers.finish(turn):
            self.announced.emit(text)
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

    def _begin(self, row: int) -> Turn:
        self._turn = self._turns.begin(row)
        return self._turn

    def _take_back(self, row: int, *, keeps: bool = False) -> bool:
        """Row and all after it were never said, but for the row itself if it `keeps`; whether that can be."""
        if not self._phase.takes_questions:
            self.notice(translate("Conversation", "There is no model to ask yet."))
            return False
        self.give_way()
        before = self._transcript.lines[:row]
        self._answers.forget_rows(row)
        self._transcript.truncate(row + keeps)
        self._turns.go_back(row, before)
        return True

    def _ask_for_reply(self, turn: Turn) -> None:
        self._asked = time.monotonic()
        self._order_reply(turn)
        self._answers.begin()
        self._enter(Phase.THINKING)

    def _order_reply(self, turn: Turn) -> None:
        self.order.emit(Reply(turn.number, voiced=self._answers.choose_voice()))

    def _drop_question(self, state: LineState) -> None:
        question, self._question = self._question, None
        if question is not None:
            question.drop(state)

    def _silence(self, turn: Turn) -> None:
        heard = self._answers.break_off(turn, LineState.CUT)
        self._turns.cancel(turn, heard.seconds, heard.text)
        if turn.question is None and not turn.complete:  # of one that is complete the model knows nothing any more
            self._turns.unsay(turn)

    def _break_off(self) -> None:
        """Who should answer is gone: nothing is left to cancel."""
        self._drop_question(LineState.BROKEN)
        if self._phase.is_answer:
            self._answers.break_off(self._turn, LineState.BROKEN)
        self._turn = None
        self._turns.await_nothing()

    def _enter(self, phase: Phase) -> None:
        if phase is not self._phase:
            self._phase = phase
            self.phase_changed.emit(phase)
