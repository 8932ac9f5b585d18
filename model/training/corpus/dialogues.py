"""Conversations for each skill: what comes in, turn by turn, and the reply. Knows no tokens and makes no media."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, get_args

import numpy as np

from model.training.corpus import films, questions, scenes
from model.training.corpus.chance import pick
from model.training.corpus.films import Film
from model.training.corpus.frames import combine
from model.training.corpus.language import CORPUS, Language
from model.training.corpus.questions import Exchange
from model.training.corpus.scenes import Scene, scene
from model.training.corpus.sentences import Split, compose, compose_part, few, scatter, splice
from model.training.corpus.sounds import SOUNDS, Sound

Skill = Literal["transcribe", "silence", "sounds", "describe", "video", "answer", "translate", "context", "unknown"]
SKILLS: tuple[Skill, ...] = get_args(Skill)


@dataclass(frozen=True, slots=True)
class Text:
    """Typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Said by somebody."""

    text: str


@dataclass(frozen=True, slots=True)
class Noise:
    """A sound that can be named, or None: nothing but a room."""

    sound: Sound | None


_QUESTIONS = 7
"""About one picture, or one more."""
_DESCRIBED_SHARE = 0.4
_FEW_QUESTIONS = 3
"""Before a camera, which sends its picture with each of them."""
_REMOTE_TURNS, _PROLONGED_TURNS = (4, 130), (3, 80)
"""Least and most turns of long conversations, of which as many are of ten to twenty as of fifty to a hundred."""
_RECALLED_SHARE = 0.1
"""Of long talk, questions about the picture that it began with."""
_BY_SENTENCE: tuple[Skill, ...] = ("transcribe", "translate")
_MOST_BEHIND = 2
"""Sentences or parts of some that are translated behind another one."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Said by somebody before a camera that looks at something which stays as it is."""

    text: str
    scene: Scene


Part = Text | Speech | Noise | Scene | Film | Watched
Form = type[Text] | type[Speech] | type[Watched]
"""How somebody asks."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What comes in, in order, and what the reply is."""

    parts: tuple[Part, ...]
    reply: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One conversation, made for one skill."""

    skill: Skill
    turns: tuple[Turn, ...]

    def texts(self) -> list[str]:
        """All that is written in it, and said."""
        parts = [part for turn in self.turns for part in turn.parts]
        written = [part.text for part in parts if isinstance(part, Text | Speech | Watched)]
        return written + [turn.reply for turn in self.turns]


def asked_as(dialogue: Dialogue, form: Form) -> Dialogue:
    """The same conversation with everything that somebody says typed, said aloud, or said before a camera that looks
    at what the picture in it shows.
    """
    shown = next((part for turn in dialogue.turns for part in turn.parts if isinstance(part, Scene)), None)
    turns = []
    for turn in dialogue.turns:
        parts = [part for part in turn.parts if form is not Watched or part != shown]
        asked = (_said(part.text, form, shown) if isinstance(part, Text | Speech) else part for part in parts)
        turns.append(replace(turn, parts=tuple(asked)))
    return replace(dialogue, turns=tuple(turns))


def _said(text: str, form: Form, shown: Scene | None) -> Text | Speech | Watched:
    if form is Watched and shown is not None:
        return Watched(text, shown)
    return Text(text) if form is Text else Speech(text)


def converse(skill: Skill, rng: np.random.Generator, split: Split = "train") -> Dialogue:
    """A conversation for this skill from this split's sentences and layouts."""
    return Dialogue(skill, _TURNS[skill](rng, split))


def lasting(rng: np.random.Generator, split: Split, between: int) -> Dialogue:
    """A picture first, much other talk, and at the end another question about the picture; everything typed."""
    shown = scene(rng, split)
    other = [questions.of_the_world(rng) for _ in range(between)]
    return Dialogue("context", _typed(shown, [questions.about(shown, rng), *other, questions.about(shown, rng)]))


def belated(rng: np.random.Generator, split: Split, before: int) -> Dialogue:
    """Much other talk first, then a picture and a question about it; everything typed."""
    shown = scene(rng, split)
    other = (questions.of_the_world(rng) for _ in range(before))
    (last,) = _typed(shown, [questions.about(shown, rng)])
    return Dialogue("answer", (*(Turn((Text(each.said),), each.reply) for each in other), last))


def remote(rng: np.random.Generator) -> Dialogue:
    """A picture first and other talk of any length, half of it said aloud, the picture asked about now and then."""
    shown = scene(rng) if rng.random() < 0.7 else scenes.repeated(rng)
    several = _many(rng, *_REMOTE_TURNS)
    other = [
        questions.of_the_world(rng) if rng.random() > _RECALLED_SHARE else pick(rng, _KINDS)(shown, rng)
        for _ in range(several)
    ]
    first, *more = [questions.about(shown, rng), *other, *(pick(rng, _KINDS)(shown, rng) for _ in range(2))]
    return Dialogue("context", (_exchanged(first, rng, shown), *(_exchanged(each, rng) for each in more)))


def prolonged(rng: np.random.Generator) -> Dialogue:
    """Conversations of all kinds that can be imagined, one behind another as if they were one: whatever can be asked
    for must be understood behind any other talk.
    """
    turns: list[Turn] = []
    several = _many(rng, *_PROLONGED_TURNS)
    while len(turns) < several:
        turns += pick(rng, _TALK)(rng).turns
    return Dialogue("context", tuple(turns))


def _many(rng: np.random.Generator, least: int, most: int) -> int:
    return round(float(np.exp(rng.uniform(np.log(least), np.log(most)))))


def _typed(shown: Scene, asked: Sequence[Exchange]) -> tuple[Turn, ...]:
    """A picture, and what is asked from then on."""
    first, *more = (Turn((Text(each.said),), each.reply) for each in asked)
    return (replace(first, parts=(shown, *first.parts)), *more)


def jumbled(rng: np.random.Generator) -> Dialogue:
    """What no pattern says, to be written down, or what `translated` makes: to be copied, not completed.

    From patterns alone a model learns to end every sentence as a pattern does, whatever was said.
    """
    return spliced(rng) if rng.random() < 0.7 else translated(rng)


def spliced(rng: np.random.Generator) -> Dialogue:
    """The beginning of one sentence with the end of another, to be written down."""
    text = splice(rng)
    return Dialogue("transcribe", (Turn((Speech(text), _asked("transcribe", rng, "train")), text),))


def translated(rng: np.random.Generator) -> Dialogue:
    """A sentence and up to two more, or parts of some, typed, to be translated one behind the other.

    A sentence comes first, since at the beginning of a reply the vocabulary has words with a capital only.
    """
    more = (pick(rng, (combine, compose_part, compose_part))(rng) for _ in range(int(rng.integers(_MOST_BEHIND + 1))))
    pieces = [pick(rng, (compose, combine, combine))(rng), *more]
    asked = f"{_asked('translate', rng, 'train').text} {' '.join(piece.english for piece in pieces)}"
    return Dialogue("translate", (Turn((Text(asked),), " ".join(piece.spanish for piece in pieces)),))


def combined(rng: np.random.Generator) -> Dialogue:
    """A sentence put together from parts, said aloud, to be written down or to be translated."""
    sentence = combine(rng)
    skill = pick(rng, _BY_SENTENCE)
    reply = sentence.english if skill == "transcribe" else sentence.spanish
    return Dialogue(skill, (Turn((Speech(sentence.english), _asked(skill, rng, "train")), reply),))


def scattered(rng: np.random.Generator) -> Dialogue:
    """Words as chance has them, to be written down."""
    text = scatter(rng)
    return Dialogue("transcribe", (Turn((Speech(text), _asked("transcribe", rng, "train")), text),))


def quizzed(rng: np.random.Generator, count: int = _QUESTIONS) -> Dialogue:
    """A picture and many typed questions about it, of what is there and of what is not: each must be looked for.

    Some are told to say all that there is first.
    """
    shown = scene(rng) if rng.random() < 0.7 else scenes.repeated(rng)
    described = Exchange(_asked("describe", rng, "train").text, shown.describe())
    asked = [described] if rng.random() < _DESCRIBED_SHARE else []
    while len(asked) < count:
        if rng.random() < 0.2 and questions.can_be_followed_up(shown):
            asked += questions.followed_up(shown, rng)
        else:
            asked.append(pick(rng, _KINDS)(shown, rng))
    return Dialogue("answer", _typed(shown, asked))


def _searching(shown: Scene, rng: np.random.Generator) -> Exchange:
    return questions.about(shown, rng, questions.SEARCHING)


_KINDS: tuple[Callable[[Scene, np.random.Generator], Exchange], ...] = (
    questions.about,
    _searching,
    questions.about_what_is_not_there,
)


def interviewed(rng: np.random.Generator) -> Dialogue:
    """What a quiz asks about a picture, said aloud, or before a camera that looks at it."""
    if rng.random() < 0.3:
        return asked_as(quizzed(rng), Speech)
    return asked_as(quizzed(rng, _FEW_QUESTIONS), Watched)


def counted(rng: np.random.Generator) -> Dialogue:
    """A picture of which most is there more than once, typed, aloud or before a camera asked how many of it there are,
    and what stands in places where mostly nothing does.
    """
    form = pick(rng, (Text, Speech, Watched))
    shown = scenes.repeated(rng)
    count = _FEW_QUESTIONS if form is Watched else _QUESTIONS
    asked = [questions.about(shown, rng, questions.COUNTING) for _ in range(count)]
    return asked_as(Dialogue("answer", _typed(shown, asked)), form)


def screened(rng: np.random.Generator) -> Dialogue:
    """A film and all that may be asked about it."""
    film = pick(rng, (films.motion, films.coincidence))(rng)
    asked = [film.exchange, *film.others]
    first, *more = (asked[int(place)] for place in rng.permutation(len(asked)))
    return Dialogue("video", (_exchanged(first, rng, film), *(_exchanged(each, rng) for each in more)))


def bare(rng: np.random.Generator, language: Language) -> Dialogue:
    """A few words of one language, said for no reason: what is learned of each is in nothing that stands around it."""
    skill: Skill = "transcribe" if language == "english" else "translate"
    return Dialogue(skill, (Turn((_asked("transcribe", rng, "train"),), few(rng, language)),))


def unheard(dialogue: Dialogue) -> Dialogue:
    """The same replies without what is said before them, where something else is asked too."""
    turns = []
    for turn in dialogue.turns:
        silent = tuple(part for part in turn.parts if not isinstance(part, Speech))
        is_asked = any(isinstance(part, Text) for part in silent)
        turns.append(replace(turn, parts=silent if is_asked else turn.parts))
    return replace(dialogue, turns=tuple(turns))


def crowded(rng: np.random.Generator) -> Dialogue:
    """A picture with something in every place, to be described."""
    shown = scenes.crowded(rng)
    return Dialogue("describe", (Turn((shown, _asked("describe", rng, "train")), shown.describe()),))


@cache
def instructions() -> dict[str, list[str]]:
    """Wordings of what is asked for; the first of each is what evaluation asks."""
    with (CORPUS / "instructions.toml").open("rb") as file:
        return tomllib.load(file)


def _asked(kind: str, rng: np.random.Generator, split: Split) -> Text:
    return Text(instructions()[kind][0] if split == "held-out" else pick(rng, instructions()[kind]))


def _transcribe(rng: np.random.Generator, split: Split) -> tuple[Turn, ...]:
    sentence = compose(rng, split)
    return (Turn((Speech(sentence.english), _asked("transcribe", rng, split)), sentence.english),)


def _silence(rng: np.random.Generator, split: Split) -> tuple[Turn, ...]:
    nothing = Noise(pick(rng, (None, None, "music", "noise")))
    return (Turn((nothing, _asked("transcribe", rng, split)), ""),)


def _sounds(rng: np.random.Generator, split: Split) -> tuple[Turn, ...]:
    sound = pick(rng, SOUNDS)
    return (Turn((Noise(sound), _asked("sound", rng, split)), f"I hear {films.sound_name(sound)}."),)


def _describe(rng: np.random.Generator, split: Split) -> tuple[Turn, ...]:
    shown = scene(rng, split)
    return (Turn((shown, _asked("describe", rng, split)), shown.describe()),)


def _video(rng: np.random.Generator, split: Split) -> tuple[Turn, ...]:
    film = pick(rng, (films.motion, films.coincidence))(rng, split)
    return (_exchanged(film.exchange, rng, film),)


def _answer(rng: np.random.Generator, split: Split) -> tuple[Turn, ...]:
    """Half of the questions are about a picture."""
    if rng.random() < 0.5:
        return (_exchanged(questions.of_the_world(rng), rng),)
    shown = scene(rng, split)
    return (_exchanged(questions.about(shown, rng), rng, shown),)


def _translate(rng: np.random.Generator, split: Split) -> tuple[Turn, ...]:
    sentence = compose(rng, split)
    given = Speech(sentence.english) if rng.random() < 0.5 else Text(sentence.english)
    order = _asked("translate", rng, split)
    separated = (given, order) if isinstance(given, Speech) else (Text(f"{order.text} {sentence.english}"),)
    return (Turn(separated, sentence.spanish),)


def _context(rng: np.random.Generator, split: Split) -> tuple[Turn, ...]:
    """Something told and asked for later, or "and the other one?" about a picture."""
    if rng.random() < 0.5:
        told, asked = questions.remembered(rng, instructions()["remembered"])
        between = [_exchanged(questions.of_the_world(rng), rng)] if rng.random() < 0.5 else []
        return (_exchanged(told, rng), *between, _exchanged(asked, rng))
    shown = scene(rng, split, least=2)
    while not questions.can_be_followed_up(shown):
        shown = scene(rng, split, least=2)
    first, second = questions.followed_up(shown, rng)
    return (_exchanged(first, rng, shown), _exchanged(second, rng))


def _unknown(rng: np.random.Generator, split: Split) -> tuple[Turn, ...]:
    shown = scene(rng, split)
    return (_exchanged(questions.about_what_is_not_there(shown, rng), rng, shown),)


def _exchanged(exchange: Exchange, rng: np.random.Generator, *media: Part) -> Turn:
    """Asked by text or aloud."""
    said = Text(exchange.said) if rng.random() < 0.5 else Speech(exchange.said)
    return Turn((*media, said), exchange.reply)


_TURNS: dict[Skill, Callable[[np.random.Generator, Split], tuple[Turn, ...]]] = {
    "transcribe": _transcribe,
    "silence": _silence,
    "sounds": _sounds,
    "describe": _describe,
    "video": _video,
    "answer": _answer,
    "translate": _translate,
    "context": _context,
    "unknown": _unknown,
}


def _of(skill: Skill) -> Callable[[np.random.Generator], Dialogue]:
    return lambda rng: converse(skill, rng)


_TALK: tuple[Callable[[np.random.Generator], Dialogue], ...] = (
    *(_of("describe"), _of("answer"), _of("answer"), _of("context"), _of("context"), _of("unknown"), _of("translate")),
    *(_of("transcribe"), combined, translated, quizzed, interviewed, counted, screened),
)
"""What long conversations are made of: nothing that only an ear can tell, such as a bell."""
