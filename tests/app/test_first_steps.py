"""The order of the first run's pages."""

from __future__ import annotations

from app.first_steps import PAGES, Step


def test_pages_are_numbered_as_they_come_and_the_end_is_none() -> None:
    assert [step.number for step in PAGES] == list(range(1, 9))
    assert PAGES[0] is Step.LANGUAGE
    assert PAGES[1] is Step.PROFILE
    assert Step.OVER not in PAGES
