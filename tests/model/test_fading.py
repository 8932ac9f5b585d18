"""Sounds and pictures of older turns fade, words stay: against a context in which they never were."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
import torch

from model.errors import never_cancelled
from model.omni import Omni
from model.sampling import GREEDY
from model.session import Session, SessionSettings
from tests.helpers.book import Book, assert_same, filled

HELLO, GOODBYE = ("text", 20), ("text", 31)
SOUND, FRAME = ("sound", 26), ("frame", 23)  # 9 tokens, and 4 rows of 4


def told(book: Book, *pieces: tuple[str, int], said: int = 3) -> None:
    """A turn of these pieces, with its reply."""
    book.context.begin_turn()
    for kind, number in pieces:
        book.queue(kind, number)
    book.drain()
    book.context.keep(book.context.mark(), book.say(said, 5))


def test_what_is_left_stands_where_it_would_if_nothing_had_been_heard(omni: Omni) -> None:
    """So are the first layer's keys; deeper values still know what was heard."""
    book, silent = Book(omni, media=0), Book(omni)
    told(book, HELLO, SOUND, FRAME, GOODBYE)
    told(silent, HELLO, GOODBYE)
    for each in (book, silent):
        told(each, HELLO)
    deep = filled(book.context._cache)[-1].clone()
    for each in (book, silent):
        each.context.begin_turn()
        each.queue("text", 9)
        each.drain()
    mine, theirs = book.context, silent.context
    assert [drop.count for drop in mine._drops] == [25]
    assert mine.ids == theirs.ids
    assert torch.equal(mine._placed, theirs._placed)
    assert mine.positions.highest == theirs.positions.highest
    assert mine._turns == theirs._turns
    torch.testing.assert_close(filled(mine._cache)[0], filled(theirs._cache)[0], rtol=1e-4, atol=1e-4)
    said = len(theirs.ids) - 10  # of the turn that faded
    assert torch.equal(filled(mine._cache)[-1][:, said - 3 : said], deep[:, -3:])
    assert mine.talker is not None
    assert mine.talker.length == mine.length


def test_the_oldest_fade_until_no_more_is_left_than_may_be(omni: Omni) -> None:
    book = Book(omni, media=30)
    for number in range(6):
        told(book, HELLO, ("sound", 26 + 9 * number))
        kept = sum(token == 300 for token in book.context.ids)
        assert kept == 9 * min(number + 1, 4), "three may be there, and the newest beside them"
    assert len(book.context._turns) == 6
    assert [drop.turn for drop in book.context._drops] == [False, False]
    assert sum(stop - start for start, stop in book.context._runs) == 36
    for start, stop in book.context._runs:
        assert set(book.context.ids[start:stop]) == {300}


def test_the_last_turns_media_stay_however_much_it_is(omni: Omni) -> None:
    """Whoever asks "and the other one?" asks about them."""
    book = Book(omni, media=5)
    told(book, HELLO, FRAME)
    told(book, GOODBYE)
    assert sum(token == 300 for token in book.context.ids) == 16
    told(book, GOODBYE)
    assert 300 not in book.context.ids


def test_all_media_fade_before_a_word_does(omni: Omni) -> None:
    book = Book(omni, limit=100)
    told(book, HELLO, FRAME, said=1)
    for _ in range(4):
        told(book, HELLO, said=1)
    assert book.context._drops == []
    book.context.begin_turn()
    assert book.context.make_room(45) >= 45
    assert [drop.turn for drop in book.context._drops] == [False]
    assert book.context.make_room(60) >= 60
    assert [drop.turn for drop in book.context._drops] == [False, True]


@pytest.mark.parametrize("seed", range(12))
def test_marks_find_their_places_whatever_faded_or_went_meanwhile(omni: Omni, seed: int) -> None:
    """The one who went back and the one who never went on have lost the same."""
    dice = random.Random(seed)
    books = gone, plain = [Book(omni) for _ in range(2)]
    shapes = [dice.sample((HELLO, SOUND, FRAME, GOODBYE), k=3) for _ in range(5)]
    for book in books:
        for shape in shapes:
            told(book, HELLO, *shape)
        if book.context.talker is not None:
            book.context.talker.catch_up(never_cancelled)  # or the last reply would be thought of without what fades
        book.context.begin_turn()
        book.queue("text", 30)
    mark = gone.context.mark()
    if dice.random() < 0.5:
        gone.drain()
        gone.queue(*FRAME)
    gone.drain()
    told(gone, GOODBYE, SOUND)
    losses = [dice.random() < 0.6 for _ in range(4)]
    for book in books:
        for fades in losses:
            if not (fades and book.context._fade()):
                book.context._drop_oldest()
    assert gone.context.holds(mark)
    gone.context.rewind(mark)
    assert gone.context._turns == plain.context._turns
    assert gone.context._runs == plain.context._runs
    assert_same(gone, plain)


def test_a_reply_is_kept_where_it_stands_though_older_turns_went_meanwhile(omni: Omni) -> None:
    book = Book(omni)
    for _ in range(2):
        told(book, HELLO, SOUND)
    book.context.begin_turn()
    book.queue(*GOODBYE)
    book.drain()
    mark = book.context.mark()
    vectors = book.say(5, 3)
    book.context._drop_oldest()
    book.context.keep(mark, vectors[:4])
    assert book.context.positions.highest == int(book.context._placed.max())
    assert book.context.length == len(book.context.ids)


def test_media_may_stand_at_the_very_beginning(omni: Omni) -> None:
    """And before any turn, where nothing but media ever goes."""
    book, silent = Book(omni, media=0), Book(omni)
    book.queue(*SOUND)
    for each in (book, silent):
        each.queue("text", 9)
        told(each, HELLO)
        told(each, HELLO)
    assert [drop.count for drop in book.context._drops] == [9]
    assert book.context.dropped == 9
    assert torch.equal(book.context._placed, silent.context._placed)
    late = Book(omni)
    late.queue(*SOUND)
    for _ in range(3):
        told(late, HELLO, FRAME)
    late.context._drop_oldest()
    assert late.context._runs[0] == (0, 9)
    for start, stop in late.context._runs:
        assert set(late.context.ids[start:stop]) == {300}
    assert sum(stop - start for start, stop in late.context._runs) == late.context.ids.count(300)


def test_media_of_two_turns_are_never_one(omni: Omni) -> None:
    """Where one turn ends with what the next one begins with."""
    book = Book(omni)
    book.queue("text", 9)
    for _ in range(2):
        book.context.begin_turn()
        book.queue(*SOUND)
        book.drain()
    assert len(book.context._runs) == 2
    book.context.begin_turn()
    assert book.context._fade()
    assert [turn <= book.context.length for turn in book.context._turns] == [True] * 3
    assert book.context._turns == sorted(book.context._turns)
    assert book.context.ids.count(300) == 9


def test_a_place_within_what_faded_is_gone(omni: Omni) -> None:
    book = Book(omni, media=0)
    before = book.context.mark()
    book.context.begin_turn()
    book.queue(*SOUND)
    book.drain()
    within = book.context.mark()
    book.queue(*FRAME)
    book.queue(*GOODBYE)
    book.drain()
    behind = book.context.mark()
    told(book, GOODBYE)
    book.context.begin_turn()
    assert [book.context.holds(mark) for mark in (before, within, behind)] == [True, False, True]
    with pytest.raises(RuntimeError, match="dropped"):
        book.context.rewind(within)


def test_what_was_typed_outlives_an_hour_of_watching(omni: Omni) -> None:
    """Each of the turns would drive half of the conversation out, were media not the first to go."""
    session = Session(omni, SessionSettings(system="Be brief.", thinker=GREEDY, max_tokens=4, context=700))
    fact = "The spare key lies under the blue flowerpot."
    session.read(fact)
    answer(session)
    for _ in range(8):
        session.hear(np.zeros(3 * 16_000, np.float32))
        for second in range(3):
            session.see(np.full((56, 56, 3), 40 * second, np.uint8), second)
        session.close_clip()
        session.read("And now?")
        answer(session)
    ids, words = session._context.ids, tuple(omni.vocabulary.encode(fact))
    assert any(ids[place : place + len(words)] == words for place in range(len(ids)))
    assert session.context_tokens <= 700
    assert len(session._context._drops) >= 3
    assert not any(drop.turn for drop in session._context._drops)


def answer(session: Session) -> None:
    for _ in session.reply():
        pass


@pytest.mark.parametrize(("earlier", "kept"), [(40, 3), (39, 2), (5, 2), (0, 2)])
def test_the_oldest_turns_are_dropped_until_no_more_is_left_than_may_be(omni: Omni, earlier: int, kept: int) -> None:
    """Of twenty tokens each: as many as fit beside the new one, and the last of them whatever it has."""
    book, other = Book(omni, earlier=earlier), Book(omni)
    for number in range(6):
        told(book, HELLO, GOODBYE, said=3)
        assert book.context.length == 20 * min(number + 1, kept)
        assert len(book.context._turns) == min(number + 1, kept)
    assert all(drop.turn for drop in book.context._drops)
    for _ in range(kept):
        told(other, HELLO, GOODBYE, said=3)
    assert torch.equal(book.context._placed, other.context._placed)
    assert book.context.talker is not None
    assert book.context.talker.length == book.context.length


def test_a_session_keeps_as_much_in_mind_as_it_is_told_to(omni: Omni) -> None:
    settings = SessionSettings(thinker=GREEDY, max_tokens=4, context=700)
    assert Session(omni, settings)._context.media == 700
    assert Session(omni, replace(settings, media=20))._context.media == 20
    assert Session(omni, settings)._context.earlier == 700
    assert Session(omni, replace(settings, earlier=30))._context.earlier == 30
