"""What is to be looked for where a reply tells of a picture, and that heads which are told so look there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from transformers import Qwen2_5OmniThinkerForConditionalGeneration

from model.positions import TICKS_A_SECOND
from model.training import losses
from model.training.corpus.chance import chance
from model.training.corpus.dialogues import Dialogue, Text, Turn
from model.training.corpus.films import CHANGES, coincidence, motion, sound_name
from model.training.corpus.language import words
from model.training.corpus.scenes import Item, Scene, scene
from model.training.example import Example, Ranked, place_in
from model.training.learner import Learner, Read
from model.training.looks import Looks
from model.training.seeking import IGNORED, sought
from model.training.shelves import Recorded
from model.training.writer import Writer
from tests.helpers.written import filmed

RED, BLUE, RING, CROSS, IS, TOP, AND = range(1, 8)


def test_a_word_is_about_what_it_names_and_the_rest_about_what_is_named() -> None:
    standing = [(0, frozenset({RED, RING})), (1, frozenset({BLUE, RING})), (2, frozenset({RED, CROSS}))]
    labels = [IGNORED] * 4 + [IS, BLUE, RING, IS, TOP, AND, CROSS, IS]
    assert sought(labels, standing, {AND}) == [
        (4, [1]),  # the blue one
        (5, [1]),  # of two rings the one that is blue too
        (6, [1]),
        (7, [1]),
        (9, [2]),
        (10, [2]),
    ]
    assert sought([IGNORED, IGNORED, IGNORED, RED, IS], standing, {AND}) == [(2, [0, 2]), (3, [0, 2])]
    assert sought([IGNORED, IGNORED, IGNORED, IS, TOP], standing, {AND}) == []
    assert sought([RED, IGNORED, IGNORED], standing, {AND}) == []  # told before it was shown


def test_how_many_there_are_is_to_be_known_from_the_first_word_on() -> None:
    standing = [(0, frozenset({RED, RING})), (1, frozenset({BLUE, RING}))]
    labels = [IGNORED] * 3 + [IS, TOP, RING]
    assert sought(labels, standing, {AND}) == [(4, [0, 1])]
    assert sought(labels, standing, {AND}, {TOP}) == [(2, [1]), (3, [1]), (4, [1])]


def test_a_number_that_is_written_somewhere_is_not_what_is_counted() -> None:
    one, rings = 8, 9
    standing = [(0, frozenset({RED, RING, rings})), (1, frozenset({one}))]
    things = frozenset({RING, rings})
    labels = [IGNORED] * 3 + [IS, one, RING]
    assert sought(labels, standing, {AND}, {one, rings}, things) == [(2, [0]), (3, [0]), (4, [0])]
    assert sought([IGNORED] * 3 + [IS, one, CROSS], standing, {AND}, {one, CROSS}, frozenset({CROSS})) == []
    assert sought([IGNORED] * 3 + [IS, one], standing, {AND}, {one, rings}, things)[-1] == (3, [1])  # it is read


@pytest.mark.parametrize("count", [0, 1, 2])
def test_what_is_counted_is_sought_by_the_word_for_several(writer: Writer, count: int) -> None:
    circle, star = words().shapes[0], words().shapes[3]
    items = [Item(circle if number < count else star, words().colours[number], None, 4 * number) for number in range(3)]
    told = ("There are no {0.plural}.", "There is one {0}.", "There are two {0.plural}.")[count].format(circle)
    turn = Turn((Scene(tuple(items)), Text(f"How many {circle.plural} are there?")), told)
    example = writer.example(Recorded(0, Dialogue("answer", (turn,)), ()), chance(0), aloud=False)
    (picture,) = example.pictures
    token = writer.tokenizer.token_to_id("<|IMAGE|>")
    assert token is not None
    first = example.ids.index(token)
    stand = [first + place_in(4 * number, picture.rows, picture.columns) for number in range(count)]
    words_told = len(told.rstrip(".").split()) + 1  # with the full stop
    assert [rows for _, rows in example.sought] == [stand[-1:]] * (words_told if count else 0)
    every = [first + place_in(4 * number, picture.rows, picture.columns) for number in range(3)]
    assert example.ranked == [
        Ranked(row, tuple(every[:number] if number < count else every[count:number]), first - 1)
        for number, row in enumerate(every)
    ]
    assert [one.rank for one in example.ranked] == [*range(count), *range(3 - count)]


def asked(writer: Writer, index: int) -> tuple[Example, Scene, int]:
    """Where something is that is there once; which one of the scene's things it is."""
    shown = scene(chance("sought", index), least=2)
    number = next(
        number
        for number, item in enumerate(shown.items)
        if sum(item.shape == other.shape or item.colour == other.colour for other in shown.items) == 1
    )
    item = shown.items[number]
    turn = Turn((shown, Text(f"Where is the {item.coloured}?")), f"The {item.coloured} is {item.place}.")
    return writer.example(Recorded(index, Dialogue("answer", (turn,)), ()), chance(index), aloud=False), shown, number


def test_an_answer_is_sought_where_the_thing_stands(writer: Writer) -> None:
    example, shown, number = asked(writer, 0)
    (picture,) = example.pictures
    token = writer.tokenizer.token_to_id("<|IMAGE|>")
    assert token is not None
    first = example.ids.index(token)
    place = first + place_in(shown.items[number].cell, picture.rows, picture.columns)
    assert {tuple(rows) for _, rows in example.sought} == {(place,)}
    told = [writer.tokenizer.decode([example.labels[row + 1]]).strip() for row, _ in example.sought]
    assert " ".join(told).startswith(f"{shown.items[number].coloured} is")


@pytest.fixture
def learner(own_thinker: Qwen2_5OmniThinkerForConditionalGeneration, writer: Writer) -> Learner:
    return Learner(own_thinker, writer.prefix, seed=0)


def test_looks_are_those_of_the_librarys_attention(learner: Learner, writer: Writer) -> None:
    """Of the last two layers' first heads, where it is asked to tell them."""
    example = asked(writer, 0)[0]
    pictures = example.pictures
    language = learner.thinker.model.language_model
    language.set_attn_implementation("eager")
    theirs: list[torch.Tensor] = []
    handles = [
        layer.self_attn.register_forward_hook(lambda _module, _given, output: theirs.append(output[1]))
        for layer in language.layers[-2:]
    ]
    with torch.no_grad():
        read = learner.read([example], None, learner.see(pictures))
    for handle in handles:
        handle.remove()
    behind = [each for each in theirs if each.shape[2] == len(example.ids)]
    assert len(behind) == len(read.looks) == 2
    for ours, weights in zip(read.looks, behind, strict=True):
        torch.testing.assert_close(ours.whole().exp(), weights[:, 0], atol=1e-5, rtol=1e-4)


def taught(learner: Learner, steps: int, loss: Callable[[], torch.Tensor]) -> tuple[float, float]:
    """The first loss and the last one."""
    optimiser = torch.optim.AdamW(learner.parameters(), lr=1e-3)
    losses = []
    for _ in range(steps):
        optimiser.zero_grad()
        lost = loss()
        lost.backward()
        optimiser.step()
        losses.append(lost.item())
    return losses[0], losses[-1]


def test_heads_learn_to_look_where_they_are_told(learner: Learner, writer: Writer) -> None:
    examples = [asked(writer, index)[0] for index in range(4)]
    pictures = [picture for example in examples for picture in example.pictures]
    first, last = taught(
        learner, 25, lambda: losses.seeking_loss(learner, learner.read(examples, None, learner.see(pictures)), examples)
    )
    assert first > 3.0
    assert last < 0.5
    told = [writer.example(Recorded(0, Dialogue("answer", (Turn((Text("Hello."),), "Hello."),)), ()), chance(0))]
    assert losses.seeking_loss(learner, learner.read(told, None), told).item() == 0.0


FILM = coincidence(chance("a film"))


def heard_at(second: int) -> range:
    """Ticks of time, counted from the film's beginning."""
    return range(second * TICKS_A_SECOND, (second + 1) * TICKS_A_SECOND)


def test_what_was_there_at_a_sound_is_sought_in_the_sound_that_is_asked_about(writer: Writer) -> None:
    """Times and names are read off the positions and the pictures, not off how films are laid out. Each of several
    questions has its own sound.
    """
    example = filmed(writer, FILM)
    times, opened = torch.cat(example.positions, dim=1)[0], writer.tokenizer.token_to_id("<|VIDEO|>")
    assert opened is not None
    began = int(times[example.ids.index(opened)])
    shapes = [writer.heard(str(shot.items[0].full.english)) for shot in FILM.shots]
    standing = [
        names for picture in example.pictures for names in _by_place(picture.found, picture.rows * picture.columns)
    ]
    seen = [row for row, token in enumerate(example.ids) if token == opened]
    sounding = [second for second, sound in enumerate(FILM.sounds) if sound is not None]
    assert len(example.witnessed) == len(sounding) == 2
    for (rows, places), second in zip(example.witnessed, sounding, strict=True):
        assert len(rows) >= 15
        assert {int(times[row]) - began for row in rows} < set(heard_at(second))
        assert [standing[seen.index(place)] for place in places] == [shapes[second]]
        assert {int(times[place]) - began for place in places} == {second * TICKS_A_SECOND}
    for exchange, (told, rows) in zip((FILM.exchange, *FILM.others), example.overheard, strict=False):
        (second,) = (second for second in sounding if sound_name(FILM.sounds[second] or "noise") in exchange.said)
        assert str(FILM.shots[second].items[0].shape) in exchange.reply
        assert rows == example.witnessed[sounding.index(second)][0]
        assert writer.tokenizer.decode(example.ids[told.start : told.stop]) == exchange.reply
        assert [found for row, found in example.sought if row + 1 in told] == [rows] * 4  # the shape and what follows
    assert len(example.overheard) == 2
    assert any(found not in (rows for _, rows in example.overheard) for _, found in example.sought)  # the last question


def _by_place(found: dict[int, list[int]], places: int) -> list[list[int]]:
    return [found.get(place, []) for place in range(places)]


def test_a_head_begins_with_a_look_at_what_is_seen_at_a_sounds_time(learner: Learner, writer: Writer) -> None:
    """At the pictures of its own second more than at all others, and from there it learns what to look at."""
    example = filmed(writer, FILM)
    opened = writer.tokenizer.token_to_id("<|VIDEO|>")
    seen = [len(writer.prefix) + row for row, token in enumerate(example.ids) if token == opened]

    def look() -> torch.Tensor:
        read = learner.read([example], learner.hear(example.sounds), learner.see(example.pictures))
        return read.meanwhile[0].whole()[0].exp()

    def at_its_second(looks: torch.Tensor) -> float:
        shares = []
        for (rows, _), second in zip(example.witnessed, sounding, strict=True):
            every = looks[rows][:, seen].unflatten(1, (len(FILM.shots), -1)).sum(2)
            shares.append(float((every[:, second] / every.sum(1)).mean()))
        return min(shares)

    sounding = [second for second, sound in enumerate(FILM.sounds) if sound is not None]
    with torch.no_grad():
        before = at_its_second(look())
        learner.witness(writer.names_of_things(), 0)
        assert at_its_second(look()) > max(0.8, before + 0.2)

    def loss() -> torch.Tensor:
        read = learner.read([example], learner.hear(example.sounds), learner.see(example.pictures))
        return losses.meanwhile_loss(learner, read, [example])

    first, last = taught(learner, 20, loss)
    assert last < first / 2


MOTION = motion(chance("something moves"))


def test_what_came_of_each_thing_since_the_shot_before_is_noted(writer: Writer) -> None:
    example = filmed(writer, MOTION)
    opened = writer.tokenizer.token_to_id("<|VIDEO|>")
    seen = [row for row, token in enumerate(example.ids) if token == opened]
    size = len(seen) // len(MOTION.shots)
    found = [(seen.index(row) // size, CHANGES[number]) for row, number in example.changed]
    direction = MOTION.exchange.reply.rstrip(".").split()[-1]
    moved = [shot for shot, change in found if change == direction]
    assert moved == [2, 3]
    assert all(change == "stays" for shot, change in found if (shot, change) not in ((2, direction), (3, direction)))
    assert len(found) == sum(len(shot.items) for shot in MOTION.shots[1:])
    assert {CHANGES[number] for _, number in filmed(writer, FILM).changed} == {"new"}


def test_where_the_same_was_a_second_ago_is_noted_of_all_but_what_is_new(writer: Writer) -> None:
    example = filmed(writer, MOTION)
    opened = writer.tokenizer.token_to_id("<|VIDEO|>")
    seen = [row for row, token in enumerate(example.ids) if token == opened]
    places = sum(picture.rows * picture.columns for picture in example.pictures[:1])
    named = [
        frozenset(picture.found.get(place, ()))
        for picture in example.pictures
        for place in range(picture.rows * picture.columns)
    ]
    assert [row for row, _ in example.formerly] == [row for row, _ in example.changed]
    moving = []
    for row, before in example.formerly:
        now, then = seen.index(row), seen.index(before)
        assert now // places == then // places + 1
        assert named[now] == named[then] != frozenset()
        moving.append(now % places != then % places)
    assert moving == [CHANGES[number] != "stays" for _, number in example.changed]
    assert filmed(writer, FILM).formerly == []


def test_what_moved_is_to_be_sought_where_it_has_moved(writer: Writer) -> None:
    example = filmed(writer, MOTION)
    moved = [row for row, number in example.changed if CHANGES[number] != "stays"]
    assert len(moved) == 2
    assert moved in [found for _, found in example.sought]
    assert all(found == moved or not set(found) & set(moved) for _, found in example.sought)


def test_a_head_learns_to_look_at_the_same_thing_a_second_ago(learner: Learner, writer: Writer) -> None:
    example = filmed(writer, MOTION, drawn=False)

    def loss() -> torch.Tensor:
        return losses.formerly_loss(
            learner, learner.read([example], None, learner.imagine(example.pictures)), [example]
        )

    first, last = taught(learner, 20, loss)
    assert last < first / 2
    (row, then), *_ = example.formerly
    example.formerly = [(row, then + 1)]
    assert loss().item() > 2 * last


def test_states_learn_to_tell_what_came_of_each_thing(learner: Learner, writer: Writer) -> None:
    example = filmed(writer, MOTION, drawn=False)
    learner.witness(writer.names_of_things(), 0)

    def loss() -> torch.Tensor:
        return losses.change_loss(learner, learner.read([example], None, learner.imagine(example.pictures)), [example])

    first, last = taught(learner, 20, loss)
    assert last < first / 2
    (row, number), *_ = example.changed
    example.changed = [(row, (number + 1) % len(CHANGES))]
    assert loss().item() > 2 * last


def test_states_learn_to_tell_how_many_stand_before(learner: Learner, writer: Writer) -> None:
    examples = [asked(writer, index)[0] for index in range(3)]
    pictures = [picture for example in examples for picture in example.pictures]

    def loss() -> torch.Tensor:
        return losses.rank_loss(learner, learner.read(examples, None, learner.imagine(pictures)), examples)

    first, last = taught(learner, 20, loss)
    assert last < first / 2
    for example in examples:
        example.ranked = [replace(one, before=(0,) * ((one.rank + 1) % 4)) for one in example.ranked]
    assert loss().item() > 2 * last
    for example in examples:
        example.ranked = []
    assert loss().item() == 0.0


def test_a_head_learns_to_share_its_look_among_what_is_alike(learner: Learner, writer: Writer) -> None:
    """Equally: what the marker has of it tells how many stand before."""
    circle = words().shapes[0]
    items = tuple(Item(circle, words().colours[number], None, 4 * number) for number in range(3))
    turn = Turn((Scene(items), Text(f"How many {circle.plural} are there?")), f"There are three {circle.plural}.")
    example = writer.example(Recorded(0, Dialogue("answer", (turn,)), ()), chance(0), aloud=False, drawn=False)

    def read() -> Read:
        return learner.read([example], None, learner.imagine(example.pictures))

    first, last = taught(learner, 60, lambda: losses.tally_loss(learner, read(), [example]))
    assert last < first / 4
    (look,) = read().tally
    shares = [
        float(look.whole()[0, one.row, len(writer.prefix) + one.opening].detach().exp()) for one in example.ranked
    ]
    assert shares == pytest.approx([1 / 2, 1 / 3, 1 / 4], abs=0.1)
    assert losses.tally_loss(learner, replace(read(), tally=[]), [example]).item() == 0.0


def test_in_a_film_only_what_stands_in_the_same_shot_counts(writer: Writer) -> None:
    example = filmed(writer, MOTION)
    opened = writer.tokenizer.token_to_id("<|VIDEO|>")
    assert opened is not None
    seen = [row for row, token in enumerate(example.ids) if token == opened]
    size = len(seen) // len(MOTION.shots)
    for one in example.ranked:
        assert {seen.index(row) // size for row in one.before} <= {seen.index(one.row) // size}
        assert example.ids[one.opening] == writer.tokenizer.token_to_id("<|vision_bos|>")
    assert len(example.ranked) == sum(len(shot.items) for shot in MOTION.shots)


def test_a_head_begins_with_a_look_at_the_same_thing_a_second_ago(learner: Learner, writer: Writer) -> None:
    """More than at all others that were there then, and at that second more than at all seconds before."""
    example = filmed(writer, MOTION, drawn=False)
    learner.witness(writer.names_of_things(), 0)
    opened = writer.tokenizer.token_to_id("<|VIDEO|>")
    before = len(writer.prefix)
    seen = [row for row, token in enumerate(example.ids) if token == opened]
    size = len(seen) // len(MOTION.shots)
    standing = [
        [(seen[shot * size + place], names) for place, names in picture.found.items()]
        for shot, picture in enumerate(example.pictures)
    ]
    looks = Looks((4,))
    with looks.noted([learner.thinker.model.language_model.layers[1]]), torch.no_grad():
        learner.read([example], None, learner.imagine(example.pictures))
    look = looks.heads[0].whole()[0].exp()
    shares, seconds = [], []
    for shot in range(1, len(MOTION.shots)):
        for row, names in standing[shot]:
            then = {other: float(look[row, before + other]) for other, _ in standing[shot - 1]}
            (same,) = (other for other, known in standing[shot - 1] if known == names)
            shares.append(then[same] / sum(then.values()))
            at = [
                float(look[row, [before + each for each in seen[s * size : (s + 1) * size]]].sum()) for s in range(shot)
            ]
            seconds.append(at[-1] / sum(at))
    chance_share = sum(1 / len(each) for each in standing) / len(standing)
    assert sum(shares) / len(shares) > chance_share + 0.15
    assert sum(seconds) / len(seconds) > 0.8


def test_two_heads_begin_with_telling_what_they_look_at(learner: Learner, writer: Writer) -> None:
    """Of other films than it was fitted to: in which row and column something stands, and where the marker is; and the
    third head that shares their values tells none of it.
    """
    films = [filmed(writer, motion(chance("fitted", number)), drawn=False) for number in range(6)]
    others = [filmed(writer, motion(chance("other", number)), drawn=False) for number in range(2)]
    torch.manual_seed(0)  # what is imagined is blurred by chance
    learner.tell_what_is_seen(films, 0)
    attention = learner.thinker.model.language_model.layers[1].self_attn
    told: list[torch.Tensor] = []
    handle = attention.v_proj.register_forward_hook(lambda _module, _inputs, output: told.append(output[0, :, -3:]))
    for example in others:
        learner.read([example], None, learner.imagine(example.pictures), looking=False)
    handle.remove()
    opened, marker = (writer.tokenizer.token_to_id(mark) for mark in ("<|VIDEO|>", "<|vision_bos|>"))
    for example, values in zip(others, told[1::2], strict=True):  # the system prompt is read before each
        seen = [row for row, token in enumerate(example.ids) if token == opened]
        places = [divmod(p, each.columns) for each in example.pictures for p in range(each.rows * each.columns)]
        for number in range(2):
            ways = torch.tensor(places, dtype=torch.float).T
            likeness = torch.corrcoef(torch.cat([values[seen, number].detach()[None], ways]))[0, 1:]
            assert float(likeness[number]) > 0.3  # as much as an untrained model knows of it
            assert abs(float(likeness[1 - number])) < float(likeness[number])
        marked = torch.tensor([token == marker for token in example.ids])
        assert float(values[marked, 2].min().detach()) > 3 * float(values[~marked, 2].abs().mean().detach())
    size = attention.head_dim
    shares = [attention.o_proj.weight[:, (head + 1) * size - 3 : (head + 1) * size].norm(dim=0) for head in (3, 4, 5)]
    assert [[bool(share > 0.0) for share in each] for each in shares] == [
        [False, False, False],
        [True, True, False],
        [False, False, True],
    ]


def test_without_a_film_nothing_is_to_be_witnessed(learner: Learner, writer: Writer) -> None:
    examples = [asked(writer, 0)[0]]
    assert not examples[0].witnessed
    assert not examples[0].overheard
    read = learner.read(examples, None, learner.see(examples[0].pictures))
    assert read.meanwhile == read.formerly == []
    assert losses.meanwhile_loss(learner, read, examples).item() == 0.0
    assert losses.formerly_loss(learner, read, examples).item() == 0.0
    assert losses.change_loss(learner, read, examples).item() == 0.0
