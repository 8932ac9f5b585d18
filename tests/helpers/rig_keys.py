"""Another program on an X screen: its window has the keyboard, it may hold keys, and fingers press what they like."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import BadAccess, CatchError
from Xlib.ext import xtest

from tests.helpers.rig_screen import Screen, start_screen

SOON, OFTEN = "150", "50"
"""Milliseconds until a held key is repeated, and how often a second it is then."""


class OtherProgram:
    """A client of its own, with the input focus."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self._display = Display(screen.environment["DISPLAY"])
        self._root = self._display.screen().root
        mask = X.KeyPressMask | X.KeyReleaseMask | X.StructureNotifyMask
        self._window = self._root.create_window(0, 0, 50, 50, 0, X.CopyFromParent, event_mask=mask)
        self._window.map()
        while self._display.next_event().type != X.MapNotify:
            pass
        self.focus()

    def focus(self) -> None:
        """The keyboard is its window's, whatever was there before."""
        self._window.set_input_focus(X.RevertToParent, X.CurrentTime)
        self._display.sync()

    @property
    def name(self) -> str:
        """Of the display."""
        return self.screen.environment["DISPLAY"]

    def press(self, *names: str) -> None:
        """Keys by X's names, all down at once."""
        for name in names:
            xtest.fake_input(self._display, X.KeyPress, self._code(name))
        self._display.sync()

    def release(self, *names: str) -> None:
        """The last first."""
        for name in reversed(names):
            xtest.fake_input(self._display, X.KeyRelease, self._code(name))
        self._display.sync()

    def strike(self, *names: str) -> None:
        """Down and up."""
        self.press(*names)
        self.release(*names)

    def typed(self) -> list[str]:
        """What was pressed in its window since the last time, but for what is held beside keys."""
        self._display.sync()
        events = [self._display.next_event() for _ in range(self._display.pending_events())]
        symbols = [self._display.keycode_to_keysym(event.detail, 0) for event in events if event.type == X.KeyPress]
        beside = range(XK.XK_Shift_L, XK.XK_Hyper_R + 1)
        return [chr(symbol) if symbol < 256 else hex(symbol) for symbol in symbols if symbol not in beside]

    def take(self, name: str, mask: int) -> bool:
        """Wants a key for itself, whatever window has the keyboard; whether it has got it."""
        refused = CatchError(BadAccess)
        self._root.grab_key(
            self._code(name),
            mask,
            owner_events=False,
            pointer_mode=X.GrabModeAsync,
            keyboard_mode=X.GrabModeAsync,
            onerror=refused,
        )
        self._display.sync()
        return refused.get_error() is None

    def give_back(self, name: str, mask: int) -> None:
        self._root.ungrab_key(self._code(name), mask)
        self._display.sync()

    def lay_out(self, *words: str) -> None:
        """As setxkbmap has it."""
        subprocess.run(["setxkbmap", "-display", self.name, *words], check=True)
        self._display.close()
        self._display = Display(self.name)  # the library keeps the layout that it has met first

    def repeat_soon(self) -> None:
        """A held key comes again and again."""
        subprocess.run(["xset", "-display", self.name, "r", "rate", SOON, OFTEN], check=True)

    def close(self) -> None:
        self._display.close()

    def _code(self, name: str) -> int:
        code: int = self._display.keysym_to_keycode(XK.string_to_keysym(name))
        if not code:
            raise ValueError(f"the keyboard has no {name}")
        return code


@contextmanager
def start_other_program() -> Iterator[OtherProgram]:
    """On a screen of its own; both end afterwards."""
    with start_screen(320, 240) as screen:
        other = OtherProgram(screen)
        try:
            yield other
        finally:
            other.close()
