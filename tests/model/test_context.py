"""What Thinker and Talker remember, after every way of going back or making room, against a context built straight."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from model.context import Segment
from model.decoder import Decoder
from model.errors import Cancelled, ContextFullError, never_cancelled
from model.omni import Omni
from model.sampling import Sampling
from model.talker import TalkerStream
from tests.helpers.book import ROOM, Book, assert_same, assert_same_caches, filled, pieces_of, straight
from tests.helpers.checks import Breaker

# One way or another


@pytest.mark.parametrize("seed", range(4))
def test_draining_now_and_then_is_draining_once(omni: Omni, seed: int) -> None:
    dice, pieces = random.Random(seed), [piece for part in range(4) for piece in pieces_of(10 * seed + part)]
    once, often = Book(omni), Book(omni)
    for kind, number in pieces:
        once.queue(kind, number)
        often.queue(kind, number)
        if dice.random() < 0.5:
            often.drain()
    assert once.context.length == often.context.length
    assert_same(once, often)


def test_an_eager_talker_and_one_that_waits_come_to_the_same(omni: Omni) -> None:
    books = [Book(omni, eager=True), Book(omni, eager=False)]
    for book in books:
        for seed in range(3):
            book.turn(seed, 4)
    eager, waiting = (book.context.talker for book in books)
    assert eager is not None
    assert waiting is not None
    assert eager._cache.length == eager.length - 4, "the last reply waits for the next turn"
    assert waiting._cache.length == 0
    assert waiting.length == eager.length
    assert_same(*books)


def test_a_silent_context_has_the_same_thoughts(omni: Omni) -> None:
    silent, speaking = Book(omni, speaks=False), Book(omni)
    for book in (silent, speaking):
        book.turn(1, 5)
    assert silent.context.nbytes < speaking.context.nbytes
    assert_same(silent, speaking)


def test_stepping_is_appending_where_the_reply_stands(omni: Omni) -> None:
    stepped, appended = Book(omni), Book(omni)
    for book in (stepped, appended):
        book.queue("frame", 98)
        book.queue("text", 5)
        book.drain()
    mark = stepped.context.mark()
    stepped.context.keep(mark, stepped.say(6, 3))
    ids = list(stepped.context.ids[-6:])
    embeddings = omni.thinker.embed(ids)
    appended.context.queue(Segment(tuple(ids), embeddings, appended.context.positions.reply(6)))
    assert_same(stepped, appended)


# Going back


@pytest.mark.parametrize("seed", range(6))
def test_what_came_after_a_mark_was_never_said(omni: Omni, seed: int) -> None:
    dice = random.Random(seed)
    book, plain = Book(omni, eager=dice.random() < 0.7), Book(omni)
    for part in range(5):
        for kind, number in pieces_of(100 * seed + part):
            book.queue(kind, number)
            plain.queue(kind, number)
        if dice.random() < 0.5:
            book.drain()
        mark = book.context.mark()
        book.context.begin_turn()
        for kind, number in pieces_of(777 + part):
            book.queue(kind, number)
        if dice.random() < 0.5:
            book.say(dice.randint(0, 4), seed)
        book.context.rewind(mark)
    assert book.context._turns == []
    assert_same(book, plain)


@pytest.mark.parametrize("kept", range(7))
def test_of_a_reply_its_first_tokens_are_kept(omni: Omni, kept: int) -> None:
    cut, short = Book(omni), Book(omni)
    for book in (cut, short):
        book.turn(3, 2)
        book.context.begin_turn()
        book.queue("frame", 98)
        book.drain()
    mark = cut.context.mark()
    vectors = cut.say(6, 9)
    assert cut.context.talker is not None
    utterance = cut.context.talker.begin(omni.thinker.embed([9]), cut.context.positions, Sampling())
    for vector in vectors:
        utterance.step(vector, never_cancelled)
    cut.context.keep(mark, vectors[:kept])
    mark = short.context.mark()
    short.context.keep(mark, short.say(6, 9)[:0])
    for token, vector in zip(cut.context.ids[mark.length :], vectors, strict=False):
        again = short.context.step(token, never_cancelled)
        torch.testing.assert_close(again, vector, rtol=1e-4, atol=1e-4)
        assert short.context.talker is not None
        short.context.talker.push(again, short.context._placed[:, -1:])
    assert_same(cut, short)


def test_a_mark_stays_good_while_others_come_and_go(omni: Omni) -> None:
    book, plain = Book(omni), Book(omni)
    for each in (book, plain):
        each.turn(1, 3)
    early = book.context.mark()
    book.queue("text", 5)
    late = book.context.mark()
    book.drain()
    book.context.rewind(late)
    book.queue("sound", 4)
    book.context.rewind(early)
    assert_same(book, plain)


def test_nothing_is_to_be_drawn_right_after_going_back(omni: Omni) -> None:
    book = Book(omni)
    book.queue("text", 5)
    book.drain()
    book.context.rewind(book.context.mark())
    with pytest.raises(RuntimeError, match="rewound"):
        book.context.logits()


def test_draining_given_up_at_any_layer_can_be_gone_back_from(omni: Omni) -> None:
    layers = omni.thinker.decoder.shape.layers + omni.talker.decoder.shape.layers
    for at in range(layers):
        book, plain = Book(omni), Book(omni)
        for each in (book, plain):
            each.turn(1, 3)
            each.drain()
            each.queue("text", 8)
        mark = book.context.mark()
        with pytest.raises(Cancelled):
            book.context.drain(Breaker(at))
        if at % 2:
            book.context.rewind(mark)
        assert_same(book, plain)


def test_a_step_given_up_at_any_layer_was_not_taken(omni: Omni) -> None:
    book, plain = Book(omni), Book(omni)
    for each in (book, plain):
        each.queue("frame", 98)
        each.drain()
    for at in range(omni.thinker.decoder.shape.layers):
        with pytest.raises(Cancelled):
            book.context.step(5, Breaker(at))
    for each in (book, plain):
        each.context.step(6, never_cancelled)
    torch.testing.assert_close(book.context.logits(), plain.context.logits())
    assert torch.equal(book.context._placed, plain.context._placed)


# Making room


@pytest.fixture
def rows(omni: Omni, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts the rows that go through the Thinker and the Talker."""
    counted: list[int] = []
    run = Decoder.run

    def counting(decoder: Decoder, x: Tensor, *rest: Any) -> Tensor:  # noqa: ANN401 -- passed on as they come
        counted.append(len(x))
        return run(decoder, x, *rest)

    monkeypatch.setattr(Decoder, "run", counting)
    return counted


@pytest.mark.parametrize("limit", [90, 97, 150])
def test_oldest_turns_go_and_nothing_is_computed_again(omni: Omni, rows: list[int], limit: int) -> None:
    book = Book(omni, limit)
    book.queue("text", 40)
    opening, dropped = book.context.length, 0
    first = book.context._queue[0].ids
    for seed in range(25):
        rows.clear()
        before = book.context.length
        book.context.begin_turn()
        for kind, number in pieces_of(seed):
            book.queue(kind, number)
        asked = book.context.length - before
        book.drain()
        waiting = sum(rows) - 2 * asked
        assert waiting in (0, 4, opening * 2), "beside its own tokens the turn before's reply, and the opening once"
        room = book.context.make_room(8)
        assert room >= 8
        book.context.keep(book.context.mark(), book.say(4, seed))
        context = book.context
        assert context.length <= limit
        assert int(context._placed.max()) < limit
        assert int(context._placed.min()) >= 0
        assert context.ids[:opening] == first
        assert context.talker is not None
        assert context.talker.length == context.length == len(context.ids) == context._placed.shape[1]
        dropped = sum(drop.turn for drop in context._drops)
        assert len(context._turns) == seed + 1 - dropped
    assert dropped > 10


def test_places_behind_dropped_turns_are_those_of_a_talk_without_them(omni: Omni) -> None:
    """So are the first layer's keys; deeper values still know what was said."""
    book, short = straight(omni, [(1, 3), (2, 3), (3, 3), (4, 2)]), straight(omni, [(3, 3), (4, 2)])
    for each in (book, short):
        each.drain()
        each.context.queue(Segment((1,), omni.thinker.embed([1]), each.context.positions.text(1)))
    deep = filled(book.context._cache)[-1].clone()
    book.context._drop_oldest()
    book.context._drop_oldest()
    mine, theirs = book.context, short.context
    assert mine.ids == theirs.ids
    assert torch.equal(mine._placed, theirs._placed)
    assert torch.equal(mine._queue[0].positions, theirs._queue[0].positions)
    assert replace(mine.positions, base=0) == replace(theirs.positions, base=0)
    assert mine._turns == theirs._turns
    torch.testing.assert_close(filled(mine._cache)[0], filled(theirs._cache)[0], rtol=1e-4, atol=1e-4)
    tail = mine._cache.length - mine._turns[0]
    assert torch.equal(filled(mine._cache)[-1][:, -tail:], deep[:, -tail:])


def test_a_mark_finds_its_place_after_turns_were_dropped(omni: Omni) -> None:
    """The one who went back and the one who never went on have dropped the same turns."""
    books = [Book(omni), Book(omni)]
    for book in books:
        for seed in range(4):
            book.turn(seed, 3)
        book.drain()
        book.context.begin_turn()
        book.queue("text", 30)
    gone, plain = books
    mark = gone.context.mark()
    gone.queue("frame", 98)
    gone.drain()
    gone.context.begin_turn()
    for book in books:
        for _ in range(3):
            book.context._drop_oldest()
    gone.context.rewind(mark)
    assert gone.context._turns == plain.context._turns
    assert_same(gone, plain)


def test_the_talker_drops_the_same_turns_at_the_same_places(omni: Omni) -> None:
    """The first layer's keys of the one that was prefilled are those of the one that waits, made at the new places."""
    books = [Book(omni, eager=eager) for eager in (True, False)]
    for book in books:
        for seed in (1, 2, 3):
            book.turn(seed, 3)
        book.context._drop_oldest()
        talker = book.context.talker
        assert talker is not None
        assert talker.length == book.context.length
        waiting = torch.cat([positions for _, positions in talker._waiting], dim=1)
        assert torch.equal(waiting, book.context._placed[:, talker._cache.length :])
        talker.catch_up(never_cancelled)
    turned, made = (book.context.talker._cache for book in books if book.context.talker)
    torch.testing.assert_close(filled(turned)[0], filled(made)[0], rtol=1e-4, atol=1e-4)


def test_all_that_the_talker_waits_with_may_be_dropped(omni: Omni) -> None:
    book, plain = Book(omni, eager=False), Book(omni)
    book.turn(1, 3)
    for each in (book, plain):
        each.context.begin_turn()
        each.queue("text", 4)
    book.context._drop_oldest()
    assert book.context.talker is not None
    assert book.context.talker.length == 0
    book.context.talker.catch_up(never_cancelled)
    assert_same(book, plain)


def test_a_talker_that_waits_is_cropped_anywhere(omni: Omni) -> None:
    vectors, positions = torch.randn(9, omni.thinker.width), torch.arange(9).expand(3, 9)
    for length in range(10):
        stream, straight_stream = TalkerStream(omni.talker), TalkerStream(omni.talker)
        for first, last in ((0, 4), (4, 5), (5, 9)):
            stream.push(vectors[first:last], positions[:, first:last])
        straight_stream.push(vectors[:length], positions[:, :length])
        stream.crop(length)
        assert stream.length == length
        if length:
            for each in (stream, straight_stream):
                each.catch_up(never_cancelled)
            assert_same_caches(stream._cache, straight_stream._cache)


@pytest.mark.parametrize("drained", [True, False])
def test_a_turn_too_long_is_refused_before_anything_is_dropped(omni: Omni, drained: bool) -> None:  # noqa: FBT001
    book, plain = Book(omni, 80), Book(omni)
    for each in (book, plain):
        each.queue("text", 40)
        each.turn(1, 3)
        each.turn(2, 3)
        each.drain()
    mark = book.context.mark()
    book.context.begin_turn()
    for _ in range(20):
        book.queue("text", 11)
        if drained and book.context.length < 60:
            book.drain()
    with pytest.raises(ContextFullError, match=r"80 tokens.*\.$"):
        book.drain()
    assert book.context._drops == []
    book.context.rewind(mark)
    book.context.limit = ROOM
    assert_same(book, plain)


def test_ids_count_where_they_are_more_than_tokens(omni: Omni) -> None:
    """Ten seconds of a silent video in tiny frames are 250 ids and few tokens."""
    book = Book(omni, 600)
    for _ in range(8):
        book.context.begin_turn()
        book.queue("text", 3)
        book.context.positions.open_clip()
        for second in range(10):
            positions = book.context.positions.grid(25 * second, 1, 1)
            book.context.queue(Segment((300,), torch.randn(1, omni.thinker.width), positions, media=True))
        book.drain()
        assert book.context.make_room(10) >= 10
        book.context.keep(book.context.mark(), book.say(5, 0))
        assert int(book.context._placed.max()) < 600
        assert book.context.length < 100, "of few tokens each"
    assert len(book.context._drops) > 4


def test_a_turn_of_few_tokens_may_be_too_long_in_time(omni: Omni) -> None:
    book = Book(omni, 300)
    book.turn(1, 2)
    book.turn(2, 2)
    book.context.begin_turn()
    book.context.positions.open_clip()
    for time in (0, 290):
        positions = book.context.positions.grid(time, 1, 1)
        book.context.queue(Segment((300,), torch.randn(1, omni.thinker.width), positions, media=True))
    book.drain()
    assert sum(drop.turn for drop in book.context._drops) == 2
    book.context.begin_turn()
    book.context.positions.open_clip()
    for time in (0, 310):
        positions = book.context.positions.grid(time, 1, 1)
        book.context.queue(Segment((300,), torch.randn(1, omni.thinker.width), positions, media=True))
    with pytest.raises(ContextFullError):
        book.drain()
    assert sum(drop.turn for drop in book.context._drops) == 2


def test_memory_is_told_and_bounded_by_the_limit(omni: Omni) -> None:
    book = Book(omni, 100)
    sizes = []
    for seed in range(20):
        book.turn(seed, 4)
        sizes.append(book.context.nbytes)
    assert sizes[-1] == sizes[6]
    shapes = (omni.thinker.decoder.shape, omni.talker.decoder.shape)
    token = sum(2 * shape.layers * shape.kv_heads * shape.head_dim * 4 for shape in shapes)
    assert 100 * token <= sizes[-1] <= 200 * token
