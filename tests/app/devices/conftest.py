"""The rig's devices, in this very process.

PortAudio and Qt look for devices when they are first used, and PulseAudio's client library reads the environment each
time it connects: so the environment is set before, and a PortAudio that some other test has started is started anew.
Qt looks only once in a process; what asks Qt therefore runs in a child (`rig_child.py`).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.devices.ports import SoundPorts
from tests.helpers.rig import SoundRig, start_rig


@pytest.fixture(scope="package")
def rig() -> Iterator[SoundRig]:
    """The speaker `speaker` and the microphone `mic`, the only ones there are."""
    if sys.platform != "linux":
        pytest.skip("the rig's sound server is for Linux")
    with (
        tempfile.TemporaryDirectory(prefix="rig") as folder,  # pytest's own names are too long for a socket
        start_rig(Path(folder)) as rig,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in rig.environment.items():
            patch.setenv(name, value)
        if (portaudio := sys.modules.get("sounddevice")) is not None:
            portaudio._terminate()
            portaudio._initialize()
        yield rig


@pytest.fixture
def ports() -> Iterator[SoundPorts]:
    ports = SoundPorts()
    yield ports
    ports.close()
