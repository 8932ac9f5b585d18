"""A report says what is the matter, and not a word of what was said."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from app import logs
from app.report import Report, without_messages
from model.protocol import Ending, Finished, Logged, Ready, Timings

SECRET = "heliotrope"
TRACEBACK = f"""Turn failed.
Traceback (most recent call last):
  File "model/session.py", line 3, in read
    raise LookupError(text)
LookupError: {SECRET}
During handling of the above exception, another exception occurred:
model.errors.MediaError: {SECRET} and more"""


@pytest.fixture
def report() -> Iterator[Report]:
    report = Report()
    yield report
    report.close()


def test_versions_devices_model_and_times_are_told(report: Report) -> None:
    report.take_devices(["A microphone", "A camera"])
    report.take_ready(Ready("small", "random weights", (), "cpu, ours", 2_500_000_000))
    timings = Timings(100, 20, 30, 0.5, 0.75, 1.0, 1.0, 1.0, 3.0)
    report.take_finished(Finished(1, Ending.SAID, SECRET, timings))
    logs.devices.info("Speech, 3.0 s heard.")
    text = report.compose()
    for words in (
        "Python 3.",
        "PySide6-Essentials 6.",
        "torch 2.",
        "processors",
        "A microphone\nA camera",
        "small, random weights, on cpu, ours, 2.5 GB",
        "100 tokens in, 20 out, 30 codes; first text 0.50 s, first sound 0.75 s, all 3.00 s",
        "sightline.devices: Speech, 3.0 s heard.",
    ):
        assert words in text
    assert SECRET not in text


def test_errors_are_told_without_their_words(report: Report) -> None:
    logs.take_in(Logged("sightline.model", logging.ERROR, TRACEBACK, 0.0))
    text = report.compose()
    assert "raise LookupError(text)\nLookupError\n" in text
    assert "model.errors.MediaError" in text
    assert SECRET not in text


def test_only_the_words_of_errors_are_left_out() -> None:
    assert without_messages("Speech: 3 underruns, Error: none") == "Speech: 3 underruns, Error: none"


def test_a_report_that_is_closed_collects_nothing(report: Report) -> None:
    report.close()
    logs.devices.info("Later.")
    assert "Later." not in report.compose()
    assert "Devices\nnot asked for yet" in report.compose()
