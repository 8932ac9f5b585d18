"""Finds a device of the system in PortAudio's list, and the shapes of sound it may take. Pure: opens nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.devices.device import Device

PREFERRED_APIS = ("Windows WASAPI", "Core Audio")
"""Those whose names are the system's own: others cut them short, or list a device several times."""
SOUND_SERVER = "pulse"
"""What ALSA calls the way to the sound server of a Linux desktop, which has devices of its own."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Samples a second, and how many at once."""

    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A device in PortAudio's list that has the wanted direction; `api` is the system's interface behind it."""

    index: int
    name: str
    api: str
    shape: Shape
    """Its own rate and the most channels."""
    is_default: bool = False


def find(entries: Sequence[Entry], device: Device) -> Entry | None:
    """The entry to open for a device: by its name, else by the sound server; None if it is not in the list.

    What the list calls the default may be older than what the system does, so it is only taken where it always
    leads to what the system's default is now, or where the system could not name a device.
    """
    named = [entry for entry in entries if entry.name == device.name]
    named.sort(key=lambda entry: entry.api not in PREFERRED_APIS)
    if named:
        return named[0]
    if any(entry.api == "ALSA" for entry in entries) or not device.identity:
        server = (entry for entry in entries if entry.name == SOUND_SERVER)
        usual = (entry for entry in entries if entry.is_default)
        return next(server, None) or next(usual, None)
    return None


def shapes(wanted: Shape, entry: Entry) -> list[Shape]:
    """What to try, best first: as wanted, then the device's own rate, then its own channels too (two are enough)."""
    own = entry.shape
    tried = [wanted, Shape(own.rate, wanted.channels), Shape(own.rate, min(2, own.channels))]
    return list(dict.fromkeys(tried))
