"""A context and how it came to be, made of pieces, to be held beside another that came to be otherwise."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import torch
from torch import Tensor

from model.context import Context, Segment
from model.decoder import KeyValueCache
from model.errors import never_cancelled
from model.omni import Omni
from model.talker import TalkerStream

ROOM = 10_000
Piece = tuple[str, int]
"""What is appended: "text", "sound", "frame" or "reply", and a number that says which and how much."""


@dataclass
class Book:
    """A context and how it came to be; the same pieces always make the same tokens."""

    omni: Omni
    limit: int = ROOM
    eager: bool = True
    speaks: bool = True
    media: int | None = None
    earlier: int | None = None
    context: Context = field(init=False)

    def __post_init__(self) -> None:
        talker = TalkerStream(self.omni.talker) if self.speaks else None
        self.context = Context(
            self.omni.thinker, talker, self.limit, eager=self.eager, media=self.media, earlier=self.earlier
        )

    def queue(self, kind: str, number: int) -> None:
        """Append without computing."""
        context, thinker = self.context, self.omni.thinker
        generator = torch.Generator().manual_seed(number)
        if kind == "text":
            ids = torch.randint(0, 256, (1 + number % 12,), generator=generator).tolist()
            context.queue(Segment(tuple(ids), thinker.embed(ids), context.positions.text(len(ids))))
            return
        context.positions.open_clip()
        if kind == "sound":
            positions = context.positions.sound(0, 1 + number % 9)
        else:
            positions = context.positions.grid(3 * (number % 3), 1 + number % 4, 1 + number % 5)
        count = positions.shape[1]
        embeddings = torch.randn(count, thinker.width, generator=generator)
        context.queue(Segment((300,) * count, embeddings, positions, media=True))

    def say(self, count: int, seed: int) -> list[Tensor]:
        """Step as a reply does, for what was drained."""
        self.drain()
        generator = torch.Generator().manual_seed(seed)
        ids = torch.randint(0, 256, (count,), generator=generator).tolist()
        return [self.context.step(token, never_cancelled) for token in ids]

    def drain(self) -> None:
        """Compute what was appended."""
        self.context.drain(never_cancelled)

    def turn(self, seed: int, said: int) -> None:
        """A whole turn with its reply."""
        self.context.begin_turn()
        for kind, number in pieces_of(seed):
            self.queue(kind, number)
        self.drain()
        mark = self.context.mark()
        self.context.keep(mark, self.say(said, seed))


def pieces_of(seed: int) -> list[Piece]:
    """What comes in in the turn with a number."""
    dice = random.Random(seed)
    kinds = dice.choices(["text", "sound", "frame"], k=dice.randint(1, 4))
    return [("text", dice.randrange(99)), *((kind, dice.randrange(99)) for kind in kinds)]


def filled(cache: KeyValueCache) -> list[Tensor]:
    """Keys and values of what it holds, layer by layer."""
    return [tensor[:, : cache.length] for tensor in cache._keys + cache._values]


def assert_same_caches(left: KeyValueCache, right: KeyValueCache) -> None:
    """As far as computing in another order allows."""
    assert left.length == right.length
    for mine, theirs in zip(filled(left), filled(right), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-4)


def assert_same(left: Book, right: Book) -> None:
    """Tokens, places and everything that was computed for them, now and after more was said."""
    for _ in range(2):
        for book in (left, right):
            book.drain()
            if book.context.talker is not None:
                book.context.talker.catch_up(never_cancelled)
        mine, theirs = left.context, right.context
        assert mine.ids == theirs.ids
        assert torch.equal(mine._placed, theirs._placed)
        assert mine.positions.highest == theirs.positions.highest
        assert_same_caches(mine._cache, theirs._cache)
        if mine.talker is not None and theirs.talker is not None:
            assert_same_caches(mine.talker._cache, theirs.talker._cache)
            assert mine.talker.length == theirs.talker.length == mine.length
        for book in (left, right):
            book.queue("text", 11)
            book.queue("frame", 7)
    for book in (left, right):
        book.drain()
    torch.testing.assert_close(left.context.logits(), right.context.logits(), rtol=1e-4, atol=1e-4)


def straight(omni: Omni, turns: list[tuple[int, int]]) -> Book:
    """Turns with numbers, and how long their replies are."""
    book = Book(omni)
    book.queue("text", 40)
    for seed, said in turns:
        book.turn(seed, said)
    return book
