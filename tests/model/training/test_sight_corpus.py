"""Scenes, pictures, films and conversations: held-out layouts, right answers, pixels that show what is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from model.training.corpus.chance import chance
from model.training.corpus.dialogues import (
    SKILLS,
    Skill,
    Speech,
    Text,
    Turn,
    Watched,
    asked_as,
    converse,
    counted,
    interviewed,
    quizzed,
    screened,
)
from model.training.corpus.drawing import draw
from model.training.corpus.films import Film, coincidence, motion, sound_name
from model.training.corpus.language import Noun, words
from model.training.corpus.questions import about, about_what_is_not_there, can_be_followed_up, followed_up
from model.training.corpus.scenes import Item, Scene, Writing, repeated, scene
from model.training.corpus.sentences import Split, spoken_words, vocabulary
from model.training.corpus.speakers import RATE


def shape(name: str) -> Noun:
    (found,) = (noun for noun in words().shapes if noun.english == name)
    return found


def item(name: str, colour: str, cell: int) -> Item:
    (paint,) = (each for each in words().colours if each.english == colour)
    return Item(shape(name), paint, None, cell)


TABLE = Scene((item("circle", "red", 0), item("square", "blue", 2), item("star", "blue", 8)), Writing("7", "seven", 4))


def test_layouts_of_one_split_never_come_in_the_other() -> None:
    def layouts(split: Split) -> set[str]:
        made = [scene(chance(index), split) for index in range(300)]
        return {repr([(each.shape.english, each.cell) for each in one.items]) for one in made}

    assert not layouts("train") & layouts("held-out")


def test_a_description_names_everything_once() -> None:
    assert TABLE.describe() == (
        "I see a red circle at the top left, a blue square at the top right, a blue star at the bottom right "
        "and the number seven in the middle."
    )


def test_answers_are_right() -> None:
    """Every question about the table that the corpus can ask, with its one answer."""
    replies: dict[str, set[str]] = {}
    for index in range(3000):
        exchange = about(TABLE, chance(index))
        replies.setdefault(exchange.said, set()).add(exchange.reply)
    assert all(len(each) == 1 for each in replies.values())
    assert replies["Where is the red circle?"] == {"The red circle is at the top left."}
    assert replies["What colour is the star?"] == {"The star is blue."}
    assert "Which shape is blue?" not in replies
    assert replies["Which shape is red?"] == {"The circle is red."}
    assert replies["How many circles are there?"] == {"There is one circle."}
    assert replies["How many hearts are there?"] == {"There are no hearts."}
    assert replies["What is at the bottom?"] == {"Nothing is at the bottom."}
    assert replies["Which number do you see?"] == {"It says seven."}
    assert replies["Is there a blue star?"] == {"Yes, I see a blue star."}


def test_neighbours_are_found_over_gaps_and_not_around_corners() -> None:
    bare = Scene(TABLE.items)
    replies = {exchange.said: exchange.reply for exchange in (about(bare, chance(index)) for index in range(3000))}
    assert replies["What is right of the red circle?"] == "The blue square is right of the red circle."
    assert replies["What is right of the blue square?"] == "Nothing is right of the blue square."
    assert replies["What is below the blue square?"] == "The blue star is below the blue square."


def test_what_is_not_there_is_never_claimed() -> None:
    for index in range(300):
        reply = about_what_is_not_there(TABLE, chance(index)).reply
        assert reply.startswith("I do not see a")
        assert not {"circle", "square", "star"} & set(spoken_words(reply))


def test_one_picture_is_asked_about_many_times() -> None:
    """What is there and what is not, the picture once and first."""
    absent = 0
    for index in range(60):
        turns = quizzed(chance("quiz", index)).turns
        (shown,) = (part for turn in turns for part in turn.parts if isinstance(part, Scene))
        assert turns[0].parts[0] == shown
        assert len(turns) in {7, 8}
        assert all(isinstance(turn.parts[-1], Text) for turn in turns)
        nothing = [turn.reply for turn in turns if turn.reply.startswith("I do not see")]
        absent += len(nothing)
        assert not any(str(item.coloured) in reply for reply in nothing for item in shown.items)
    assert 60 < absent < 240


def test_a_second_question_hangs_on_the_first() -> None:
    assert can_be_followed_up(TABLE)
    assert not can_be_followed_up(Scene(TABLE.items[:1]))
    for index in range(50):
        first, second = followed_up(TABLE, chance(index))
        assert second.said.startswith("And the ")
        assert first.reply != second.reply


def test_a_picture_shows_the_colour_in_its_place() -> None:
    for index in range(20):
        pixels = draw(Scene((item("square", "red", 0), item("circle", "blue", 8))), chance(index))
        assert pixels.shape == (112, 112, 3)
        red, blue = (pixels[low : low + 8, low : low + 8].reshape(-1, 3).mean(0) for low in (15, 89))
        assert red.argmax() == 0
        assert blue.argmax() == 2


@pytest.mark.parametrize("name", [noun.english for noun in words().shapes])
def test_every_shape_is_drawn_in_its_own_way(name: str) -> None:
    def lit(which: str) -> float:
        return float(draw(Scene((item(which, "white", 4),)), chance(3)).std())

    assert all(lit(name) != lit(noun.english) for noun in words().shapes if noun.english != name)


def test_the_same_seed_draws_the_same_pixels() -> None:
    first, second, other = (draw(TABLE, chance(key), width=168, height=112) for key in (1, 1, 2))
    assert first.shape == (112, 168, 3)
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_a_film_moves_what_it_says() -> None:
    for index in range(40):
        film = motion(chance(index))
        places = [{(each.coloured.english, each.cell) for each in shot.items} for shot in film.shots]
        moved = {name for name, _ in places[0] - places[-1]}
        assert len(moved) == 1
        assert film.exchange.reply.startswith(f"The {moved.pop()} moved to the ")
        assert film.frames(chance(index)).shape == (8, 168, 168, 3)


def test_what_came_of_each_thing_in_a_film_is_told() -> None:
    for index in range(40):
        film = motion(chance(index))
        direction = film.exchange.reply.rstrip(".").split()[-1]
        changes = film.changes()
        assert [[change for change in each.values() if change != "stays"] for each in changes] == [
            [],
            [direction],
            [direction],
        ]
        for shot, each in zip(film.shots[1:], changes, strict=True):
            assert set(each) == {item.cell for item in shot.items}
    assert {change for each in coincidence(chance(0)).changes() for change in each.values()} == {"new"}


def test_of_two_things_called_the_same_both_stay() -> None:
    beside = (item("heart", "brown", 1), item("heart", "brown", 4))
    moving = [item("circle", "red", cell) for cell in (6, 7, 8)]
    film = replace(motion(chance(0)), shots=tuple(Scene((*beside, each)) for each in moving))
    assert film.changes() == [{1: "stays", 4: "stays", cell: "right"} for cell in (7, 8)]


@pytest.mark.parametrize("make", [motion, coincidence])
def test_whatever_else_is_asked_about_a_film_is_so_all_the_time(make: Callable[[np.random.Generator], Film]) -> None:
    for index in range(60):
        film = make(chance(index))
        items = {item.coloured.english: item for shot in film.shots for item in shot.items}.values()
        for exchange in film.others:
            asked, reply = exchange.said.rstrip("?").split(), exchange.reply.rstrip(".").split()
            if asked[0] == "What":
                assert {item.colour.english for item in items if item.shape.english == asked[-1]} == {reply[-1]}
            elif asked[0] in ("Is", "Do"):
                there = any(item.coloured.english == " ".join(asked[-2:]) for item in items)
                assert reply[0] == ("Yes," if there else "No,")
            elif "heard" in asked:
                at = [
                    shot
                    for shot, sound in zip(film.shots, film.sounds, strict=True)
                    if sound is not None and sound_name(sound) in exchange.said
                ]
                assert [shot.items[0].shape.english for shot in at] == [reply[1]]
            else:
                assert {item.shape.english for item in items if item.colour.english == asked[-1]} == {reply[1]}


def test_a_film_is_asked_about_in_several_ways() -> None:
    asked = [screened(chance(index)) for index in range(20)]
    assert {len(each.turns) for each in asked} == {2, 3}
    for each in asked:
        (film,) = (part for part in each.turns[0].parts if isinstance(part, Film))
        assert {turn.reply for turn in each.turns} == {film.exchange.reply, *(other.reply for other in film.others)}


def test_questions_are_asked_aloud_and_before_a_camera() -> None:
    asked = [interviewed(chance(index)) for index in range(30)]
    kinds = [{type(part) for turn in each.turns for part in turn.parts} for each in asked]
    assert {frozenset(each) for each in kinds} == {frozenset({Scene, Speech}), frozenset({Watched})}
    for each in asked:
        seen = {part.scene for turn in each.turns for part in turn.parts if isinstance(part, Watched)}
        assert len(seen) <= 1


def test_two_and_nothing_are_the_answer_as_often_as_one() -> None:
    asked = [counted(chance(index)) for index in range(60)]
    replies = [turn.reply for each in asked for turn in each.turns]
    several = sum(reply.startswith("There are") and " no " not in reply for reply in replies)
    nothing = sum(reply.startswith("Nothing") for reply in replies)
    one = sum(reply.startswith("There is one") for reply in replies)
    assert min(several, nothing) > 40
    assert several > one / 2
    kinds = {type(part) for each in asked for turn in each.turns for part in turn.parts}
    assert kinds == {Scene, Text, Speech, Watched}


def test_what_is_to_be_counted_is_there_more_than_once() -> None:
    made = [repeated(chance(index)) for index in range(200)]
    assert not any(each.held_out for each in made)
    assert max(len({item.shape.english for item in each.items}) for each in made) == 2
    assert sum(len({item.shape.english for item in each.items}) < len(each.items) for each in made) > 100


def test_the_sound_is_heard_while_the_shape_is_there() -> None:
    for index in range(20):
        film = coincidence(chance(index))
        loudness = np.square(film.samples(chance(index))).reshape(len(film.shots), RATE).mean(1)
        sounding = {shot for shot, sound in enumerate(film.sounds) if sound is not None}
        assert set(np.argsort(loudness)[-2:].tolist()) == sounding
        (asked,) = (shot for shot in sounding if film.shots[shot].items[0].shape.english in film.exchange.reply)
        assert str(film.sounds[asked]) in film.exchange.said


@pytest.mark.parametrize("skill", SKILLS)
def test_every_skill_has_its_conversations(skill: Skill) -> None:
    talks = [converse(skill, chance(skill, index)) for index in range(60)]
    assert talks == [converse(skill, chance(skill, index)) for index in range(60)]
    assert all(talk.turns and talk.skill == skill for talk in talks)
    if skill not in ("silence", "sounds"):
        assert len({talk.turns[-1].reply for talk in talks}) > 5


def test_whatever_is_said_aloud_is_in_the_vocabulary() -> None:
    """Else a question could be asked that nobody ever transcribed."""

    def spoken(turn: Turn) -> list[str]:
        return [word for part in turn.parts if isinstance(part, Speech) for word in spoken_words(part.text)]

    talks = [converse(skill, chance(index)) for skill in SKILLS for index in range(400)]
    assert {word for talk in talks for turn in talk.turns for word in spoken(turn)} <= vocabulary()


def test_evaluation_asks_in_the_first_wording() -> None:
    asked = {
        part.text
        for index in range(30)
        for part in converse("transcribe", chance(index), "held-out").turns[0].parts
        if isinstance(part, Text)
    }
    assert asked == {"Write down what is said."}


def test_before_the_camera_everything_is_said_while_the_same_is_seen() -> None:
    made = (converse("context", chance("camera", index)) for index in range(40))
    usual = next(each for each in made if any(isinstance(part, Scene) for part in each.turns[0].parts))
    shown = next(part for part in usual.turns[0].parts if isinstance(part, Scene))
    watched = asked_as(usual, Watched)
    asked = [part.text for turn in usual.turns for part in turn.parts if isinstance(part, Text | Speech)]
    assert [part for turn in watched.turns for part in turn.parts] == [Watched(text, shown) for text in asked]
    assert [turn.reply for turn in watched.turns] == [turn.reply for turn in usual.turns]
    assert watched.texts() == usual.texts()
