"""How well a model does what the corpus asks, on sentences and voices it was never trained on. Knows no training.

The model is asked as a user would: through a session, with live sound, always the likeliest token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.errors import never_cancelled
from model.loading import Placement
from model.omni import Omni
from model.protocol import Finished
from model.sampling import GREEDY
from model.session import Session, SessionSettings
from model.training.corpus.chance import chance, pick
from model.training.corpus.dialogues import Noise, Part, Speech, Text
from model.training.corpus.rooms import NOISES, Room, noise
from model.training.corpus.sentences import spoken_words
from model.training.corpus.sounds import make
from model.training.corpus.speakers import RATE, Samples, check_makers
from model.training.shelves import Recorded, Shelf, Stream

_SEED = 20_000
"""Of everything that is asked; training's own seeds have other streams anyway."""
_MOST_TOKENS = 48
_QUIET = Room(snr=20.0, before=0.2, after=0.3)

Score = Callable[[str, str], tuple[int, int]]
"""What was written and what was wanted -> how many right or wrong, of how many."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table."""

    name: str
    stream: Stream
    score: Score
    share_of_errors: bool
    """Whether the score counts errors; else it counts what is right."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a measure; `wrong` are the replies that were wrong, as wanted and as written."""

    name: str
    counted: int
    of: int
    share_of_errors: bool
    wrong: tuple[tuple[str, str], ...]

    def line(self) -> str:
        """For the table."""
        kind = "errors" if self.share_of_errors else "right"
        return f"{self.name:<48} {100 * self.counted / max(1, self.of):6.1f} % {kind} ({self.counted} of {self.of})"


def word_errors(written: str, wanted: str) -> tuple[int, int]:
    """Words to change, leave out or put in until both are the same, of the words wanted."""
    found, right = spoken_words(written), spoken_words(wanted)
    row = list(range(len(right) + 1))
    for index, word in enumerate(found, 1):
        previous, row[0] = row[0], index
        for place, other in enumerate(right, 1):
            previous, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, previous + (word != other))
    return row[-1], len(right)


def exact(written: str, wanted: str) -> tuple[int, int]:
    """One if it is the same to the last sign."""
    return int(written.strip() == wanted), 1


MEASURES = (
    Measure(
        "word errors, unseen espeak-ng voices, 20 dB",
        Stream("unseen-voices", ("transcribe",), "held-out", "espeak-ng"),
        word_errors,
        share_of_errors=True,
    ),
    Measure(
        "word errors, an unseen flite voice, 20 dB",
        Stream("another-maker", ("transcribe",), "held-out", "flite"),
        word_errors,
        share_of_errors=True,
    ),
    Measure(
        "silence, hum and music: nothing written",
        Stream("nothing-said", ("silence",), "held-out"),
        exact,
        share_of_errors=False,
    ),
    Measure("sounds named", Stream("sounds-named", ("sounds",), "held-out"), exact, share_of_errors=False),
    Measure("translated exactly", Stream("translated", ("translate",), "held-out"), exact, share_of_errors=False),
    Measure("context kept (without pictures)", Stream("kept", ("context",), "held-out"), exact, share_of_errors=False),
    Measure("answers (without pictures)", Stream("answered", ("answer",), "held-out"), exact, share_of_errors=False),
)


def evaluate(
    folder: Path, speech: Path, count: int, placement: Placement, check: Callable[[], None] = never_cancelled
) -> Iterator[Result]:
    """Rows of the table as they are known, of `count` conversations each; `speech` keeps what was synthesised.

    SightlineError where a synthesiser is missing, CheckpointError for what is no model.
    """
    check_makers()
    omni = Omni.load(folder, placement, speaks=False)
    for measure in MEASURES:
        shelf = Shelf(speech, measure.stream, _SEED, check)
        yield _measured(omni, measure, (shelf.recorded(index) for index in range(count)))


def _measured(omni: Omni, measure: Measure, conversations: Iterator[Recorded]) -> Result:
    counted = total = 0
    wrong: list[tuple[str, str]] = []
    for recorded in conversations:
        wanted = recorded.dialogue.turns[-1].reply
        written = _last_reply(omni, recorded)
        points, of = measure.score(written, wanted)
        counted, total = counted + points, total + of
        if bool(points) == measure.share_of_errors:
            wrong.append((wanted, written))
    return Result(measure.name, counted, total, measure.share_of_errors, tuple(wrong))


def _last_reply(omni: Omni, recorded: Recorded) -> str:
    session = Session(omni, SessionSettings(thinker=GREEDY, max_tokens=_MOST_TOKENS))
    waves, rng = iter(recorded.waves), chance(_SEED, "room", recorded.dialogue.skill, recorded.index)
    written = ""
    for turn in recorded.dialogue.turns:
        for part in turn.parts:
            _give(session, part, waves, rng)
        written = next(event.text for event in session.reply() if isinstance(event, Finished))
    return written


def _give(session: Session, part: Part, waves: Iterator[Samples], rng: np.random.Generator) -> None:
    match part:
        case Text(text):
            session.read(text)
        case Speech():
            session.hear(_QUIET.hear(next(waves), rng))
            session.close_clip()
        case Noise():
            session.hear(_noise(part, rng))
            session.close_clip()
        case _:
            raise TypeError(f"a {type(part).__name__} cannot be asked about yet")


def _noise(part: Noise, rng: np.random.Generator) -> Samples:
    """A named sound at 20 dB over noise, or two seconds of nothing else than a room."""
    if part.sound is not None:
        return _QUIET.hear(make(part.sound, 1.5, rng), rng)
    level = np.float32(10 ** (rng.uniform(-60.0, -20.0) / 20))
    return np.asarray(np.clip(noise(pick(rng, NOISES), 2 * RATE, rng) * level, -1.0, 1.0), np.float32)
