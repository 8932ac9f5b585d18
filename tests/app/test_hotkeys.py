"""Which keys may be taken from all other programs, and what they can be had from."""

from __future__ import annotations

import pytest

from app.hotkeys import Action, Hotkey, System, is_possible, system_of


@pytest.mark.parametrize(
    "keys",
    ["Ctrl+A", "Ctrl+Shift+F7", "F7", "Pause", "Media Play", "Microphone Mute", "Meta+Space", "Alt+Num+5", "Ctrl++"],
)
def test_keys_that_may_be_taken(keys: str) -> None:
    assert is_possible(keys)


@pytest.mark.parametrize(
    "keys",
    ["", "A", "Shift+A", "Space", "Tab", "Esc", "Left", "Num+5", "Ctrl", "CapsLock", "Ctrl+Shift", "Ctrl+Nonsense"],
)
def test_keys_without_which_nothing_could_be_written(keys: str) -> None:
    assert not is_possible(keys)


@pytest.mark.parametrize("keys", ["ctrl+a", "Control+A", "Shift+Ctrl+F7", "A, Ctrl+B", "Strg+A"])
def test_each_key_is_written_in_one_way(keys: str) -> None:
    assert not is_possible(keys)


def test_what_cannot_be_a_hotkey_is_none() -> None:
    assert Hotkey(Action.MUTE, "F8").keys == "F8"
    for action, keys in ((Action.MUTE, "M"), ("mute", "F8"), (Action.MUTE, 8)):
        with pytest.raises(ValueError, match="no key"):
            Hotkey(action, keys)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("platform", "within_wayland", "system"),
    [
        ("xcb", False, System.X11),
        ("xcb", True, System.XWAYLAND),
        ("wayland", True, System.WAYLAND),
        ("windows", False, System.WINDOWS),
        ("cocoa", False, System.MACOS),
        ("offscreen", False, System.OTHER),
    ],
)
def test_the_system_is_told_by_qt_s_platform(platform: str, *, within_wayland: bool, system: System) -> None:
    assert system_of(platform, within_wayland=within_wayland) is system
