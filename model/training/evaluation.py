"""How well a model does what the corpus asks, on sentences and voices it was never trained on. Knows no training.

The model is asked as a user would: through a session that keeps as much in mind as its folder's note says, with live
sound, always the likeliest token.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

import numpy as np

from model.clip import Part as Laid
from model.clip import SoundTokens
from model.errors import never_cancelled
from model.omni import Omni
from model.pictures import Pixels
from model.positions import TICKS_A_SECOND
from model.protocol import Finished
from model.sampling import GREEDY
from model.session import Session, SessionSettings
from model.training.corpus.chance import chance, pick
from model.training.corpus.dialogues import Noise, Part, Speech, Text, Watched, belated, lasting
from model.training.corpus.drawing import draw
from model.training.corpus.films import FPS, Film
from model.training.corpus.rooms import NOISES, Room, noise
from model.training.corpus.scenes import Scene
from model.training.corpus.sounds import make
from model.training.corpus.speakers import RATE, Samples, check_makers, installed
from model.training.scores import Gap, Result, Score, exact, facts_found, facts_invented, inexact, word_errors
from model.training.shelves import Recorded, Shelf, Stream

QUICKLY = 16
"""Conversations a row where the whole table may take three minutes."""
_SEED = 20_000
"""Of everything that is asked; training's own seeds have other streams anyway."""
_MOST_TOKENS = 64
_TURNS_BETWEEN, _TURNS_BEFORE = 240, 60
_QUIET = Room(snr=20.0, before=0.2, after=0.3)


@dataclass(frozen=True, slots=True)
class Measure:
    """What is asked, and what is counted in the replies."""

    stream: Stream
    scores: tuple[Score, ...]
    times: float = 1.0
    """How many more conversations than others."""
    scrambled: bool = False
    """Whether the sound's position ids are shuffled, and nothing else: to be held beside the same unshuffled."""


_TYPED, _SPOKEN = "answers to typed questions", "the same questions spoken"
_TYPED_SEEN, _SPOKEN_SEEN = "typed questions about pictures", "the same questions spoken, about pictures"
_IN_TIME, _OUT_OF_TIME = "films: what was there at a sound", "the same with the sound's positions shuffled"
_HEARD = Score("word errors, unseen espeak-ng voices, 20 dB", word_errors, 5.0, "errors")
_ANSWERED = Stream("answered", ("answer",), "held-out")
_SEEN = Stream("seen", ("answer",), "held-out", shows=Scene)
_COINCIDENCE = Stream("what coincided", ("video",), "held-out", shows=Film, replies="was there")
BELATED = Stream("shown late", (), "held-out", make=lambda rng: belated(rng, "held-out", _TURNS_BEFORE))
LATE = Stream("asked late", (), "held-out", make=lambda rng: lasting(rng, "held-out", _TURNS_BETWEEN))
"""More than 4,096 tokens each."""
MEASURES = (
    Measure(Stream("unseen-voices", ("transcribe",), "held-out", "espeak-ng"), (_HEARD,)),
    Measure(
        Stream("another-maker", ("transcribe",), "held-out", "flite"),
        (Score("word errors, an unseen flite voice, 20 dB", word_errors, 15.0, "errors"),),
    ),
    Measure(
        Stream("a-third-maker", ("transcribe",), "held-out", "festival"),
        (Score("word errors, festival, 20 dB", word_errors, 15.0, "errors"),),
    ),
    Measure(
        Stream("nothing-said", ("silence",), "held-out"),
        (Score("2 s of room, hum, music: something written", inexact, 1.0, "errors"),),
        times=1.5,
    ),
    Measure(Stream("sounds-named", ("sounds",), "held-out"), (Score("sounds named", exact, 90.0),)),
    Measure(
        Stream("described", ("describe",), "held-out", shows=Scene),
        (
            Score("facts of pictures told", facts_found, 95.0),
            Score("facts of pictures invented", facts_invented, 2.0, "errors"),
        ),
    ),
    Measure(
        Stream("what moved", ("video",), "held-out", shows=Film, replies="moved to"),
        (Score("films: what moved where", exact, 90.0),),
    ),
    Measure(_COINCIDENCE, (Score(_IN_TIME, exact, 90.0),)),
    Measure(_COINCIDENCE, (Score(_OUT_OF_TIME, exact, 0.0),), scrambled=True),
    Measure(replace(_ANSWERED, form=Text), (Score(_TYPED, exact, 95.0),)),
    Measure(replace(_ANSWERED, form=Speech), (Score(_SPOKEN, exact, 92.0),)),
    Measure(replace(_SEEN, form=Text), (Score(_TYPED_SEEN, exact, 95.0),)),
    Measure(replace(_SEEN, form=Speech), (Score(_SPOKEN_SEEN, exact, 92.0),)),
    Measure(replace(_SEEN, form=Watched), (Score("the same asked before the camera", exact, 92.0),)),
    Measure(Stream("translated", ("translate",), "held-out"), (Score("translated exactly", exact, 95.0),)),
    Measure(Stream("kept", ("context",), "held-out"), (Score("context kept without pictures", exact, 90.0),)),
    Measure(
        Stream("followed", ("context",), "held-out", shows=Scene),
        (Score("context kept about pictures", exact, 90.0),),
    ),
    Measure(BELATED, (Score("a picture shown behind sixty turns of other talk", exact, 90.0),), times=0.5),
    Measure(LATE, (Score("a picture asked about 4,096 tokens later", exact, 90.0),), times=0.125),
    Measure(Stream("absent", ("unknown",), "held-out", shows=Scene), (Score("says what is not there", exact, 90.0),)),
    Measure(
        Stream("untold", ("answer",), "held-out", replies="^I do not know"),
        (Score("says that it does not know", exact, 90.0),),
    ),
)
_GAPS = (
    (_TYPED, _SPOKEN, "questions: typed against spoken", 3.0, False),
    (_TYPED_SEEN, _SPOKEN_SEEN, "about pictures: typed against spoken", 3.0, False),
    (_IN_TIME, _OUT_OF_TIME, "films: the sound's positions shuffled", 30.0, True),
)
"""What is asked in two ways, points that may be lost from one to the other, and whether they must be instead."""


def evaluate(
    omni: Omni, speech: Path, count: int, check: Callable[[], None] = never_cancelled
) -> Iterator[Result | Gap]:
    """Rows of the table as they are known, of `count` conversations each; `speech` keeps what was synthesised.

    What festival says is asked only where festival is; SightlineError where another synthesiser is missing.
    """
    check_makers()
    known: dict[str, Result] = {}
    for measure in MEASURES:
        if measure.stream.maker is not None and not installed(measure.stream.maker):
            continue
        replies = asked_and_replied(omni, speech, measure, round(measure.times * count), check)
        for score in measure.scores:
            known[score.name] = Result.of_replies(score, replies)
            if not measure.scrambled:
                yield known[score.name]
    yield from (Gap(name, known[first], known[second], bar, wanted) for first, second, name, bar, wanted in _GAPS)


def asked_and_replied(
    omni: Omni, speech: Path, measure: Measure, count: int, check: Callable[[], None] = never_cancelled
) -> list[tuple[str, str]]:
    """What a model that is loaded writes in so many conversations, each beside what is wanted."""
    shelf = Shelf(speech, measure.stream, _SEED, check)
    asked = [shelf.recorded(index) for index in range(count)]
    return [(_last_reply(omni, measure, recorded), recorded.dialogue.turns[-1].reply) for recorded in asked]


class _Scrambled(Session):
    """A session in which tokens of sound have the position ids of others; only the last keeps its own.

    So all that follows stands where it would.
    """

    def __init__(self, omni: Omni, settings: SessionSettings, tokens: int, rng: np.random.Generator) -> None:
        """`tokens` is how many of sound the one clip has."""
        self._places = [*rng.permutation(tokens - 1).tolist(), tokens - 1]
        super().__init__(omni, settings)

    def _lay(self, parts: Iterator[Laid]) -> None:
        super()._lay(self._scrambled(parts))

    def _scrambled(self, parts: Iterator[Laid]) -> Iterator[Laid]:
        for part in parts:
            if isinstance(part, SoundTokens):
                for number, token in enumerate(part.tokens.split(1), part.first):
                    yield SoundTokens(self._places[number], token)
            else:
                yield part


def _session(omni: Omni, measure: Measure, recorded: Recorded) -> Session:
    settings = replace(SessionSettings.noted(omni.checkpoint.note), thinker=GREEDY, max_tokens=_MOST_TOKENS)
    if not measure.scrambled:
        return Session(omni, settings)
    (seconds,) = (part.seconds for turn in recorded.dialogue.turns for part in turn.parts if isinstance(part, Film))
    return _Scrambled(
        omni, settings, round(seconds * TICKS_A_SECOND), chance(_SEED, measure.stream.name, recorded.index)
    )


def _last_reply(omni: Omni, measure: Measure, recorded: Recorded) -> str:
    session = _session(omni, measure, recorded)
    waves, rng = iter(recorded.waves), chance(_SEED, "room", recorded.dialogue.skill, recorded.index)
    written = ""
    for turn in recorded.dialogue.turns:
        for part in turn.parts:
            _give(session, part, waves, rng, faint=recorded.dialogue.skill == "silence")
        written = next(event.text for event in session.reply() if isinstance(event, Finished))
    return written


def _give(session: Session, part: Part, waves: Iterator[Samples], rng: np.random.Generator, *, faint: bool) -> None:
    match part:
        case Text(text):
            session.read(text)
        case Speech():
            session.hear(_QUIET.hear(next(waves), rng))
            session.close_clip()
        case Noise():
            session.hear(_faint(part, rng) if faint else _sounding(part, rng))
            session.close_clip()
        case Scene():
            session.see(draw(part, rng, width=168, height=168))
        case Film():
            show(session, part.frames(rng), part.samples(rng))
        case Watched(_, scene):
            heard = _QUIET.hear(next(waves), rng)
            frame = draw(scene, rng, width=168, height=168)
            show(session, [frame] * math.ceil(len(heard) / RATE * FPS), heard)
        case _:
            assert_never(part)


def show(session: Session, frames: Iterable[Pixels], samples: Samples) -> None:
    """As a camera and a microphone would, while it happens."""
    step = round(RATE / FPS)
    session.open_clip()  # or the first frame would be a picture of its own
    for number, frame in enumerate(frames):
        session.see(frame, number / FPS)
        session.hear(samples[number * step : (number + 1) * step])
    session.close_clip()


def _sounding(part: Noise, rng: np.random.Generator) -> Samples:
    """A named sound at 20 dB over noise."""
    return _QUIET.hear(make(part.sound or "noise", 1.5, rng), rng)


def _faint(part: Noise, rng: np.random.Generator) -> Samples:
    """Two seconds of music or of a room alone, at -60 to -20 decibels below full scale."""
    count = 2 * RATE
    made = noise(pick(rng, NOISES), count, rng) if part.sound is None else make(part.sound, 2.0, rng)
    level = 10 ** (rng.uniform(-60.0, -20.0) / 20) / float(np.sqrt(np.mean(np.square(made))))
    return np.asarray(np.clip(made * level, -1.0, 1.0), np.float32)
