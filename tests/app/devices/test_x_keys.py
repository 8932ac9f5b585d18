"""Keys from a real X server, while the window of another client has the keyboard."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot

from app.devices.system_keys import Told, UnreachableError
from app.hotkeys import Refusal

if TYPE_CHECKING:
    from app.devices.x_keys import XKeys
    from tests.helpers.rig_keys import OtherProgram

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Xvfb and the library are for Linux")
TALK = ("Control_L", "Shift_L", "F7")
CONTROL, SHIFT = 4, 1


class Heard:
    """All that is told."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.told = Told(
            lambda keys: self.words.append(f"{keys} down"),
            lambda keys: self.words.append(f"{keys} up"),
            lambda: self.words.append("moved"),
            lambda: self.words.append("broken"),
        )

    def wait(self, qtbot: QtBot, *words: str) -> None:
        """Exactly these, since the last time."""
        qtbot.waitUntil(lambda: len(self.words) >= len(words), timeout=20_000)
        assert self.words == list(words)
        self.words.clear()


@pytest.fixture(scope="module")
def other() -> Iterator[OtherProgram]:
    from tests.helpers.rig_keys import start_other_program  # noqa: PLC0415 -- its library is for Linux

    with start_other_program() as other:
        other.repeat_soon()
        yield other


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def opened(qtbot: QtBot, heard: Heard) -> Iterator[Callable[[str], XKeys]]:
    from app.devices.x_keys import XKeys  # noqa: PLC0415 -- as above

    made: list[XKeys] = []

    def open_keys(name: str) -> XKeys:
        made.append(XKeys(heard.told, name))
        return made[-1]

    yield open_keys
    for keys in made:
        keys.close()


@pytest.fixture
def keys(opened: Callable[[str], XKeys], other: OtherProgram) -> XKeys:
    other.typed()
    return opened(other.name)


def test_a_granted_key_comes_while_another_program_has_the_keyboard(
    qtbot: QtBot, keys: XKeys, other: OtherProgram, heard: Heard
) -> None:
    assert keys.grant("Ctrl+Shift+F7") is None
    assert keys.sees_release
    other.press(*TALK)
    heard.wait(qtbot, "Ctrl+Shift+F7 down")
    other.release(*TALK)
    heard.wait(qtbot, "Ctrl+Shift+F7 up")
    assert other.typed() == []


def test_no_key_is_told_but_those_granted(qtbot: QtBot, keys: XKeys, other: OtherProgram, heard: Heard) -> None:
    keys.grant("Ctrl+Shift+F7")
    other.strike("a")
    other.strike("F7")
    other.strike("Control_L", "F7")
    assert other.typed() == ["a", "0xffc4", "0xffc4"]
    other.press(*TALK)
    other.strike("b")  # which the server gives to whoever has the key that is down
    other.release(*TALK)
    heard.wait(qtbot, "Ctrl+Shift+F7 down", "Ctrl+Shift+F7 up")


def test_a_held_key_is_down_until_it_is_let_go(
    qtbot: QtBot, keys: XKeys, other: OtherProgram, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[object] = []
    take = keys._take

    def count(event: object) -> None:
        events.append(event)
        take(event)

    monkeypatch.setattr(keys, "_take", count)
    keys.grant("Ctrl+Shift+F7")
    other.press(*TALK)
    qtbot.waitUntil(lambda: len(events) > 5, timeout=20_000)  # repeated by the server
    heard.wait(qtbot, "Ctrl+Shift+F7 down")
    other.release(*TALK)
    heard.wait(qtbot, "Ctrl+Shift+F7 up")


def test_what_is_held_beside_it_may_be_let_go_first(
    qtbot: QtBot, keys: XKeys, other: OtherProgram, heard: Heard
) -> None:
    keys.grant("Ctrl+Shift+F7")
    other.press(*TALK)
    other.release("Control_L", "Shift_L")
    heard.wait(qtbot, "Ctrl+Shift+F7 down")
    other.release("F7")
    heard.wait(qtbot, "Ctrl+Shift+F7 up")


@pytest.mark.parametrize("locks", [("Caps_Lock",), ("Num_Lock",), ("Caps_Lock", "Num_Lock")])
def test_locks_do_not_matter(
    qtbot: QtBot, keys: XKeys, other: OtherProgram, heard: Heard, locks: tuple[str, ...]
) -> None:
    keys.grant("Ctrl+Shift+F7")
    for lock in locks:
        other.strike(lock)
    try:
        other.strike(*TALK)
        heard.wait(qtbot, "Ctrl+Shift+F7 down", "Ctrl+Shift+F7 up")
    finally:
        for lock in locks:
            other.strike(lock)


@pytest.mark.parametrize(
    ("wanted", "pressed"),
    [
        ("Ctrl+Alt+M", ("Control_L", "Alt_L", "m")),
        ("Meta+Space", ("Super_L", "space")),
        ("Ctrl+Shift+!", ("Control_L", "Shift_L", "1")),
        ("Pause", ("Pause",)),
        ("Ctrl+Num+5", ("Control_L", "KP_5")),
        ("Microphone Mute", ("XF86_AudioMicMute",)),
        ("Media Play", ("XF86_AudioPlay",)),
    ],
)
def test_wantedof_all_kinds(
    qtbot: QtBot, keys: XKeys, other: OtherProgram, heard: Heard, *, wanted: str, pressed: tuple[str, ...]
) -> None:
    assert keys.grant(wanted) is None
    other.strike(*pressed)
    heard.wait(qtbot, f"{wanted} down", f"{wanted} up")


def test_a_key_that_another_program_has_is_refused_until_it_is_free(
    qtbot: QtBot, keys: XKeys, other: OtherProgram, heard: Heard
) -> None:
    assert other.take("F7", CONTROL | SHIFT)
    assert keys.grant("Ctrl+Shift+F7") is Refusal.TAKEN
    assert keys.grant("Ctrl+Shift+F8") is None
    other.give_back("F7", CONTROL | SHIFT)
    assert keys.grant("Ctrl+Shift+F7") is None
    other.strike(*TALK)
    heard.wait(qtbot, "Ctrl+Shift+F7 down", "Ctrl+Shift+F7 up")
    assert not other.take("F7", CONTROL | SHIFT)


def test_a_key_that_is_had_in_part_only_is_not_kept(keys: XKeys, other: OtherProgram) -> None:
    """Another program has it beside a lock alone."""
    lock = 2
    assert other.take("F7", CONTROL | SHIFT | lock)
    assert keys.grant("Ctrl+Shift+F7") is Refusal.TAKEN
    assert other.take("F7", CONTROL | SHIFT)
    for mask in (CONTROL | SHIFT | lock, CONTROL | SHIFT):
        other.give_back("F7", mask)


def test_what_is_given_back_is_the_other_program_s_again(
    qtbot: QtBot, keys: XKeys, other: OtherProgram, heard: Heard
) -> None:
    keys.grant("Ctrl+Shift+F7")
    other.press(*TALK)
    heard.wait(qtbot, "Ctrl+Shift+F7 down")
    keys.free()
    heard.wait(qtbot, "Ctrl+Shift+F7 up")  # or a turn would never end
    other.release(*TALK)
    other.strike(*TALK)
    assert other.typed() == ["0xffc4"]
    assert heard.words == []


def test_a_key_that_the_layout_lacks_comes_with_another_layout(
    qtbot: QtBot, keys: XKeys, other: OtherProgram, heard: Heard
) -> None:
    assert keys.grant("Ctrl+Ä") is Refusal.MISSING
    other.lay_out("de")
    try:
        heard.wait(qtbot, "moved")
        assert keys.grant("Ctrl+Ä") is None
        other.strike("Control_L", "adiaeresis")
        heard.wait(qtbot, "Ctrl+Ä down", "Ctrl+Ä up")
    finally:
        other.lay_out("us")
    heard.wait(qtbot, "moved")


def test_a_key_is_the_same_while_another_alphabet_is_switched_to(
    qtbot: QtBot, keys: XKeys, other: OtherProgram, heard: Heard
) -> None:
    other.lay_out("us,ru", "-option", "grp:sclk_toggle")
    heard.wait(qtbot, "moved")
    assert keys.grant("Ctrl+Alt+M") is None
    other.strike("ISO_Next_Group")
    try:
        other.strike("Control_L", "Alt_L", "m")
        heard.wait(qtbot, "Ctrl+Alt+M down", "Ctrl+Alt+M up")
    finally:
        other.strike("ISO_Next_Group")
        other.lay_out("us", "-option", "")
    heard.wait(qtbot, "moved")


@pytest.mark.filterwarnings("ignore:.*socket:pytest.PytestUnraisableExceptionWarning")  # which the library leaves
def test_a_display_that_is_not_there_is_told(opened: Callable[[str], XKeys], other: OtherProgram) -> None:
    with pytest.raises(UnreachableError):
        opened(":987")


def test_a_connection_that_breaks_lets_go_and_is_told_once(
    qtbot: QtBot, opened: Callable[[str], XKeys], heard: Heard
) -> None:
    from tests.helpers.rig_keys import OtherProgram  # noqa: PLC0415 -- as above
    from tests.helpers.rig_screen import start_screen  # noqa: PLC0415 -- as above

    with start_screen(320, 240) as screen:
        other = OtherProgram(screen)
        keys = opened(other.name)
        keys.grant("Ctrl+Shift+F7")
        other.press(*TALK)
        heard.wait(qtbot, "Ctrl+Shift+F7 down")
        other.close()
    heard.wait(qtbot, "Ctrl+Shift+F7 up", "broken")
    assert keys.grant("Ctrl+Shift+F8") is Refusal.BROKEN
    keys.free()
    assert heard.words == []
