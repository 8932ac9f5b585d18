"""The tokens of one conversation as Thinker and Talker remember them: vectors and their positions. Makes none of them.

When the context is full the oldest sounds and pictures fade, since they are most of a conversation and soon over; what
was typed and answered stays. Where that is not enough the oldest turn is dropped. Either way keys and values go from
both caches, the keys behind them are turned back by as many position ids as they had, and nothing is computed again.
What was understood of it stays in the values of what followed. A turn that alone is longer than the context is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from model.errors import ContextFullError
from model.foresight import Foresight
from model.positions import Positions
from model.talker import TalkerStream
from model.thinker import Thinker


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A run of tokens: ids, embeddings [n, width], positions [3, n]; `media` where they stand for pictures or sound."""

    ids: tuple[int, ...]
    embeddings: Tensor
    positions: Tensor
    media: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to come back to; `drops` is how often something had been dropped until then."""

    length: int
    positions: Positions
    queue: tuple[Segment, ...]
    turns: int
    drops: int


@dataclass(frozen=True, slots=True)
class Drop:
    """Tokens `start` to `stop`, as they stood then, with so many position ids; a whole turn, or media only."""

    start: int
    stop: int
    ids: int
    turn: bool

    @property
    def count(self) -> int:
        """Of tokens."""
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class Since:
    """Where a mark is now: its length, and the position ids and turns before it that were dropped since."""

    length: int
    ids: int = 0
    turns: int = 0


@dataclass(slots=True, eq=False)
class Ahead:
    """Tokens that were run before they were said; `used` of them came true. Their keys lie behind the cache's end."""

    ids: tuple[int, ...]
    embeddings: Tensor
    positions: Tensor
    hidden: Tensor
    scores: Tensor
    used: int = 0

    def holds(self, token: int) -> bool:
        """Whether the token is the next of them."""
        return self.used < len(self.ids) and self.ids[self.used] == token


class Context:
    """Appends, steps, rewinds and makes room, with Thinker and Talker always holding the same tokens."""

    def __init__(
        self,
        thinker: Thinker,
        talker: TalkerStream | None,
        limit: int,
        *,
        eager: bool,
        media: int | None = None,
        earlier: int | None = None,
        foresight: Foresight | None = None,
    ) -> None:
        """`limit` in tokens; more than `media` of those that stand for sound and pictures fade before it is reached,
        and turns are dropped where those before a new one have more than `earlier`.
        `eager` prefills the Talker as soon as the Thinker (else when a reply is spoken).

        With `foresight`, tokens that a reply may go on with are run together with the one that is certain.
        """
        self._thinker = thinker
        self._foresight = foresight
        self._ahead: Ahead | None = None
        self._scores: Tensor | None = None
        self._cache = thinker.decoder.cache()
        self.talker = talker
        self.limit = limit
        self.media = limit if media is None else media
        self.earlier = limit if earlier is None else earlier
        self.eager = eager
        self.positions = Positions()
        self._queue: list[Segment] = []
        self._ids: list[int] = []
        self._placed = torch.empty(3, 0, dtype=torch.long)
        self._turns: list[int] = []
        self._runs: list[tuple[int, int]] = []  # of media, one behind another
        self._drops: list[Drop] = []
        self._last: Tensor | None = None

    @property
    def length(self) -> int:
        """Tokens in the context, queued ones included."""
        return len(self._ids) + sum(len(segment.ids) for segment in self._queue)

    @property
    def ids(self) -> tuple[int, ...]:
        """Every token that was run through the Thinker."""
        return tuple(self._ids)

    @property
    def dropped(self) -> int:
        """Tokens that were dropped since the conversation began."""
        return sum(drop.count for drop in self._drops)

    @property
    def nbytes(self) -> int:
        """Bytes of both caches."""
        return self._cache.nbytes + (0 if self.talker is None else self.talker.nbytes)

    def queue(self, segment: Segment) -> None:
        """Append without computing yet."""
        self._queue.append(segment)

    def begin_turn(self) -> None:
        """What is appended from here on is one turn, which is dropped as a whole when room is needed.

        Media of older turns fade until there is no more than `media` of it, and the oldest turns are dropped until
        there are no more than `earlier` tokens of them; the last turn and its media stay.
        """
        while sum(stop - start for start, stop in self._runs) > self.media and self._fade():
            pass
        while len(self._turns) > 1 and self.length - self._turns[0] > self.earlier:
            self._drop_oldest()
        self._turns.append(self.length)

    def mark(self) -> Mark:
        """Where the conversation is now."""
        return Mark(len(self._ids), replace(self.positions), tuple(self._queue), len(self._turns), len(self._drops))

    def holds(self, mark: Mark) -> bool:
        """Whether the place is still there: its turn was not dropped, nor what was being heard or seen there."""
        return self._since(mark) is not None

    def rewind(self, mark: Mark) -> None:
        """Back to a mark that it holds: whatever came after it was never said."""
        now = self._now(mark)
        self._crop(now.length, talker=now.length)
        self._queue = [replace(segment, positions=segment.positions - now.ids) for segment in mark.queue]
        del self._turns[mark.turns - now.turns :]
        self.positions = self._positions_at(mark)

    def keep(self, mark: Mark, vectors: Sequence[Tensor]) -> None:
        """Back to where a reply began, but for its first tokens: those of `vectors`, [1, width] each.

        The Talker, which held the reply's codes, gets its text instead.
        """
        start = self._now(mark).length
        end = start + len(vectors)
        placed = self._placed[:, start:end]
        self._crop(end, talker=start)
        self.positions = self._positions_at(mark)
        if vectors:
            self.positions.reply(len(vectors))
            if self.talker is not None:
                self.talker.push(torch.cat(list(vectors)), placed)

    def _crop(self, length: int, *, talker: int) -> None:
        self._cache.crop(length)
        if self.talker is not None:
            self.talker.crop(talker)
        del self._ids[length:]
        self._placed = self._placed[:, :length]
        self._runs = [(start, min(stop, length)) for start, stop in self._runs if start < length]
        self._last = None
        self._know_nothing_before()

    def _positions_at(self, mark: Mark) -> Positions:
        positions, now = replace(mark.positions), self._now(mark)
        if now.ids:
            positions.shift(now.ids, self._highest(now.length))
        return positions

    def _now(self, mark: Mark) -> Since:
        since = self._since(mark)
        if since is None:
            raise RuntimeError("the place was dropped")
        return since

    def _since(self, mark: Mark) -> Since | None:
        """None where the place itself was dropped."""
        since = Since(mark.length)
        for drop in self._drops[mark.drops :]:
            if (drop.turn and since.turns == mark.turns) or drop.start < since.length < drop.stop:
                return None
            if drop.start < since.length:
                since = Since(since.length - drop.count, since.ids + drop.ids, since.turns + drop.turn)
        return since

    def _highest(self, length: int | None = None) -> int:
        """Largest id of so many tokens that were run, or of all, and of those that wait."""
        tensors = [self._placed[:, :length], *(segment.positions for segment in self._queue)]
        return max((int(tensor.max()) for tensor in tensors if tensor.numel()), default=-1)

    @torch.inference_mode()
    def drain(self, check: Callable[[], None]) -> None:
        """Run all queued tokens through the Thinker, and through the Talker if it is eager."""
        if self._queue:
            if self._least() > self.limit:
                raise ContextFullError(
                    f"This turn is longer than the model can keep in mind ({self.limit} tokens): ask about less."
                )
            self.make_room(0)
            embeddings = torch.cat([segment.embeddings for segment in self._queue])
            positions = torch.cat([segment.positions for segment in self._queue], dim=1)
            hidden = self._run(embeddings, positions, check)
            media = [flag for segment in self._queue for flag in len(segment.ids) * [segment.media]]
            spoken = torch.tensor(media, device=hidden.device)[:, None]
            self._note_media(media)
            self._remember([i for segment in self._queue for i in segment.ids], positions, hidden)
            if self.talker is not None:
                self.talker.push(hidden + embeddings.masked_fill(spoken, 0), positions)
            self._queue.clear()
        if self.talker is not None and self.eager:
            self.talker.catch_up(check)

    def _note_media(self, flags: Sequence[bool]) -> None:
        """Which of the tokens that follow are media: joined to what stands before in the same turn."""
        begun = self._turns[-1] if self._turns else None
        for place, is_media in enumerate(flags, len(self._ids)):
            if is_media and self._runs and self._runs[-1][1] == place != begun:
                self._runs[-1] = (self._runs[-1][0], place + 1)
            elif is_media:
                self._runs.append((place, place + 1))

    @torch.inference_mode()
    def step(self, token: int, check: Callable[[], None]) -> Tensor:
        """Run one generated token, for which `make_room` found room; its vector [1, width] for the Talker."""
        if self._ahead is not None and self._ahead.holds(token):
            return self._come_true(self._ahead)
        kept = replace(self.positions)
        ids = (token, *self._guess(token))
        embeddings, positions = self._thinker.embed(ids), self._places(len(ids))
        try:
            hidden = self._run(embeddings, positions, check)
        except BaseException:
            self.positions = kept
            raise
        self._remember([token], positions[:, :1], hidden[:1])
        if len(ids) > 1:
            self._cache.crop(self._cache.length - len(ids) + 1)
            scores = self._thinker.scores(hidden)
            self._scores = scores[0]
            self._ahead = Ahead(ids[1:], embeddings[1:], positions[:, 1:], hidden[1:], scores[1:])
        return hidden[:1] + embeddings[:1]

    def _guess(self, token: int) -> tuple[int, ...]:
        room = self.limit - self._used - 1
        if self._foresight is None or room < 1:
            return ()
        return self._foresight.guess([*self._ids, token])[:room]

    def _places(self, count: int) -> Tensor:
        """Positions of the token that is said now, which is counted, and of those that may follow, which are not."""
        said, follow = self.positions.reply(), replace(self.positions)
        return torch.cat([said, *(follow.reply() for _ in range(count - 1))], dim=1)

    def _come_true(self, ahead: Ahead) -> Tensor:
        """The next token ahead is said: nothing is left to compute."""
        row = slice(ahead.used, ahead.used + 1)
        ahead.used += 1
        self.positions.reply()
        self._cache.advance(1)
        self._remember([ahead.ids[row.start]], ahead.positions[:, row], ahead.hidden[row])
        self._scores = ahead.scores[row.start]
        return ahead.hidden[row] + ahead.embeddings[row]

    def _look_back(self) -> None:
        """What was run ahead is over: its place is needed."""
        if self._ahead is not None and self._foresight is not None:
            self._foresight.judge(len(self._ahead.ids), self._ahead.used)
        self._ahead = None

    def _know_nothing_before(self) -> None:
        """Tokens have gone: what was learned from them may not be so any more."""
        self._look_back()
        self._scores = None
        if self._foresight is not None:
            self._foresight.forget()

    def logits(self) -> Tensor:
        """Logits [vocabulary] of the token that follows. Only after something was run."""
        if self._scores is not None:
            return self._scores
        if self._last is None:
            raise RuntimeError("nothing was run since the context was rewound")
        return self._thinker.logits(self._last)

    def _run(self, embeddings: Tensor, positions: Tensor, check: Callable[[], None]) -> Tensor:
        self._look_back()
        before = self._cache.length
        try:
            return self._thinker.decoder.run(embeddings, positions, self._cache, check)
        except BaseException:
            self._cache.crop(before)
            raise

    def _remember(self, ids: list[int], positions: Tensor, hidden: Tensor) -> None:
        self._ids += ids
        self._placed = torch.cat([self._placed, positions], dim=1)
        self._last, self._scores = hidden[-1], None

    def make_room(self, count: int) -> int:
        """Let old media fade and drop old turns until `count` more tokens fit, if they can; how many fit now."""
        while self._used + count > self.limit and len(self._turns) > 1:
            if not self._fade():
                self._drop_oldest()
        return self.limit - self._used

    @property
    def _used(self) -> int:
        """Tokens or position ids, whichever are more: a video of few tokens takes 25 ids a second."""
        return max(self.length, self.positions.highest + 1)

    def _least(self) -> int:
        """What would be used if all turns but the last were dropped."""
        if not self._turns:
            return self._used
        first, last = self._turns[0], self._turns[-1]
        ids = self.positions.highest + 1 - self._id(last) + self._id(first)
        return max(self.length - last + first, ids)

    def _id(self, token: int) -> int:
        """Where a turn begins in time: the id of its first token, run or queued."""
        placed = [self._placed, *(segment.positions for segment in self._queue)]
        for positions in placed:
            if token < positions.shape[1]:
                return int(positions[0, token])
            token -= positions.shape[1]
        return self.positions.last + 1

    def _drop_oldest(self) -> None:
        self._drop(self._turns[0], self._turns[1], turn=True)

    def _fade(self) -> bool:
        """Let the oldest sound or picture of the turns before the last one go; False if there is none."""
        if not self._runs or not self._turns or self._runs[0][1] > self._turns[-1]:
            return False
        self._drop(*self._runs[0], turn=False)
        return True

    def _drop(self, start: int, stop: int, *, turn: bool) -> None:
        """What follows stands then as if it had never been there."""
        self._know_nothing_before()
        begun = self._id(start)
        if not turn:  # a film may begin late in its clip
            begun = int(self._placed[:, start - 1].max()) + 1 if start else 0
        ids = self._id(stop) - begun
        self._cache.drop(start, stop, self._thinker.decoder.rotary.shift(-ids, self._thinker.placement.dtype))
        if self.talker is not None:
            self.talker.drop(start, stop, ids)
        del self._ids[start:stop]
        self._placed = torch.cat([self._placed[:, :start], self._placed[:, stop:] - ids], dim=1)
        self._queue = [replace(segment, positions=segment.positions - ids) for segment in self._queue]
        self.positions.shift(ids, self._highest())
        drop = Drop(start, stop, ids, turn)
        later = self._turns[1:] if turn else self._turns
        self._turns = [index - drop.count if index >= stop else index for index in later]
        before = [run for run in self._runs if run[1] <= start]
        self._runs = before + [(first - drop.count, last - drop.count) for first, last in self._runs if first >= stop]
        self._drops.append(drop)
