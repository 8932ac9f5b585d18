"""The desktop's loggers, one a subject, and the way in for the child's log. Knows no file and no window."""

from __future__ import annotations

import logging

from model.protocol import Logged

OURS = "sightline"
link = logging.getLogger(f"{OURS}.link")
devices = logging.getLogger(f"{OURS}.devices")
history = logging.getLogger(f"{OURS}.history")
window = logging.getLogger(f"{OURS}.window")


def show() -> None:
    """On standard error from here on, line by line: what happens and how fast, never what is said."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))
    ours = logging.getLogger(OURS)
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False


def take_in(line: Logged) -> None:
    """A line of the child's log, under its own logger; what libraries say there is filed under the model."""
    name = line.name if line.name.split(".")[0] == OURS else f"{OURS}.model.{line.name}"
    logger = logging.getLogger(name)
    if logger.isEnabledFor(line.level):
        record = logger.makeRecord(name, line.level, "(child)", 0, line.text, (), None)
        record.created = line.time
        logger.handle(record)
