"""What is told of how late things come."""

from __future__ import annotations

from app.lateness import Lateness, Rhythm


def test_nothing_noted_is_nothing_late() -> None:
    assert str(Lateness()) == "p99 0.0 ms late, worst 0.0 ms late, of 0"


def test_early_is_in_time() -> None:
    lateness = Lateness()
    lateness.note(-1.0)
    assert str(lateness) == "p99 0.0 ms late, worst 0.0 ms late, of 1"


def test_one_in_a_hundred_may_be_later() -> None:
    lateness = Lateness()
    for _ in range(200):
        lateness.note(0.002)
    lateness.note(0.5)
    assert str(lateness) == "p99 2.0 ms late, worst 500.0 ms late, of 201"


def test_each_is_due_when_what_the_one_before_brought_is_used_up() -> None:
    rhythm = Rhythm()
    rhythm.beat(10.0, 0.02)
    rhythm.beat(10.02, 0.04)
    rhythm.beat(10.09, 0.02)
    assert str(rhythm).endswith("worst 30.0 ms late, of 2")
