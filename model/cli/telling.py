"""How `ask` tells its events: as text for a person, or as lines of JSON for a program. Knows no model."""

from __future__ import annotations

from typing import Protocol, assert_never

from model.cli.events import (
    Answered,
    AskEvent,
    Given,
    Noticed,
    Opened,
    Playing,
    Read,
    Sounded,
    Worded,
    as_line,
)
from model.cli.output import Output, StatusLine, complain


class Teller(Protocol):
    """Whom every event is told to, as it happens."""

    def tell(self, event: AskEvent) -> None:
        """Raises ReaderLeftError where nobody reads any more."""
        ...

    def finish(self) -> None:
        """Nothing more comes, whether all went well or not."""
        ...


class PlainTeller:
    """Text to standard output, piece by piece; everything else, progress on a terminal only, to standard error."""

    def __init__(self) -> None:
        self._output = Output()
        self._status = StatusLine()
        self._line_open = False

    def tell(self, event: AskEvent) -> None:
        """See Teller."""
        match event:
            case Worded():
                self._say(event.text)
            case Answered():
                self._end_line()
            case Opened():
                self._note(event.label)
            case Noticed():
                self._note(event.text)
            case Read():
                self._status.show(f"Loading the {event.part}: {event.done * 100 // max(1, event.total)} %")
            case Playing():
                self._status.show(_progress(event))
            case Given() | Sounded():
                self._status.clear()
            case _:
                assert_never(event)

    def finish(self) -> None:
        """An answer that was cut short still ends its line."""
        self._status.clear()
        if self._line_open:
            self._end_line()

    def _say(self, text: str) -> None:
        self._status.clear()
        self._line_open = True
        self._output.write(text)

    def _end_line(self) -> None:
        self._line_open = False
        self._output.write("\n")

    def _note(self, sentence: str) -> None:
        if sentence:
            self._status.clear()
            complain(sentence)


class JsonTeller:
    """One line an event to standard output; sentences go to standard error as well."""

    def __init__(self) -> None:
        self._output = Output()

    def tell(self, event: AskEvent) -> None:
        """See Teller."""
        self._output.write(as_line(event))
        match event:
            case Opened(label=sentence) | Noticed(text=sentence) if sentence:
                complain(sentence)

    def finish(self) -> None:
        """Every line is out already."""


def _progress(event: Playing) -> str:
    whole = "" if event.total is None else f" of {event.total:.0f}"
    return f"Taking in {event.file}: {event.seconds:.0f}{whole} s"
