"""How well a model does what the corpus asks, on sentences and voices it was never trained on. Knows no training.

The model is asked as a user would: through a session, with live sound, always the likeliest token.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

import numpy as np

from model.errors import never_cancelled
from model.loading import Placement
from model.omni import Omni
from model.protocol import Finished
from model.sampling import GREEDY
from model.session import Session, SessionSettings
from model.training.corpus.chance import chance, pick
from model.training.corpus.dialogues import Noise, Part, Speech, Text
from model.training.corpus.drawing import draw
from model.training.corpus.films import FPS, Film
from model.training.corpus.rooms import NOISES, Room, noise
from model.training.corpus.scenes import Scene
from model.training.corpus.sentences import spoken_words
from model.training.corpus.sounds import make
from model.training.corpus.speakers import RATE, Samples, check_makers
from model.training.shelves import Recorded, Shelf, Stream

_SEED = 20_000
"""Of everything that is asked; training's own seeds have other streams anyway."""
_MOST_TOKENS = 48
_QUIET = Room(snr=20.0, before=0.2, after=0.3)

Counted = tuple[int, int]
"""How many right or wrong, of how many."""


@dataclass(frozen=True, slots=True)
class Score:
    """One row of the table: what is counted in a reply beside the one that was wanted."""

    name: str
    count: Callable[[str, str], Counted]
    errors: bool = False
    """Whether errors are counted; else what is right."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is asked, and what is counted in the replies."""

    stream: Stream
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a score; `wrong` are the replies that were, as wanted and as written."""

    score: Score
    counted: int
    of: int
    wrong: tuple[tuple[str, str], ...]

    def line(self) -> str:
        """For the table."""
        kind = "errors" if self.score.errors else "right"
        share = 100 * self.counted / max(1, self.of)
        return f"{self.score.name:<48} {share:6.1f} % {kind} ({self.counted} of {self.of})"


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


def facts_found(written: str, wanted: str) -> Counted:
    """Of the facts in a description, those that were told."""
    return len(_facts(written) & _facts(wanted)), len(_facts(wanted))


def facts_invented(written: str, wanted: str) -> Counted:
    """Of the facts that were told, those that are not so."""
    return len(_facts(written) - _facts(wanted)), len(_facts(written))


def _facts(description: str) -> set[str]:
    told = description.strip().removeprefix("I see ").removesuffix(".")
    return {fact for fact in re.split(r", | and ", told) if fact}


MEASURES = (
    Measure(
        Stream("unseen-voices", ("transcribe",), "held-out", "espeak-ng"),
        (Score("word errors, unseen espeak-ng voices, 20 dB", word_errors, errors=True),),
    ),
    Measure(
        Stream("another-maker", ("transcribe",), "held-out", "flite"),
        (Score("word errors, an unseen flite voice, 20 dB", word_errors, errors=True),),
    ),
    Measure(Stream("nothing-said", ("silence",), "held-out"), (Score("silence, hum, music: nothing written", exact),)),
    Measure(Stream("sounds-named", ("sounds",), "held-out"), (Score("sounds named", exact),)),
    Measure(Stream("translated", ("translate",), "held-out"), (Score("translated exactly", exact),)),
    Measure(Stream("answered", ("answer",), "held-out"), (Score("answers without pictures", exact),)),
    Measure(Stream("kept", ("context",), "held-out"), (Score("context kept without pictures", exact),)),
    Measure(
        Stream("described", ("describe",), "held-out", shows=Scene),
        (Score("facts of pictures told", facts_found), Score("facts invented", facts_invented, errors=True)),
    ),
    Measure(Stream("seen", ("answer",), "held-out", shows=Scene), (Score("answers about pictures", exact),)),
    Measure(Stream("followed", ("context",), "held-out", shows=Scene), (Score("context kept about pictures", exact),)),
    Measure(Stream("filmed", ("video",), "held-out", shows=Film), (Score("questions about films", exact),)),
    Measure(Stream("absent", ("unknown",), "held-out", shows=Scene), (Score("absence admitted", exact),)),
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
        asked = [shelf.recorded(index) for index in range(count)]
        replies = [(_last_reply(omni, recorded), recorded.dialogue.turns[-1].reply) for recorded in asked]
        yield from (_counted(score, replies) for score in measure.scores)


def _counted(score: Score, replies: list[tuple[str, str]]) -> Result:
    counts = [score.count(written, wanted) for written, wanted in replies]
    wrong = tuple(
        (wanted, written)
        for (written, wanted), (points, of) in zip(replies, counts, strict=True)
        if points != (0 if score.errors else of)
    )
    return Result(score, sum(points for points, _ in counts), sum(of for _, of in counts), wrong)


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
        case Scene():
            session.see(draw(part, rng, width=168, height=168))
        case Film():
            _show(session, part, rng)
        case _:
            assert_never(part)


def _show(session: Session, film: Film, rng: np.random.Generator) -> None:
    """As a camera and a microphone would, while it happens."""
    frames, samples = film.frames(rng), film.samples(rng)
    step = round(RATE / FPS)
    for number, frame in enumerate(frames):
        session.see(frame, number / FPS)
        session.hear(samples[number * step : (number + 1) * step])
    session.close_clip()


def _noise(part: Noise, rng: np.random.Generator) -> Samples:
    """A named sound at 20 dB over noise, or two seconds of nothing else than a room."""
    if part.sound is not None:
        return _QUIET.hear(make(part.sound, 1.5, rng), rng)
    level = np.float32(10 ** (rng.uniform(-60.0, -20.0) / 20))
    return np.asarray(np.clip(noise(pick(rng, NOISES), 2 * RATE, rng) * level, -1.0, 1.0), np.float32)
