"""What is plugged in, as Qt sees it on the rig, and what follows when it is pulled out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.devices.catalogue import choose_sizes, find_source
from app.devices.device import Device
from app.senses import Size
from tests.helpers.rig import SoundRig

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("camera", "others", "system", "source"),
    [
        ("/dev/video2", ["/dev/video0", "/dev/video2"], "linux", "2"),
        ("usb#b", ["usb#c", "usb#b"], "win32", "1"),
        ("C", ["C", "B", "A"], "darwin", "2"),
    ],
)
def test_a_camera_has_a_number(camera: str, others: list[str], system: str, source: str) -> None:
    cameras = [Device(identity, f"Camera {identity}") for identity in others]
    assert find_source(Device(camera, "any"), cameras, system) == source


Child = subprocess.Popen[str]


@contextmanager
def running(environment: dict[str, str] | None = None) -> Iterator[Child]:
    words = [sys.executable, "-m", "tests.app.devices.rig_child"]
    variables = {**os.environ, **(environment or {})}
    pipes = subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, env=variables, stdin=pipes, stdout=pipes, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def await_line(child: Child, wanted: str) -> str:
    """The first line that begins so; pytest's own limit ends a wait in vain."""
    assert child.stdout is not None
    for line in child.stdout:
        if line.startswith(wanted):
            return line.removeprefix(wanted).strip()
    raise AssertionError(f"the child has ended without telling: {wanted}")


def await_state(child: Child, wanted: str, state: str) -> None:
    """What a sound server tells in between, a list whose default is not settled yet, may come or not."""
    while await_line(child, wanted) != state:
        pass


def end(child: Child) -> None:
    assert child.stdin is not None
    child.stdin.close()
    await_line(child, "closed")
    assert child.wait() == 0


def test_devices_come_and_go(rig: SoundRig) -> None:
    with running() as child:
        await_state(child, "microphones", "mic*")
        assert "speaker*" in await_line(child, "speakers").split(",")
        assert await_line(child, "cameras") == "none"
        assert await_line(child, "opened")
        headset = rig.plug_in("headset")
        await_state(child, "microphones", "mic*,headset")
        rig.command("pactl", "set-default-source", "headset")
        assert "headset*" in await_line(child, "microphones").split(",")
        rig.unplug(headset)
        rig.command("pactl", "set-default-source", "mic")
        await_state(child, "microphones", "mic*")
        end(child)


def test_the_microphone_in_use_is_pulled_out(rig: SoundRig) -> None:
    """The sound server would go on with what the speaker plays, and tell nobody."""
    headset = rig.plug_in("headset")
    rig.command("pactl", "set-default-source", "headset")
    with running() as child:
        assert await_line(child, "opened")
        rig.unplug(headset)
        assert "is gone: plug it in again" in await_line(child, "lost")
        end(child)
    rig.command("pactl", "set-default-source", "mic")


def test_without_a_sound_server(tmp_path: Path) -> None:
    """Nothing is listed then: PortAudio is asked all the same, and what it says is a sentence."""
    with running({"PULSE_SERVER": f"unix:{tmp_path}/nobody", "XDG_RUNTIME_DIR": str(tmp_path)}) as child:
        assert await_line(child, "microphones") == "*"
        assert "cannot be used" in await_line(child, "lost")
        end(child)


def test_a_few_of_many_sizes_are_offered() -> None:
    many = [
        Size(width, height) for height in (120, 240, 480, 720, 960, 1080, 1440, 4320) for width in (height, 2 * height)
    ]
    assert choose_sizes(many) == tuple(Size(2 * height, height) for height in (240, 480, 720, 1080, 1440))
    assert choose_sizes([Size(640, 480), Size(640, 360)]) == (Size(640, 360), Size(640, 480))
