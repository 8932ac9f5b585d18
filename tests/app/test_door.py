"""What passes between desktop and child, and what the child owes, without any process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.door import Door
from model.protocol import (
    Attach,
    Begin,
    Cancel,
    Cut,
    Failed,
    Forget,
    Hear,
    Load,
    Loading,
    News,
    Noticed,
    Order,
    Read,
    Ready,
    Recall,
    Recalled,
    Reply,
    Retract,
    Retracted,
    Rewind,
    Said,
    See,
    Seen,
    Unload,
    Unloaded,
    Working,
)
from tests.helpers.stand_in import finished

LOAD = Load(Path("folder"))
READY = Ready("folder", "", (), "cpu", 0)
TURN: tuple[Order, ...] = (Begin(1), Read(1, "a"), Reply(1))


def door_after(*orders: Order) -> Door:
    door = Door()
    for order in orders:
        door.admit(order)
    return door


def see(number: int, turn: int = 1) -> See:
    return See(turn, np.full((1, 1, 3), number, dtype=np.uint8), float(number))


@pytest.mark.parametrize("late", [Read(1, "b"), Hear(1, np.zeros(1)), see(1), Attach(1, Path("b")), Reply(1)])
@pytest.mark.parametrize("end", [Reply(1), Cancel(1), Forget(), Recall(()), Rewind(1), LOAD, Unload(), Begin(2)])
def test_a_turn_that_is_over_takes_nothing(late: Order, end: Order) -> None:
    door = door_after(Begin(1), end)
    assert door.admit(late) == []


def test_a_turn_that_never_began_takes_nothing() -> None:
    assert door_after(Begin(1)).admit(Read(2, "a")) == []


@pytest.mark.parametrize("turn", [1, 2])
def test_turns_are_counted_upwards(turn: int) -> None:
    with pytest.raises(ValueError, match="cannot follow turn 2"):
        door_after(Begin(2)).admit(Begin(turn))


@pytest.mark.parametrize("end", [Cancel(1), Forget(), Recall(()), Rewind(1), LOAD, Unload(), Begin(2)])
@pytest.mark.parametrize("late", [Said(1, "b"), Noticed(1, "b"), finished(1), Failed(1, "b")])
def test_nothing_of_a_turn_that_is_over_comes_out(late: News, end: Order) -> None:
    assert door_after(*TURN).let_out(late) == late
    assert door_after(*TURN, end).let_out(late) is None


def test_a_turn_that_failed_is_over() -> None:
    door = door_after(Begin(1))
    assert door.open_turn == 1
    assert door.let_out(Failed(1, "no")) == Failed(1, "no")
    assert door.open_turn is None
    assert door.admit(Reply(1)) == []
    assert door.admit(Cancel(1)) == []


def test_a_cancelled_turn_is_told_to_be_cut_once() -> None:
    door = door_after(*TURN)
    assert door.admit(Cancel(1, 0.5)) == [Cancel(1, 0.5)]
    assert door.admit(Cancel(1)) == []
    assert door.admit(Begin(2)) == [Begin(2)]
    assert door.awaits_cut
    assert door.is_busy
    assert door.let_out(Cut(1, "kept")) == Cut(1, "kept")
    assert door.let_out(Cut(1, "kept")) is None
    assert not door.awaits_cut
    assert not door.is_busy


@pytest.mark.parametrize("told", [(), (finished(1),)])
def test_after_a_reply_was_retracted_the_turn_takes_more(told: tuple[News, ...]) -> None:
    door = door_after(*TURN)
    for report in told:
        door.let_out(report)
    assert door.admit(Retract(1)) == [Retract(1)]
    assert door.awaits_reply
    assert not door.awaits_cut
    more: list[Order] = [Read(1, "b"), Reply(1)]
    assert [door.admit(order) for order in more] == [[order] for order in more]
    assert door.let_out(Said(1, "of the first")) is None
    assert door.let_out(finished(1)) is None
    assert door.let_out(Retracted(1)) is None
    assert door.let_out(Said(1, "of the second")) == Said(1, "of the second")


@pytest.mark.parametrize("orders", [(Begin(1),), (*TURN, Cancel(1)), (*TURN, Begin(2))])
def test_without_a_reply_there_is_nothing_to_retract(orders: tuple[Order, ...]) -> None:
    assert door_after(*orders).admit(Retract(1)) == []


def test_a_recall_is_owed_until_it_is_done_or_the_child_is_another() -> None:
    door = door_after(Recall(()), Recall(()))
    assert door.let_out(Recalled()) is None
    assert door.awaits_recall
    assert door.let_out(Recalled()) is None
    assert not door.awaits_recall
    door.admit(Recall(()))
    door.renew()
    assert not door.awaits_recall


def test_frames_that_are_given_again_are_all_let_through() -> None:
    door = door_after(Begin(1))
    frames = [replace(see(number), again=True) for number in range(4)]
    assert [door.admit(frame) for frame in frames] == [[frame] for frame in frames]
    assert [door.admit(see(number)) for number in (4, 5)] == [[], []]


def test_a_turn_that_failed_while_it_was_retracted_is_over() -> None:
    door = door_after(*TURN, Retract(1))
    failed = Failed(1, "No.")
    assert door.let_out(failed) == failed
    assert door.admit(Read(1, "b")) == []


def test_an_answered_turn_can_be_cut_until_the_next_begins() -> None:
    door = door_after(*TURN)
    assert door.is_busy
    assert door.let_out(finished(1)) == finished(1)
    assert not door.is_busy
    assert door.open_turn is None
    assert door.admit(Cancel(1)) == [Cancel(1)]
    assert door_after(*TURN, Begin(2)).admit(Cancel(1)) == []


@pytest.mark.parametrize("stale", [READY, Loading("thinker", 1, 2), Failed(None, "no")])
def test_nothing_of_a_model_that_was_replaced_comes_out(stale: News) -> None:
    door = door_after(LOAD)
    door.let_out(Unloaded())
    assert door.let_out(stale) == stale
    door.admit(LOAD)
    door.admit(Unload())
    assert door.let_out(stale) is None
    door.let_out(Unloaded())
    assert door.awaits_uptake
    assert door.let_out(stale) is None
    door.let_out(Unloaded())
    assert not door.awaits_uptake
    assert door.let_out(stale) == stale


def test_one_frame_is_on_its_way_and_the_newest_waits() -> None:
    door = door_after(Begin(1))
    frames = [see(number) for number in range(4)]
    assert door.admit(frames[0]) == [frames[0]]
    assert door.admit(frames[1]) == door.admit(frames[2]) == []
    assert door.next_frame() == []
    assert door.awaits_reply
    door.let_out(Seen(1))
    assert door.next_frame() == [frames[2]]
    assert door.admit(frames[3]) == []
    door.let_out(Seen(1))
    assert door.next_frame() == [frames[3]]
    door.let_out(Seen(1))
    assert door.next_frame() == []
    assert not door.awaits_reply


def test_sound_does_not_wait_for_frames() -> None:
    door = door_after(Begin(1), see(0), see(1))
    sound = Hear(1, np.zeros(1))
    assert door.admit(sound) == [sound]


@pytest.mark.parametrize("order", [Read(1, "a"), Attach(1, Path("a")), Reply(1)])
def test_a_waiting_frame_goes_before_what_comes_after_it(order: Order) -> None:
    door = door_after(Begin(1), see(0))
    frame = see(1)
    door.admit(frame)
    assert door.admit(order) == [frame, order]
    door.let_out(Seen(1))
    assert door.next_frame() == []
    assert door.awaits_reply


def test_a_waiting_frame_ends_with_its_turn() -> None:
    door = door_after(Begin(1), see(0), see(1), Cancel(1), Begin(2))
    door.let_out(Seen(1))
    assert door.next_frame() == []


def test_signs_of_life_are_no_news() -> None:
    assert door_after(*TURN).let_out(Working()) is None


def test_a_new_child_owes_nothing() -> None:
    door = door_after(LOAD, Begin(1), see(0), see(1), Cancel(1), Begin(2), Reply(2))
    door.renew()
    assert not (door.is_busy or door.awaits_cut or door.awaits_reply or door.awaits_uptake)
    assert door.open_turn is None
    assert door.let_out(Said(2, "a")) is None
    assert door.let_out(Cut(1, "a")) is None
    assert door.next_frame() == []
    with pytest.raises(ValueError, match="cannot follow"):
        door.admit(Begin(2))


def test_a_refused_turn_is_over() -> None:
    door = Door()
    door.refuse(Begin(1))
    assert door.open_turn is None
    assert door.admit(Read(1, "a")) == []


def test_pictures_of_a_typed_turn_all_go_out_though_none_was_seen_yet() -> None:
    door = door_after(Begin(1))
    pictures = [See(1, np.full((1, 1, 3), number, dtype=np.uint8)) for number in range(3)]
    assert [sent for picture in pictures for sent in door.admit(picture)] == pictures
