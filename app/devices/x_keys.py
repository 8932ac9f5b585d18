"""Keys from an X server: passive grabs on a connection of our own, read when it has something. Knows no action.

While a granted key is down the server gives us all keys; those that were not granted are thrown away unread.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from PySide6.QtCore import QSocketNotifier, QTimer
from Xlib import X
from Xlib.display import Display
from Xlib.error import (
    BadAccess,
    CatchError,
    ConnectionClosedError,
    DisplayConnectionError,
    DisplayNameError,
    XauthError,
    XError,
)
from Xlib.protocol.rq import Event, Request

from app import logs
from app.devices.key_extension import use_extension
from app.devices.key_layout import Layout, Spot
from app.devices.system_keys import Told, UnreachableError
from app.hotkeys import Refusal

REFUSED = (DisplayConnectionError, DisplayNameError, XauthError, ConnectionClosedError, OSError)
CLOSED = (ConnectionClosedError, OSError)


class XKeys:
    """One connection; once it is broken all is refused."""

    def __init__(self, told: Told, name: str | None = None) -> None:
        """To the display of this name, or the one that the environment names. Raises UnreachableError."""
        self._told = told
        try:
            self._display = Display(name)
            self._display.set_error_handler(_log)
            self._extension = use_extension(self._display)
            self._layout = Layout.read(self._display)
        except REFUSED as error:
            raise UnreachableError(str(error)) from error
        self._root = self._display.screen().root
        self._granted: dict[Spot, str] = {}
        self._down: dict[int, str] = {}
        self._notifier = QSocketNotifier(self._display.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)

    @property
    def sees_release(self) -> bool:
        """Whether the server tells a held key from one that is pressed again."""
        return self._extension.sees_release

    def grant(self, keys: str) -> Refusal | None:
        """Beside every lock that may be on; None once it is had."""
        spots = self._layout.spots(keys)
        if not spots:
            return Refusal.MISSING
        try:
            is_taken = self._grab(spots)
        except CLOSED:
            self._lose()
            return Refusal.BROKEN
        if is_taken:
            return Refusal.TAKEN
        self._granted.update(dict.fromkeys(spots, keys))
        return None

    def free(self) -> None:
        """All that were granted go back; one that is held counts as let go."""
        granted, self._granted = self._granted, {}
        down, self._down = self._down, {}
        try:
            self._ungrab(granted)
        except CLOSED:
            self._lose()
        for keys in down.values():
            self._told.released(keys)

    def close(self) -> None:
        """The server takes back what was granted."""
        self._notifier.setEnabled(False)
        with suppress(*CLOSED):  # it may be broken already
            self._display.close()

    def _grab(self, spots: Iterable[Spot]) -> bool:
        """Whether another program has one of them; then none is kept."""
        taken = CatchError(BadAccess)
        for spot in spots:
            for lock in self._layout.lock_masks:
                self._root.grab_key(
                    spot.code,
                    spot.mask | lock,
                    owner_events=False,
                    pointer_mode=X.GrabModeAsync,
                    keyboard_mode=X.GrabModeAsync,
                    onerror=taken,
                )
        self._settle()
        if taken.get_error() is None:
            return False
        self._ungrab(spots)
        return True

    def _ungrab(self, spots: Iterable[Spot]) -> None:
        for spot in spots:
            for lock in self._layout.lock_masks:
                self._root.ungrab_key(spot.code, spot.mask | lock)
        self._settle()

    def _settle(self) -> None:
        """Returns when the server has done it. What else comes with its answer does not wake the notifier."""
        self._display.sync()
        QTimer.singleShot(0, self._notifier, self._read)

    def _read(self) -> None:
        """All that has come, without waiting for more."""
        if not self._notifier.isEnabled():
            return
        try:
            events = [self._display.next_event() for _ in range(self._display.pending_events())]
        except CLOSED:
            self._lose()
            return
        if any(event.type == self._extension.layout_event for event in events):
            self._read_layout()  # first: a key that is pressed on another keyboard comes right behind its layout
        for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:
        if event.type == X.KeyPress:
            keys = self._granted.get(self._layout.spot(event.detail, event.state))
            if keys is not None and event.detail not in self._down:
                self._down[event.detail] = keys
                self._told.pressed(keys)
        elif event.type == X.KeyRelease and event.detail in self._down:
            self._told.released(self._down.pop(event.detail))

    def _read_layout(self) -> None:
        """A second keyboard that is typed on is told as a new layout too, though all may lie where it lay."""
        before = self._layout
        try:
            layout = Layout.read(self._display)
        except CLOSED:
            self._lose()
            return
        if layout != before:
            self.free()
            self._layout = layout
            self._told.moved()

    def _lose(self) -> None:
        """Once."""
        if not self._notifier.isEnabled():
            return
        logs.devices.warning("the connection to the X server is broken: no keys are had any longer")
        self._notifier.setEnabled(False)
        self._granted = {}
        down, self._down = self._down, {}
        for keys in down.values():
            self._told.released(keys)
        self._told.broken()


def _log(error: XError, _request: Request | None) -> None:
    """Of what nobody waits for the answer to."""
    logs.devices.info("the X server refuses something: %s", error)
