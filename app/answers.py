"""Answers while they are given: words are written, the voice is spoken and kept. Knows no question and no model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.interruption import Verdict
from app.recordings import Recordings, Wave
from app.saying import Mouth, Saying
from app.transcript import Line, LineState, Transcript, Who
from app.turns import Turn


@dataclass(frozen=True, slots=True)
class Heard:
    """How much of an answer: of its waves, or of its text where those do not tell it; nothing where nobody could."""

    seconds: float | None = None
    text: int | None = None


class Answers:
    """Of one turn after the other; what was spoken lately can be heard again by its row."""

    def __init__(self, transcript: Transcript, mouth: Mouth) -> None:
        self._transcript = transcript
        self._saying = Saying(mouth)
        self._recordings = Recordings()
        self._has_waves = False

    def choose_voice(self) -> bool:
        """Whether the one that is asked for now is spoken by the model's own waves; so it stays until it has come."""
        self._has_waves = self._saying.takes_waves
        return self._has_waves

    def begin(self) -> None:
        """The one that was asked for is about to come."""
        self._saying.begin(waves=self._has_waves)

    def say(self, turn: Turn, text: str) -> None:
        """More of its words, which are never said before they can be read."""
        if turn.question is None:
            return
        if turn.answer is None:
            turn.answer = self._transcript.add(Line(Who.MODEL, datetime.now(), "", state=LineState.OPEN))
        self._transcript.append(turn.answer, text)
        self._saying.say(text)

    def voice(self, turn: Turn, wave: Wave) -> None:
        """More of its voice."""
        turn.spoken = True
        if turn.answer is not None:
            self._recordings.add(turn.answer, wave)
        self._saying.play(wave)

    def finish(self, turn: Turn) -> bool:
        """That was all of it; whether some of it may still be heard."""
        turn.complete = True
        if turn.answer is not None:
            self._transcript.close(turn.answer)
        has_words = turn.answer is not None and self._saying.has_words
        if turn.question is None or turn.spoken or has_words:
            self._saying.finish()
            return True
        self._saying.hush()
        return False

    def give_way(self, verdict: Verdict) -> None:
        """To what may be an interruption, as far as the verdict on it goes."""
        match verdict:
            case Verdict.LOWER:
                self._saying.duck()
            case Verdict.HOLD:
                self._saying.hold()
            case Verdict.RISE:
                self._saying.rise()
            case Verdict.RESUME:
                self._saying.resume()
            case Verdict.NOTHING | Verdict.GIVE_WAY:
                pass

    def break_off(self, turn: Turn | None, state: LineState) -> Heard:
        """Silent at once; returns how much of its voice was heard."""
        seconds = self._saying.hush()
        if turn is not None and turn.answer is not None:
            self._transcript.close(turn.answer, state)
        return Heard(seconds, self._saying.heard_text) if self._saying.is_audible else Heard()

    def can_replay(self, row: int) -> bool:
        """Whether the speech of the answer in this row is still there."""
        return self._recordings.holds(row)

    def replay(self, row: int) -> None:
        """Speak it once more."""
        self._saying.repeat()
        for wave in self._recordings.of(row):
            self._saying.play(wave)
        self._saying.finish()

    def rehearse(self, words: str) -> None:
        """Speak these, which nobody wrote, without the model."""
        self._saying.begin(waves=False)
        self._saying.say(words)
        self._saying.finish()

    def forget_rows(self, row: int) -> None:
        """The lines from this row on are no more."""
        self._recordings.cut(row)
