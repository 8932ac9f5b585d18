"""Which devices a Linux sound server has lost, as it tells itself. Knows neither Qt nor PortAudio.

Qt 6.11 keeps a PulseAudio device in its list that has gone unless it was the default and another one has become that:
whoever pulls out a headset that was chosen, or the only microphone, would not be noticed.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from app import logs

CLIENT = "sightline-devices"
KNOCK_SECONDS = 0.05
"""Between two requests to end: one that comes while the server is not listened to just then is lost."""


class SoundServer:
    """Watches from its making to `close`; without a server, or a way to it, nothing is ever `gone`."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """`changed` is called on a thread of its own."""
        self.gone: frozenset[str] = frozenset()
        """Names of devices that were there, and are not now."""
        self._changed = changed
        self._seen: set[str] = set()
        self._is_stale = True
        self._closing = Event()
        self._pulse: Any = None  # pulsectl carries no types
        self._thread = Thread(target=self._run, name="sound server", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Returns when the server is left alone."""
        self._closing.set()
        while self._thread.is_alive():
            if (pulse := self._pulse) is not None:
                pulse.event_listen_stop()
            self._thread.join(KNOCK_SECONDS)

    # On the thread of its own

    def _run(self) -> None:
        try:
            import pulsectl  # noqa: PLC0415 -- needs the server's library, and takes a moment: not on the window's thread
        except (ImportError, OSError) as error:
            logs.devices.info("No sound server can be asked what it has: %s", error)
            return
        try:
            with pulsectl.Pulse(CLIENT, connect=False) as pulse:
                pulse.connect(autospawn=False)
                pulse.event_mask_set("sink", "source")
                pulse.event_callback_set(lambda _: self._notice(pulsectl.PulseLoopStop))
                self._pulse = pulse
                self._watch(pulse)
        except pulsectl.PulseError as error:
            logs.devices.info("The sound server does not tell what it has: %s", error)
        finally:
            self._pulse = None

    def _notice(self, stop: type[Exception]) -> None:
        """In the library's loop, where the server must not be asked anything."""
        self._is_stale = True
        raise stop

    def _watch(self, pulse: Any) -> None:  # noqa: ANN401 -- pulsectl carries no types
        while not self._closing.is_set():
            if self._is_stale:
                self._is_stale = False
                self._look({device.name for device in (*pulse.source_list(), *pulse.sink_list())})
            else:
                pulse.event_listen()

    def _look(self, present: set[str]) -> None:
        self._seen |= present
        gone = frozenset(self._seen - present)
        if gone != self.gone:
            self.gone = gone
            self._changed()
