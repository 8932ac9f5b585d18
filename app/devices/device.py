"""A device as a person knows it, and how one is chosen from a list. Knows no library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.errors import SightlineError


class DeviceError(SightlineError):
    """A device cannot be used."""


@dataclass(frozen=True, slots=True)
class Device:
    """`identity` stays the same when others come and go, and from one start to the next; `name` is for people."""

    identity: str
    name: str
    is_default: bool = False


SYSTEM_CHOICE = Device("", "the system's default", is_default=True)
"""Whatever the system takes, where it lists nothing."""


def is_missing(devices: Sequence[Device], identity: str | None) -> bool:
    """Whether one was chosen that is not there."""
    return identity is not None and all(device.identity != identity for device in devices)


def choose(devices: Sequence[Device], identity: str | None = None) -> Device | None:
    """The one with this identity, else the system's default, else any; None if there is none."""
    wanted = (device for device in devices if device.identity == identity)
    usual = (device for device in devices if device.is_default)
    return next(wanted, None) or next(usual, None) or next(iter(devices), None)
