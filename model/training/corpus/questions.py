"""Questions with the one answer that is right, about a scene or about the small world itself. Knows no media."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from model.training.corpus.chance import pick, sample
from model.training.corpus.language import LETTERS, Noun, words
from model.training.corpus.scenes import CELLS, Item, Scene


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is asked or told, and the reply."""

    said: str
    reply: str


About = Callable[[Scene, np.random.Generator], Exchange | None]
"""Makes a question about a scene; None where the scene does not answer it without doubt."""


def about(scene: Scene, rng: np.random.Generator, kinds: Sequence[About] = ()) -> Exchange:
    """A question of one of these kinds, or of any, that the scene answers without doubt."""
    while True:
        exchange = pick(rng, kinds or _SEEN)(scene, rng)
        if exchange is not None:
            return exchange


def about_what_is_not_there(scene: Scene, rng: np.random.Generator) -> Exchange:
    """A question whose answer is that there is no such thing."""
    shapes = {item.shape for item in scene.items}
    shape = pick(rng, [shape for shape in words().shapes if shape not in shapes])
    thing = shape.coloured(pick(rng, words().colours))
    asked = pick(
        rng, (f"Where is the {thing}?", f"What is {_relation(rng)} the {thing}?", f"Where is the {thing} now?")
    )
    if rng.random() < 0.3:
        asked, thing = f"What colour is the {shape}?", shape
    return Exchange(asked, f"I do not see {thing.an}.")


def followed_up(scene: Scene, rng: np.random.Generator) -> tuple[Exchange, Exchange]:
    """A question and another that only makes sense after it; for a scene with two kinds of shapes or more."""
    first, second = sample(rng, [item for item in scene.items if _alone(scene, item.shape)], 2)
    if rng.random() < 0.5:
        return _colour(first), Exchange(f"And the {second.shape}?", _colour(second).reply)
    return _place(first), Exchange(f"And the {second.coloured}?", _place(second).reply)


def can_be_followed_up(scene: Scene) -> bool:
    """Whether two of its shapes are there once only."""
    return sum(_alone(scene, item.shape) for item in scene.items) >= 2


def of_the_world(rng: np.random.Generator) -> Exchange:
    """A question of the small world that needs neither eyes nor ears."""
    return pick(rng, (_sum, _day_after, _number_after, _letter_after, _itself, _unknowable, _deed))(rng)


def remembered(rng: np.random.Generator, acknowledgements: list[str]) -> tuple[Exchange, Exchange]:
    """Something told, and later asked for."""
    belonging, room = pick(rng, words().nouns["belonging"]), pick(rng, words().nouns["room"])
    letter, weekday = pick(rng, LETTERS), pick(rng, words().phrases["weekday"])
    person = pick(rng, words().nouns["person"])
    told, asked, reply = pick(
        rng,
        (
            (f"The {belonging} is in the {room}.", f"Where is the {belonging}?", f"The {belonging} is in the {room}."),
            (f"My name starts with {letter}.", "Which letter is that?", f"That is the letter {letter}."),
            (f"Today is {weekday}.", "What day is it today?", f"Today is {weekday}."),
            (f"My {person} is in the {room}.", f"Where is my {person}?", f"Your {person} is in the {room}."),
        ),
    )
    return Exchange(told, pick(rng, acknowledgements)), Exchange(asked, reply)


# About a scene: None where the scene does not answer without doubt.


def _where(scene: Scene, rng: np.random.Generator) -> Exchange | None:
    item = pick(rng, scene.items)
    return _place(item) if _alone(scene, item.coloured) else None


def _which_colour(scene: Scene, rng: np.random.Generator) -> Exchange | None:
    item = pick(rng, scene.items)
    return _colour(item) if _alone(scene, item.shape) else None


def _which_shape(scene: Scene, rng: np.random.Generator) -> Exchange | None:
    item = pick(rng, scene.items)
    if sum(item.colour == other.colour for other in scene.items) > 1:
        return None
    return Exchange(f"Which shape is {item.colour}?", f"The {item.shape} is {item.colour}.")


def _how_many(scene: Scene, rng: np.random.Generator) -> Exchange | None:
    shape = pick(rng, (*(item.shape for item in scene.items), pick(rng, words().shapes)))
    count = sum(item.shape == shape for item in scene.items)
    reply = (
        f"There are no {shape.plural}.",
        f"There is one {shape}.",
        *(f"There are {number} {shape.plural}." for number in words().phrases["number"][:3]),
    )
    return Exchange(f"How many {shape.plural} are there?", reply[count])


def _is_there(scene: Scene, rng: np.random.Generator) -> Exchange | None:
    item = pick(rng, scene.items)
    thing = item.coloured if rng.random() < 0.5 else pick(rng, words().shapes).coloured(pick(rng, words().colours))
    there = any(other.coloured == thing for other in scene.items)
    asked = pick(rng, (f"Is there {thing.an}?", f"Do you see {thing.an}?"))
    return Exchange(asked, f"Yes, I see {thing.an}." if there else f"No, I do not see {thing.an}.")


def _what_is_at(scene: Scene, rng: np.random.Generator) -> Exchange | None:
    return _of_place(scene, pick(rng, scene.items).cell if rng.random() < 0.8 else int(rng.integers(CELLS)))


def _of_place(scene: Scene, cell: int) -> Exchange | None:
    if scene.writing is not None and scene.writing.cell == cell:
        return None
    item, place = scene.at(cell), words().phrases["place"][cell]
    return Exchange(
        f"What is {place}?", f"Nothing is {place}." if item is None else f"There is {item.full.an} {place}."
    )


def _what_is_anywhere(scene: Scene, rng: np.random.Generator) -> Exchange | None:
    """Of any place: at most there is nothing."""
    return _of_place(scene, int(rng.integers(CELLS)))


def _reading(scene: Scene, rng: np.random.Generator) -> Exchange | None:
    if scene.writing is None:
        return None
    kind = "word" if scene.writing.shown.isalpha() else "number"
    asked = pick(rng, ("What does it say?", f"Which {kind} do you see?", f"Which {kind} is there?"))
    return Exchange(asked, f"It says {scene.writing.spoken}.")


def _beside(scene: Scene, rng: np.random.Generator) -> Exchange | None:
    """Who is the next in the same row or column, in one direction."""
    item = pick(rng, scene.items)
    if not _alone(scene, item.coloured) or scene.writing is not None:
        return None
    relation, step = pick(rng, (("left of", -1), ("right of", 1), ("above", -3), ("below", 3)))
    found = _next(scene, item, step)
    answer = "Nothing" if found is None else f"The {found.coloured}"
    return Exchange(f"What is {relation} the {item.coloured}?", f"{answer} is {relation} the {item.coloured}.")


UNPLACED: tuple[About, ...] = (_which_colour, _which_shape, _is_there)
"""What is the same wherever things stand."""
SEARCHING: tuple[About, ...] = (_how_many, _how_many, _what_is_at, _beside, _is_there)
"""What nothing or several things may be the answer to: all of the picture is to be looked through."""
COUNTING: tuple[About, ...] = (_how_many, _how_many, _what_is_anywhere)
"""What two or nothing are the answer to as often as one."""
_SEEN: tuple[About, ...] = (
    _where,
    _which_colour,
    _which_shape,
    _how_many,
    _is_there,
    _what_is_at,
    _reading,
    _beside,
)


def _next(scene: Scene, item: Item, step: int) -> Item | None:
    cell = item.cell + step
    while 0 <= cell < CELLS and (abs(step) == 3 or cell // 3 == item.cell // 3):
        found = scene.at(cell)
        if found is not None:
            return found
        cell += step
    return None


def _place(item: Item) -> Exchange:
    return Exchange(f"Where is the {item.coloured}?", f"The {item.coloured} is {item.place}.")


def _colour(item: Item) -> Exchange:
    return Exchange(f"What colour is the {item.shape}?", f"The {item.shape} is {item.colour}.")


def _alone(scene: Scene, noun: Noun) -> bool:
    """Whether exactly one item is called this."""
    return sum(noun in (item.shape, item.coloured) for item in scene.items) == 1


def _relation(rng: np.random.Generator) -> str:
    return pick(rng, words().phrases["relation"]).english


# About the world.


def _sum(rng: np.random.Generator) -> Exchange:
    names = (*words().phrases["digit"], *words().phrases["number"][8:19])
    first, second = int(rng.integers(1, 10)), int(rng.integers(1, 10))
    asked = f"{names[first]} plus {names[second]}"
    return Exchange(f"What is {asked}?", f"{asked.capitalize()} is {names[first + second]}.")


def _day_after(rng: np.random.Generator) -> Exchange:
    days = words().phrases["weekday"]
    today = int(rng.integers(len(days)))
    return Exchange(f"Which day is after {days[today]}?", f"{days[(today + 1) % len(days)]} is after {days[today]}.")


def _number_after(rng: np.random.Generator) -> Exchange:
    names = (*words().phrases["digit"], *words().phrases["number"][8:19])
    number = int(rng.integers(len(names) - 1))
    return Exchange(
        f"Which number is after {names[number]}?", f"The number after {names[number]} is {names[number + 1]}."
    )


def _letter_after(rng: np.random.Generator) -> Exchange:
    letter = int(rng.integers(25))
    return Exchange(
        f"Which letter is after {LETTERS[letter]}?", f"The letter after {LETTERS[letter]} is {LETTERS[letter + 1]}."
    )


def _itself(rng: np.random.Generator) -> Exchange:
    return pick(
        rng,
        (
            Exchange("Who are you?", "I am a small model that can hear, see and speak."),
            Exchange("What can you do?", "I can say what I hear and see in a small world."),
            Exchange("How are you today?", "I am fine, thank you."),
            Exchange("Hello.", "Hello."),
            Exchange("Good morning.", "Good morning."),
            Exchange("Good night.", "Good night."),
            Exchange("Thank you.", "You are welcome."),
        ),
    )


def _unknowable(rng: np.random.Generator) -> Exchange:
    """What nobody told it."""
    asked = pick(
        rng,
        (
            "What time is it?",
            "What day is it today?",
            "How is the weather?",
            f"Where is my {pick(rng, words().nouns['belonging'])}?",
            f"Where is my {pick(rng, words().nouns['person'])}?",
            f"Is it {pick(rng, words().phrases['weather'])} outside?",
        ),
    )
    return Exchange(asked, "I do not know.")


def _deed(rng: np.random.Generator) -> Exchange:
    """It has no hands."""
    asked = pick(
        rng,
        (
            f"Turn {pick(rng, words().phrases['switch'])} the {pick(rng, words().nouns['device'])}.",
            f"Please open the {pick(rng, words().nouns['opening'])}.",
            f"Close the {pick(rng, words().nouns['opening'])}.",
            f"Call my {pick(rng, words().nouns['person'])}.",
            "Play some music.",
        ),
    )
    return Exchange(asked, "I am sorry, I can not do that.")
