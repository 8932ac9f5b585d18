"""The file that speech streams into. It appears with the first sound and plays at any time, whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from model.errors import MediaError, SightlineError
from model.media import Samples, write_wave


class WaveFile:
    """All the speech of a conversation, one answer after the other."""

    def __init__(self, path: Path | None) -> None:
        """Without a path nothing is ever written."""
        self._path = path
        self._open = ExitStack()
        self._append: Callable[[Samples], None] | None = None

    @property
    def begun(self) -> bool:
        """Whether there was any sound."""
        return self._append is not None

    def __enter__(self) -> WaveFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._open.close()
        except MediaError as error:
            if kind is None:
                raise SightlineError(str(error)) from error

    def add(self, samples: Samples) -> None:
        """The next sound. Raises SightlineError where the disk is full or gone; what was written before still plays."""
        if self._path is None:
            return
        try:
            if self._append is None:
                self._append = self._open.enter_context(write_wave(self._path))
            self._append(samples)
        except MediaError as error:
            raise SightlineError(str(error)) from error
