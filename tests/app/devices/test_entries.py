"""Finding a device in PortAudio's list, and what is tried when it is opened."""

from __future__ import annotations

import pytest

from app.devices.device import SYSTEM_CHOICE, Device, choose
from app.devices.entries import Entry, Shape, find, shapes

CD = Shape(44_100, 2)
WINDOWS = [
    Entry(0, "Microsoft Sound Mapper - Input", "MME", CD, is_default=True),
    Entry(1, "Headset (Wireless Ear Model 4 H", "MME", CD),
    Entry(2, "Headset (Wireless Ear Model 4 Hands-Free)", "Windows DirectSound", CD),
    Entry(3, "Headset (Wireless Ear Model 4 Hands-Free)", "Windows WASAPI", CD),
]
LINUX = [
    Entry(0, "HDA Intel PCH: ALC257 Analog (hw:0,0)", "ALSA", CD),
    Entry(1, "pulse", "ALSA", CD),
    Entry(2, "default", "ALSA", CD, is_default=True),
]
BARE = [LINUX[0], LINUX[2]]
MAC = [Entry(0, "MacBook Microphone", "Core Audio", CD, is_default=True), Entry(1, "Webcam", "Core Audio", CD)]


@pytest.mark.parametrize(
    ("entries", "device", "index"),
    [
        (WINDOWS, Device("{guid}", "Headset (Wireless Ear Model 4 Hands-Free)"), 3),
        (WINDOWS, Device("{guid}", "Webcam"), None),
        (WINDOWS, SYSTEM_CHOICE, 0),
        (MAC, Device("uid", "Webcam"), 1),
        (MAC, Device("uid", "Headset", is_default=True), None),
        (LINUX, Device("alsa_input.pci", "Built-in Audio"), 1),
        (BARE, Device("alsa_input.pci", "Built-in Audio"), 2),
        (BARE, SYSTEM_CHOICE, 2),
        ([], SYSTEM_CHOICE, None),
        ([], Device("uid", "Webcam"), None),
    ],
)
def test_a_device_is_found_by_its_name_or_behind_the_sound_server(
    entries: list[Entry], device: Device, index: int | None
) -> None:
    entry = find(entries, device)
    assert (entry.index if entry else None) == index


@pytest.mark.parametrize(
    ("own", "tried"),
    [
        (Shape(48_000, 2), [Shape(16_000, 1), Shape(48_000, 1), Shape(48_000, 2)]),
        (Shape(44_100, 1), [Shape(16_000, 1), Shape(44_100, 1)]),
        (Shape(16_000, 1), [Shape(16_000, 1)]),
        (Shape(48_000, 32), [Shape(16_000, 1), Shape(48_000, 1), Shape(48_000, 2)]),
    ],
)
def test_what_is_wanted_is_tried_before_what_the_device_has(own: Shape, tried: list[Shape]) -> None:
    assert shapes(Shape(16_000, 1), Entry(0, "any", "ALSA", own)) == tried


HEADSET, DESK, BUILT_IN = Device("h", "Headset"), Device("d", "Desk", is_default=True), Device("b", "Built-in")


@pytest.mark.parametrize(
    ("devices", "identity", "chosen"),
    [
        ([HEADSET, DESK, BUILT_IN], "b", BUILT_IN),
        ([HEADSET, DESK, BUILT_IN], "gone", DESK),
        ([HEADSET, DESK, BUILT_IN], None, DESK),
        ([HEADSET, BUILT_IN], "gone", HEADSET),
        ([], "b", None),
    ],
)
def test_a_device_is_remembered_by_its_identity(
    devices: list[Device], identity: str | None, chosen: Device | None
) -> None:
    assert choose(devices, identity) == chosen
