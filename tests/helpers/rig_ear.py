"""What a screen reader would say: every announcement of the window, with its time. Knows nothing of what is to be seen.

AT-SPI again, as in `rig_eye.py`, but its signals: who wants them has to register, as Orca does.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from jeepney import DBusAddress, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.helpers.rig_eye import ATSPI, Eye

MEMBER = "Announcement"
WAIT_SECONDS = 0.2
REGISTRY = DBusAddress("/org/a11y/atspi/registry", f"{ATSPI}.Registry", f"{ATSPI}.Registry")


class Ear:
    """`said` grows on a thread of its own."""

    def __init__(self, connection: DBusConnection) -> None:
        self.said: list[tuple[float, str]] = []
        self._connection = connection
        self._ended = Event()
        self._thread = Thread(target=self._listen, name="ear", daemon=True)
        self._thread.start()

    def heard(self, words: str, after: float) -> float | None:
        """When something with these words in it was first announced after a moment; None while it was not."""
        return next((moment for moment, sentence in list(self.said) if moment >= after and words in sentence), None)

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._connection.close()

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                message = self._connection.receive(timeout=WAIT_SECONDS)
            except TimeoutError:
                continue
            except (ConnectionError, EOFError):
                return  # the bus is gone
            if (sentence := _announced(message)) is not None:
                self.said.append((time.monotonic(), sentence))


@contextmanager
def start_ear(eye: Eye) -> Iterator[Ear]:
    """Before the window opens that shall be listened to."""
    connection = open_dbus_connection(eye.address)
    rule = MatchRule(type="signal", interface=f"{ATSPI}.Event.Object", member=MEMBER)
    for question in (
        message_bus.AddMatch(rule),
        new_method_call(REGISTRY, "RegisterEvent", "sass", ("object:announcement", [], "")),
    ):
        connection.send_and_get_reply(question)
    ear = Ear(connection)
    try:
        yield ear
    finally:
        ear.close()


def _announced(message: Message) -> str | None:
    fields = {field.name: value for field, value in message.header.fields.items()}
    if message.header.message_type is not MessageType.signal or fields.get("member") != MEMBER:
        return None
    _, value = message.body[3]
    return str(value)
