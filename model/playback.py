"""Media files are played to a session: sound in blocks, a picture, frames and their sound in the order of time.

Knows no command line and no window. Files are read while they are played, so that their length costs no memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from model.clip import ClipKind
from model.errors import MediaError, never_cancelled
from model.hearing import AT_ONCE
from model.media import Block, Frame, Kind, Report, Samples, describe, read_sound, read_video
from model.omni import Omni
from model.pictures import read_picture
from model.protocol import HEARING_RATE
from model.session import Session

SOUND_BLOCK = AT_ONCE * 2 * HEARING_RATE  # as many two-second blocks as the ear encodes together


@dataclass(frozen=True, slots=True)
class Played:
    """So far `seconds` of a file were given to the session, of `total` where the file says how long it is."""

    path: Path
    seconds: float
    total: float | None


class Player:
    """Plays files into the open turn of a session. What it yields is progress: the work is done while it is consumed.

    A file that turns out to be broken while it plays leaves what was good of it in the turn: the caller may `abandon`.
    """

    def __init__(
        self, omni: Omni, session: Session, report: Report, check: Callable[[], None] = never_cancelled
    ) -> None:
        """`report` is told in a sentence what of a damaged file could not be read; `check` may raise Cancelled."""
        self._omni = omni
        self._session = session
        self._report = report
        self._check = check

    def sound(self, path: Path) -> Iterator[Played]:
        """The sound of a sound or video file as one clip. MediaError where there is none that can be heard."""
        total = describe(path).seconds
        self._session.open_clip(ClipKind.SOUND, maximum=self._loudest(path))
        before, heard = self._session.context_tokens, 0
        for samples in self._sound(path, SOUND_BLOCK, self._report):
            self._session.hear(samples)
            heard += len(samples)
            yield Played(path, heard / HEARING_RATE, total)
        self._session.close_clip()
        if self._session.context_tokens == before:
            raise MediaError(f"{path} is too short to be heard; choose a longer one.")

    def picture(self, path: Path) -> Iterator[Played]:
        """A picture file. MediaError where it is none."""
        self._session.see(read_picture(path))
        yield Played(path, 0.0, None)

    def video(self, path: Path) -> Iterator[Played]:
        """A video as one clip, with its sound if it has any; what has only sound is heard. MediaError otherwise.

        Each block of sound is held back until the next one comes: by then all frames shown during it were seen, and a
        chunk, which is laid out frames first, is never closed before its last frame.
        """
        info = describe(path)
        if info.kind is Kind.SOUND:
            yield from self.sound(path)
            return
        kind = ClipKind.SOUNDING_VIDEO if info.has_sound else ClipKind.SILENT_VIDEO
        self._session.open_clip(kind, maximum=self._loudest(path) if info.has_sound else None)
        held: Block | None = None
        with closing(read_video(path, self._session.settings.sight.fps, report=self._report)) as moments:
            for moment in moments:
                self._check()
                if isinstance(moment, Frame):
                    self._session.see(moment.pixels, moment.time)
                else:
                    self._hear(held)
                    held = moment
                yield Played(path, moment.time, info.seconds)
        self._hear(held)
        self._session.close_clip()

    def _hear(self, block: Block | None) -> None:
        if block is not None:
            self._session.hear(block.samples)

    def _loudest(self, path: Path) -> float:
        """A first pass over the whole sound; what is damaged is told in the second."""
        return self._omni.ear.loudest(self._sound(path, HEARING_RATE, lambda _: None))

    def _sound(self, path: Path, size: int, report: Report) -> Iterator[Samples]:
        with closing(read_sound(path, size=size, report=report)) as blocks:
            for samples in blocks:
                self._check()
                yield samples
