"""How well a model speaks: what an independent judge and its own ears hear of its replies. Knows no training.

The model is asked aloud, several times in one conversation, and speaks what it thinks; each reply is held beside the
same words said by the narrator whom the voice was learned from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np
from scipy.signal import resample_poly

from model.errors import never_cancelled
from model.flow import Solver
from model.loading import Placement
from model.omni import Omni
from model.protocol import Finished, Said, Voiced
from model.sampling import GREEDY
from model.session import Session, SessionSettings
from model.training.corpus.chance import chance
from model.training.corpus.dialogues import instructions
from model.training.corpus.narrators import NARRATORS, SPEECH_RATE, Narrator
from model.training.corpus.rooms import Room
from model.training.corpus.sentences import spoken_words
from model.training.corpus.speakers import RATE, Samples, check_makers
from model.training.judging import Judge
from model.training.scores import Result, Score, exact, row, word_errors
from model.training.shelves import Shelf, Stream

_SEED = 21_000
_ASKED = Stream("spoken-to", ("transcribe",), "held-out", "espeak-ng")
_TURNS = 4
"""Of a conversation: prompts grow long."""
_MOST_TOKENS = 32
_CODES_A_SECOND = 50
_MOST_CODES = 12 * _CODES_A_SECOND
_SHORTEST, _LONGEST = 0.7, 1.4
"""Of the narrator's time: who takes less leaves something out, who takes more says something twice."""
_LESS_THAN_ORIGINAL = 2.0
"""Points that the judge may hear less than of the narrator."""
_MOST_CUT_ERROR = 2
_AROUND = 0.2
"""Seconds of silence before and behind what the model hears of itself."""
_QUIET = Room(snr=20.0, before=0.2, after=0.3)


@dataclass(frozen=True, slots=True)
class Utterance:
    """A reply, and what came of it."""

    text: str
    wave: Samples
    """24 kHz"""
    cut: bool
    seconds: float
    """Of computing, the thinking included."""
    interrupted: tuple[float, str] | None = None
    """At which second of the sound, and what of the text counted as heard then."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """How many words too many or too few count as heard where an answer is interrupted."""

    name: str
    errors: tuple[int, ...]
    wrong: tuple[tuple[str, str], ...] = ()

    @property
    def met(self) -> bool:
        """Whether half of them err by two words at most."""
        return median(self.errors) <= _MOST_CUT_ERROR

    def line(self) -> str:
        """For the table."""
        found = f"{median(self.errors):g} of words, median"
        bar = f"≤ {_MOST_CUT_ERROR}"
        return row(self.name, found, bar, met=self.met) + f"  ({', '.join(map(str, sorted(self.errors)))})"


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the model computes for its sound, the thinking included."""

    name: str
    computing: float
    """Seconds of a processor."""
    sounding: float
    """Seconds."""
    wrong: tuple[tuple[str, str], ...] = ()

    @property
    def met(self) -> bool:
        """Whether it is faster than it speaks."""
        return self.computing < self.sounding

    def line(self) -> str:
        """For the table."""
        times = self.computing / max(self.sounding, 1e-9)
        return row(self.name, f"{times:.2f} of the sound's", "< 1", met=self.met)


def evaluate_speech(
    folder: Path, speech: Path, count: int, placement: Placement, check: Callable[[], None] = never_cancelled
) -> Iterator[Result | Pace | Cuts]:
    """Rows for each voice, of `count` replies; `speech` keeps what was synthesised.

    SightlineError where a synthesiser or the judge is missing, CheckpointError for what does not speak.
    """
    check_makers()
    judge, omni = Judge(), Omni.load(folder, placement, speaks=True)
    shelf = Shelf(speech, _ASKED, _SEED, check)
    for narrator in NARRATORS:
        said = [
            utterance
            for utterance in _replies(omni, shelf, narrator.name, count, check)
            if spoken_words(utterance.text)
        ]
        yield from _rows(omni, judge, narrator, said)


def _replies(omni: Omni, shelf: Shelf, voice: str, count: int, check: Callable[[], None]) -> Iterator[Utterance]:
    note = omni.checkpoint.note
    settings = SessionSettings(
        voice=voice,
        thinker=GREEDY,
        talker=note.talker,
        max_tokens=_MOST_TOKENS,
        max_codes=_MOST_CODES,
        solver=Solver(note.solver),
    )
    session = Session(omni, settings, check)
    for index in range(count):
        if index % _TURNS == 0:
            session.forget()
        _ask(session, shelf.recorded(index).waves[0], index)
        utterance = _heard(session)
        if index % _TURNS == _TURNS - 1:  # what comes after would follow on what is left of it
            utterance = _interrupted(session, utterance, chance(_SEED, "interrupted", voice, index).uniform(0.3, 0.9))
        yield utterance


def _ask(session: Session, wave: Samples, index: int) -> None:
    session.hear(_QUIET.hear(wave, chance(_SEED, "room", index)))
    session.close_clip()
    session.read(instructions()["transcribe"][0])


def _heard(session: Session) -> Utterance:
    text, waves, cut, began = "", [np.zeros(0, np.float32)], False, process_time()
    for event in session.reply():
        match event:
            case Said():
                text += event.text
            case Voiced():
                waves.append(event.wave)
            case Finished():
                cut = event.speech_cut
    return Utterance(text.strip(), np.concatenate(waves), cut, process_time() - began)


def _interrupted(session: Session, utterance: Utterance, share: float) -> Utterance:
    """When so much of it was heard."""
    seconds = share * len(utterance.wave) / SPEECH_RATE
    return replace(utterance, interrupted=(seconds, session.interrupt(seconds)))


def _rows(omni: Omni, judge: Judge, narrator: Narrator, said: list[Utterance]) -> Iterator[Result | Pace | Cuts]:
    """The same texts by the model and by the narrator, who was heard no better than he can be."""
    texts, waves = [utterance.text for utterance in said], [utterance.wave for utterance in said]
    originals = [narrator.say(text) for text in texts]

    def judged(wave: Samples) -> str:
        return " ".join(judge.hears(wave, SPEECH_RATE))

    name = narrator.name
    heard = _heard_of("", 0.0, texts, [judged(wave) for wave in originals])
    bar = max(0.0, heard.share - _LESS_THAN_ORIGINAL)
    yield _heard_of(f"words that the judge hears of {name}", bar, texts, [judged(wave) for wave in waves])
    own = [_own_ears(omni, wave) for wave in waves]
    yield _heard_of(f"words that its own ears hear of {name}", 98.0, texts, own)
    pace = [len(wave) / len(original) for wave, original in zip(waves, originals, strict=True)]
    cut = sum(utterance.cut or share < _SHORTEST for utterance, share in zip(said, pace, strict=True))
    yield Result(Score(f"replies of {name} that are cut", exact, 0.0, "errors"), cut, len(said))
    twice = sum(share > _LONGEST for share in pace)
    yield Result(Score(f"replies of {name} that say something twice", exact, 0.0, "errors"), twice, len(said))
    if errors := [_cut_error(judge, each) for each in said if each.interrupted is not None]:
        yield Cuts(f"words by which a cut of {name} errs", tuple(errors))
    sounding = sum(map(len, waves)) / SPEECH_RATE
    yield Pace(f"time that {name} takes", sum(utterance.seconds for utterance in said), sounding)


def _cut_error(judge: Judge, utterance: Utterance) -> int:
    """Beside the times of the words that the judge hears."""
    seconds, kept = utterance.interrupted or (0.0, "")
    said = sum(time < seconds for time in judge.times(utterance.wave, SPEECH_RATE))
    return abs(len(spoken_words(kept)) - said)


def _heard_of(name: str, bar: float, texts: list[str], heard: list[str]) -> Result:
    """Words that were heard as they were written."""
    counts = [word_errors(found, text) for found, text in zip(heard, texts, strict=True)]
    right, words = sum(max(0, of - errors) for errors, of in counts), sum(of for _, of in counts)
    wrong = tuple((text, found) for text, found, (errors, _) in zip(texts, heard, counts, strict=True) if errors)
    return Result(Score(name, word_errors, bar), right, words, wrong)


def _own_ears(omni: Omni, wave: Samples) -> str:
    session = Session(omni, SessionSettings(thinker=GREEDY, max_tokens=_MOST_TOKENS))
    session.hear(resample_poly(np.pad(wave, round(_AROUND * SPEECH_RATE)), RATE, SPEECH_RATE).astype(np.float32))
    session.close_clip()
    session.read(instructions()["transcribe"][0])
    return next(event.text for event in session.reply() if isinstance(event, Finished))
