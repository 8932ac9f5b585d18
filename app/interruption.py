"""What breaks into an answer, or would: whether it is meant, or a cough, a nod, a hum. Knows no mouth and no model.

Nobody can know at its first sound. So an answer is lowered at once, held when the sound lasts, and given up only once
it has lasted as long as words do; if it ends before, the answer goes on. All that was said until then is kept. A hum
only lowers it; what a recogniser takes for a nod may last longer, and is over sooner.
"""

from __future__ import annotations

from enum import Enum, auto

import numpy as np

from app.senses import Block, Calmed, Continued, Ended, Paused, Resumed, SpeechEvent, Started, Stirred
from app.steadiness import is_hum, is_steady
from model.protocol import HEARING_RATE

HELD = 0.18
"""Seconds of voice after which an answer is silent, six blocks: coughs, knocks and most nods are shorter."""
MEANT = 0.7
"""Seconds of voice that mean something: a spoken nod ("yeah", "mm-hmm", "okay") is shorter, a sentence longer."""
AFTER_STOP = 0.9
"""The same of what follows on a word that stops in one breath: "please", or the rest of "stop talking", is none."""
NOD = 1.1
"""Seconds of voice up to which what is recognised as a nod is one: "yeah, yeah, okay"."""
OVER = 0.3
"""Seconds of silence after which it was nothing: longer than gaps between words, and than a spotted word is late."""
NOD_OVER = 0.03
"""The same of what is recognised as a nod, beside the pause that tells of it."""
BEFORE = 0.3
"""Seconds kept of what was before a voice that comes back."""
RECENT = 64
"""Blocks of which it is judged whether a sound is steady: one that goes on must not cost more and more."""


class Verdict(Enum):
    """What becomes of the answer."""

    NOTHING = auto()
    LOWER = auto()
    HOLD = auto()
    RISE = auto()
    """It was nothing: as if it had not been."""
    RESUME = auto()
    """It was nothing, but took its time."""
    GIVE_WAY = auto()
    """Somebody speaks, and is to be heard from `block` on."""


class Stage(Enum):
    """How far it is."""

    HEARD = auto()
    SILENT = auto()
    """Since a moment: it may go on, or have been nothing."""
    NOTHING = auto()
    """It came to nothing; the utterance is not over yet, so that its voice may come back."""


class Interruption:
    """One utterance, from Stirred to its end. It is told every event, whether anything is being said or not."""

    def __init__(self, began: float) -> None:
        self._began = began
        self._stage = Stage.HEARD
        self._blocks: list[Block] = []
        self._voiced = self._silent = 0.0
        self._stopped = self._nods = False

    @property
    def block(self) -> Block:
        """All that was said of it, once it has started."""
        return Block(np.concatenate([block.samples for block in self._blocks]), self._blocks[0].time)

    def stop(self) -> None:
        """A word that stops the answer was spotted in it: what follows must mean something by itself."""
        self._stopped, self._voiced = True, 0.0

    def nod(self, *, on: bool) -> None:
        """What was said so far is recognised as nothing but a nod, or no longer."""
        self._nods = on

    def take(self, event: SpeechEvent, *, answering: bool) -> Verdict:
        """What the event does to the answer; where none is given, whoever speaks is heard at once."""
        match event:
            case Stirred():
                return Verdict.LOWER
            case Started(block):
                self._blocks = [block]
                self._voiced = block.time + _seconds(block) - self._began
                return self._weigh(answering=answering)
            case Continued(block) if self._blocks:
                self._blocks.append(block)
                return self._go_on(_seconds(block), answering=answering)
            case Paused() if self._blocks:
                self._stage, self._silent = Stage.SILENT, 0.0
            case Resumed() if self._blocks:
                self._stage = Stage.HEARD
                return Verdict.LOWER
            case Calmed() | Ended() if self._stage is not Stage.NOTHING:
                return self._settle()
        return Verdict.NOTHING

    def _go_on(self, seconds: float, *, answering: bool) -> Verdict:
        match self._stage:
            case Stage.HEARD:
                self._voiced += seconds
                return self._weigh(answering=answering)
            case Stage.SILENT:
                self._silent += seconds
                return self._settle() if self._silent >= (NOD_OVER if self._nods else OVER) else Verdict.NOTHING
            case Stage.NOTHING:
                del self._blocks[: -max(1, round(BEFORE / seconds))]
                return Verdict.NOTHING

    def _weigh(self, *, answering: bool) -> Verdict:
        if not (answering or self._stopped):
            return Verdict.GIVE_WAY
        if self._voiced < HELD:
            return Verdict.NOTHING
        recent = np.concatenate([block.samples for block in self._blocks[-RECENT:]])
        if self._voiced >= self._least() and not is_steady(recent):
            return Verdict.GIVE_WAY
        return Verdict.NOTHING if is_hum(recent) else Verdict.HOLD

    def _least(self) -> float:
        """Seconds of voice that mean something now."""
        return AFTER_STOP if self._stopped else NOD if self._nods else MEANT

    def _settle(self) -> Verdict:
        verdict = Verdict.RESUME if self._voiced >= MEANT else Verdict.RISE
        self._stage, self._voiced, self._stopped = Stage.NOTHING, 0.0, False
        return verdict


def _seconds(block: Block) -> float:
    return len(block.samples) / HEARING_RATE
