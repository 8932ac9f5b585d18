"""Answers while they are given: words are written, the voice is spoken and kept. Knows no question and no model."""

from __future__ import annotations

from datetime import datetime

from app.interruption import Verdict
from app.recordings import Recordings, Wave
from app.saying import Mouth, Saying
from app.transcript import Line, LineState, Transcript, Who
from app.turns import Turn


class Answers:
    """Of one turn after the other; what was spoken lately can be heard again by its row."""

    def __init__(self, transcript: Transcript, mouth: Mouth) -> None:
        self._transcript = transcript
        self._saying = Saying(mouth)
        self._recordings = Recordings()

    def begin(self) -> None:
        """One is about to come."""
        self._saying.begin()

    def say(self, turn: Turn, text: str) -> None:
        """More of its words."""
        if turn.answer is None:
            turn.answer = self._transcript.add(Line(Who.MODEL, datetime.now(), "", state=LineState.OPEN))
        self._transcript.append(turn.answer, text)

    def voice(self, turn: Turn, wave: Wave) -> None:
        """More of its voice."""
        turn.spoken = True
        if turn.answer is not None:
            self._recordings.add(turn.answer, wave)
        self._saying.play(wave)

    def finish(self, turn: Turn) -> None:
        """That was all of it; what is spoken goes on."""
        turn.complete = True
        if turn.answer is not None:
            self._transcript.close(turn.answer)
        if turn.spoken:
            self._saying.finish()
        else:
            self._saying.hush()

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

    def break_off(self, turn: Turn | None, state: LineState) -> float | None:
        """Silent at once; returns how many seconds of its voice were heard, None where nobody could hear any."""
        heard = self._saying.hush()
        if turn is not None and turn.answer is not None:
            self._transcript.close(turn.answer, state)
        return heard if self._saying.is_audible else None

    def can_replay(self, row: int) -> bool:
        """Whether the speech of the answer in this row is still there."""
        return bool(self._recordings.of(row))

    def replay(self, row: int) -> None:
        """Speak it once more."""
        self._saying.begin()
        for wave in self._recordings.of(row):
            self._saying.play(wave)
        self._saying.finish()

    def forget_rows(self, row: int) -> None:
        """The lines from this row on are no more."""
        self._recordings.cut(row)
