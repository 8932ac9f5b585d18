"""The one thread that PortAudio is used on."""

from __future__ import annotations

import threading
import time

import pytest

from app.devices import ports as ports_module
from app.devices.device import DeviceError
from app.devices.entries import Shape
from app.devices.ports import Pace, SoundPorts
from model.protocol import HEARING_RATE
from tests.app.devices.test_microphone import MIC
from tests.helpers.rig import SoundRig


def test_a_device_that_never_answers_is_told_and_does_not_keep_the_app_from_closing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ports_module, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(ports_module, "CLOSING_SECONDS", 0.2)
    answer = threading.Event()
    ports = SoundPorts()
    with pytest.raises(DeviceError, match="does not respond"):
        ports._do(answer.wait)
    began = time.monotonic()
    ports.close()
    assert time.monotonic() - began < 2.0
    answer.set()


def test_a_port_that_is_opened_too_late_is_shut_again(monkeypatch: pytest.MonkeyPatch, rig: SoundRig) -> None:
    """Else a microphone would be on that the window says is off."""
    monkeypatch.setattr(ports_module, "ANSWER_SECONDS", 0.2)
    ports, answer = SoundPorts(), threading.Event()

    def block() -> None:
        answer.wait()

    ports._work.put(block)
    with pytest.raises(DeviceError, match="does not respond"):
        ports.listen(MIC, Shape(HEARING_RATE, 1), Pace(0.035), lambda _: None, lambda: None)
    answer.set()
    monkeypatch.setattr(ports_module, "ANSWER_SECONDS", 20.0)
    ports._do(lambda: None)  # behind what came too late
    assert ports._open == []
    ports.close()


def test_closing_shuts_what_is_open(rig: SoundRig) -> None:
    ports = SoundPorts()
    ended = threading.Event()
    ports.listen(MIC, Shape(HEARING_RATE, 1), Pace(0.035), lambda _: None, ended.set)
    assert len(rig.streams("source-outputs")) == 2  # the rig's own cable is one
    ports.close()
    assert ended.is_set()
    assert len(rig.streams("source-outputs")) == 1


def test_unused_it_starts_no_thread() -> None:
    before = threading.active_count()
    ports = SoundPorts()
    assert threading.active_count() == before
    ports.close()
