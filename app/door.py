"""What passes between desktop and child: nothing of a turn, or of a model, that is over. Knows no process and no Qt."""

from __future__ import annotations

from enum import Enum, auto
from typing import assert_never

from model.protocol import (
    Attach,
    Begin,
    Cancel,
    Cut,
    Failed,
    Finished,
    Forget,
    Given,
    Hear,
    Load,
    Loading,
    Logged,
    News,
    Noticed,
    Order,
    Read,
    Ready,
    Recall,
    Recalled,
    Reply,
    Report,
    Retract,
    Retracted,
    Rewind,
    Said,
    See,
    Seen,
    Tried,
    Try,
    Unload,
    Unloaded,
    Voiced,
    Working,
)


class Stage(Enum):
    """How far the latest turn is."""

    GIVING = auto()
    """It takes what it is made of."""
    ANSWERING = auto()
    ANSWERED = auto()
    """It can still be cut to what was heard."""
    OVER = auto()


class Door:
    """Both directions are asked here, in the order of what happens; it remembers what the child still owes."""

    def __init__(self) -> None:
        self._turn = 0
        self._stage = Stage.OVER
        self._newest: See | None = None
        self.renew()

    def renew(self) -> None:
        """Behind it is a new child, which owes nothing."""
        self._close_turn()
        self._cutting: set[int] = set()
        self._retracting = self._recalling = 0
        self._untaken = 0
        self._frames = 0

    @property
    def open_turn(self) -> int | None:
        """The turn that is told of."""
        return self._turn if self._stage in {Stage.GIVING, Stage.ANSWERING} else None

    @property
    def awaits_reply(self) -> bool:
        """Whether the child owes a reply, word that it saw a frame, or that it let go of a reply that was retracted.

        What was heard before that is gone through first, which may take as long as a reply.
        """
        return self._stage is Stage.ANSWERING or self._frames > 0 or self._retracting > 0

    @property
    def awaits_cut(self) -> bool:
        """Whether the child has not let go of a cancelled turn yet."""
        return bool(self._cutting)

    @property
    def awaits_recall(self) -> bool:
        """Whether the child still reads what was said before: all else waits, for minutes on a slow computer."""
        return self._recalling > 0

    @property
    def awaits_uptake(self) -> bool:
        """Whether a Load or Unload was not taken up yet."""
        return self._untaken > 0

    @property
    def is_busy(self) -> bool:
        """Whether a reply is under way, or a turn that was cancelled is."""
        return self._stage is Stage.ANSWERING or self.awaits_cut or self._retracting > 0

    # Inwards

    def admit(self, order: Order) -> list[Order]:
        """What is to be sent now: often just the order, nothing if its turn is over."""
        match order:
            case Load() | Unload():
                self._close_turn()
                self._cutting.clear()
                self._untaken += 1
            case Try():
                pass
            case Forget() | Recall() | Rewind():
                self._recalling += isinstance(order, Recall)
                self._close_turn()
            case Begin(turn):
                self._begin(turn)
            case Hear() | See() | Read() | Attach():
                return self._admit_given(order) if self._takes(order.turn) else []
            case Reply(turn):
                return self._admit_reply(order) if self._takes(turn) else []
            case Retract(turn):
                return self._admit_retract(order) if turn == self._turn and self._is_answered else []
            case Cancel(turn):
                return self._admit_cancel(order) if turn == self._turn and self._stage is not Stage.OVER else []
            case _:
                assert_never(order)
        return [order]

    def refuse(self, begin: Begin) -> None:
        """The turn is over before it began."""
        self._begin(begin.turn)
        self._close_turn()

    def next_frame(self) -> list[Order]:
        """The frame that waited for the one before, if its turn still takes it."""
        if self._newest is None or self._frames:
            return []
        return self._flush_frame()

    def _begin(self, turn: int) -> None:
        if turn <= self._turn:
            raise ValueError(f"turn {turn} cannot follow turn {self._turn}")
        self._close_turn()
        self._turn, self._stage = turn, Stage.GIVING

    @property
    def _is_answered(self) -> bool:
        return self._stage in {Stage.ANSWERING, Stage.ANSWERED}

    def _takes(self, turn: int) -> bool:
        return turn == self._turn and self._stage is Stage.GIVING

    def _admit_given(self, given: Given) -> list[Order]:
        """While a frame is on its way the newest of the others waits; typed text and files it goes ahead of."""
        match given:
            case Hear():
                return [given]
            case See(at=None) | See(again=True):  # not one of many that follow one another
                waiting = self._flush_frame()
                self._frames += 1
                return [*waiting, given]
            case See() if self._frames:
                self._newest = given
                return []
            case See():
                self._frames += 1
                return [given]
            case Read() | Attach():
                return [*self._flush_frame(), given]
            case _:
                assert_never(given)

    def _admit_reply(self, reply: Reply) -> list[Order]:
        frame = self._flush_frame()
        self._stage = Stage.ANSWERING
        return [*frame, reply]

    def _admit_retract(self, retract: Retract) -> list[Order]:
        self._stage = Stage.GIVING
        self._retracting += 1
        return [retract]

    def _admit_cancel(self, cancel: Cancel) -> list[Order]:
        self._close_turn()
        self._cutting.add(cancel.turn)
        return [cancel]

    def _flush_frame(self) -> list[Order]:
        frame, self._newest = self._newest, None
        if frame is None:
            return []
        self._frames += 1
        return [frame]

    def _close_turn(self) -> None:
        self._stage = Stage.OVER
        self._newest = None

    # Outwards

    def let_out(self, report: Report) -> News | None:
        """The report if it is news, and not of what is over."""
        match report:
            case Said() | Voiced() | Noticed() | Finished():
                return self._let_out_of_turn(report)
            case Failed(turn) if turn is not None:
                return self._let_out_of_turn(report)
            case Loading() | Ready() | Tried() | Failed():
                return None if self.awaits_uptake else report
            case Cut(turn):
                return self._let_out_cut(turn, report)
            case Unloaded() | Seen() | Retracted() | Recalled() | Working() | Logged():
                self._settle(report)
                return None
            case _:
                assert_never(report)

    def _let_out_of_turn(self, report: Said | Voiced | Noticed | Finished | Failed) -> News | None:
        """A failure ends the turn whatever it was of; all else that is on its way is of a reply that was retracted."""
        if report.turn != self.open_turn or (self._retracting and not isinstance(report, Failed)):
            return None
        if isinstance(report, Finished):
            self._stage = Stage.ANSWERED
        elif isinstance(report, Failed):
            self._close_turn()
        return report

    def _let_out_cut(self, turn: int, report: Cut) -> Cut | None:
        if turn not in self._cutting:
            return None
        self._cutting.remove(turn)
        return report

    def _settle(self, report: Unloaded | Seen | Retracted | Recalled | Working | Logged) -> None:
        if isinstance(report, Unloaded):
            self._untaken -= 1
        elif isinstance(report, Seen):
            self._frames -= 1
        elif isinstance(report, Retracted):
            self._retracting -= 1
        elif isinstance(report, Recalled):
            self._recalling -= 1
