"""A screen reader's eye for tests: a private session bus, and the accessibility tree of the window that opens on it.

Speaks AT-SPI over D-Bus as Orca does: what is not to be found here is not told to people who cannot see.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, MessageType, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

ATSPI = "org.a11y.atspi"
ANSWER_SECONDS = 60.0
"""A window that does not answer for so long hangs."""
POLL_SECONDS = 0.05
FOCUSED, SHOWING = 12, 25
"""States, as AT-SPI numbers them."""


class EyeError(Exception):
    """What is to be read is not there."""


@dataclass(frozen=True)
class Node:
    """One accessible object, by its program's name on the bus and its path."""

    bus: str
    path: str


ROOT = Node(f"{ATSPI}.Registry", "/org/a11y/atspi/accessible/root")


class Eye:
    """Not for several threads. `environment` is what a process needs to be seen, `address` where one listens."""

    def __init__(self, address: str) -> None:
        self.environment = {"DBUS_SESSION_BUS_ADDRESS": address, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        with open_dbus_connection(address) as session:
            bus = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            (self.address,) = _answer(session, new_method_call(bus, "GetAddress"))
        self._connection = open_dbus_connection(self.address)

    def close(self) -> None:
        self._connection.close()

    def another(self) -> Eye:
        """For another thread."""
        return Eye(self.environment["DBUS_SESSION_BUS_ADDRESS"])

    def application(self, name: str, process: subprocess.Popen[str]) -> Node:
        """Waits until this program has opened its window; EyeError if it ended instead."""
        while process.poll() is None:
            found = [node for node in self.children(ROOT) if self.name(node) == name]
            if found and self.children(found[0]):
                return found[0]
            time.sleep(POLL_SECONDS)  # there is nobody yet who could tell
        raise EyeError(f"{name} has ended with status {process.returncode}")

    def find(self, under: Node, role: str, name: str = "", description: str = "") -> Node:
        """The first of this role with this name, or this description, in the order of the tree."""
        for node in self._walk(under):
            fits = self.role(node) == role and name in {"", self.name(node)}
            if fits and description in {"", self.description(node)}:
                return node
        raise EyeError(f"there is no {role} {name}{description}")

    def focused(self, under: Node) -> Node:
        """What has the focus among what is to be seen; EyeError while nothing has it."""
        if self.has(under, FOCUSED) and self.role(under) != "frame":
            return under
        for child in self.children(under):
            if self.has(child, SHOWING):
                try:
                    return self.focused(child)
                except EyeError:
                    continue
        raise EyeError("nothing has the focus")

    def has(self, node: Node, state: int) -> bool:
        """One of AT-SPI's, by its number."""
        ((low, high),) = self._call(node, "GetState")
        return bool((low | high << 32) >> state & 1)

    def children(self, node: Node) -> list[Node]:
        (children,) = self._call(node, "GetChildren")
        return [Node(*child) for child in children]

    def role(self, node: Node) -> str:
        (role,) = self._call(node, "GetRoleName")
        return str(role)

    def name(self, node: Node) -> str:
        return self._property(node, "Name")

    def description(self, node: Node) -> str:
        return self._property(node, "Description")

    def place(self, node: Node) -> tuple[int, int, int, int]:
        """On the screen: left, top, width, height."""
        address = DBusAddress(node.path, node.bus, f"{ATSPI}.Component")
        ((left, top, width, height),) = _answer(self._connection, new_method_call(address, "GetExtents", "u", (0,)))
        return left, top, width, height

    def _walk(self, node: Node) -> Iterator[Node]:
        yield node
        for child in self.children(node):
            yield from self._walk(child)

    def _call(self, node: Node, method: str) -> tuple[Any, ...]:
        address = DBusAddress(node.path, node.bus, f"{ATSPI}.Accessible")
        return _answer(self._connection, new_method_call(address, method))

    def _property(self, node: Node, name: str) -> str:
        properties = Properties(DBusAddress(node.path, node.bus, f"{ATSPI}.Accessible"))
        ((_, value),) = _answer(self._connection, properties.get(name))
        return str(value)


def _answer(connection: DBusConnection, question: Any) -> tuple[Any, ...]:  # noqa: ANN401 -- it carries no types
    try:
        reply = connection.send_and_get_reply(question, timeout=ANSWER_SECONDS)
    except ConnectionError as error:
        raise EyeError("the bus is gone") from error
    if reply.header.message_type is MessageType.error:
        raise EyeError(str(reply.body))
    return tuple(reply.body)


@contextmanager
def start_eye(folder: Path, environment: dict[str, str]) -> Iterator[Eye]:
    """A bus of its own in `folder`, ended afterwards together with what it started."""
    words = ["dbus-daemon", "--session", "--nofork", "--nosyslog", "--print-address=1"]
    words.append(f"--address=unix:path={folder}/session")
    private = {**os.environ, **environment, "XDG_RUNTIME_DIR": str(folder)}
    with subprocess.Popen(words, env=private, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as bus:
        try:
            assert bus.stdout is not None
            eye = Eye(bus.stdout.readline().strip())  # said when it is ready
            try:
                yield eye
            finally:
                eye.close()
        finally:
            bus.terminate()
