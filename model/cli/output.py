"""Standard output for answers, standard error for sentences and a progress line. Knows nothing of what is told."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TextIO

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CLEAR_LINE = "\r\x1b[K"


class ReaderLeftError(Exception):
    """Whoever read standard output, `head` for example, has had enough."""


class Output:
    """Standard output: everything is there for the reader at once."""

    def __init__(self) -> None:
        self._terminal = sys.stdout.isatty()

    def write(self, text: str) -> None:
        """Raises ReaderLeftError. A terminal must not obey a model: there, control characters become marks."""
        shown = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text) if self._terminal else text
        try:
            sys.stdout.write(shown)
            sys.stdout.flush()
        except BrokenPipeError as error:
            raise ReaderLeftError from error


class StatusLine:
    """One line of progress that is written over and over, and only where a person sees it."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._shown = ""

    def show(self, text: str) -> None:
        """Replaces what is shown."""
        if self._terminal and text != self._shown:
            sys.stderr.write(f"{_CLEAR_LINE}{text}")
            sys.stderr.flush()
            self._shown = text

    def clear(self) -> None:
        """Before anything else is written."""
        if self._shown:
            sys.stderr.write(_CLEAR_LINE)
            sys.stderr.flush()
            self._shown = ""


def complain(sentence: str) -> None:
    """A sentence to whoever gave the command."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def prepare_output() -> None:
    """Any language can be written, whatever the system's encoding; what a terminal cannot show becomes a mark.

    What a shell has closed (`>&-`) takes everything and keeps nothing.
    """
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    _prepare(sys.stdout)
    _prepare(sys.stderr)


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _prepare(stream: TextIO) -> None:
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def finish_output() -> None:
    """Flush; where the reader has left, what is still held goes nowhere instead of becoming an error at exit."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
