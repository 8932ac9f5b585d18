"""What `teller` wrote down of a running Sightline, and where in a recording something that is known was played."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import correlate, resample_poly

from model.protocol import HEARING_RATE, SPEECH_RATE
from tests.helpers.loudness import Loudness
from tests.helpers.rig import RATE
from tests.helpers.rig_voice import Samples
from tests.helpers.stage import until

SURE = 0.25
"""Of a perfect match, below which something was not played there. What is there has 0.5 and more, chance 0.1."""


@dataclass(frozen=True)
class Note:
    """One line of it."""

    what: str
    time: float
    facts: dict[str, Any]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- as it was written
        return self.facts[name]


class Trace:
    """Grows while it is read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._notes: list[Note] = []
        self._read = 0

    @property
    def notes(self) -> list[Note]:
        """All so far."""
        file = self._folder / "trace"
        if file.exists():
            with file.open(encoding="utf-8") as opened:
                opened.seek(self._read)
                while (line := opened.readline()).endswith("\n"):
                    self._read = opened.tell()
                    facts = json.loads(line)
                    self._notes.append(Note(facts.pop("what"), facts.pop("time"), facts))
        return self._notes

    def of(self, *kinds: str, turn: int | None = None, after: float = 0.0) -> list[Note]:
        """Of these kinds, since a moment."""
        return [
            note
            for note in self.notes
            if note.what in kinds and note.time >= after and (turn is None or note.facts.get("turn") == turn)
        ]

    def wait(self, holds: Callable[[Note], object], after: float, seconds: float = 120.0) -> Note:
        """The first since a moment of which it holds; MissingError if none comes."""
        found: list[Note] = []

        def look() -> bool:
            found.extend(note for note in self.notes if note.time >= after and holds(note))
            return bool(found)

        until(look, seconds)
        return found[0]

    @property
    def phase(self) -> str:
        phases = self.of("phase")
        return str(phases[-1].name) if phases else ""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The transcript."""
        told = self.of("lines")
        return list(told[-1].lines) if told else []

    def wave(self, turn: int) -> Samples:
        """All that was told of a turn's speech: 24 kHz."""
        file = self._folder / f"turn-{turn}"
        return np.fromfile(file, np.float32) if file.exists() else np.zeros(0, np.float32)


def find(sound: Samples, recording: Samples) -> tuple[int, float]:
    """Where in a recording [n] a sound [m] of the same rate begins, and how well it fits: 1 is perfect."""
    if len(sound) == 0 or len(recording) < len(sound):
        return 0, 0.0
    products = correlate(recording, sound, "valid", "fft")
    at = int(np.abs(products).argmax())
    part = recording[at : at + len(sound)]
    norm = float(np.linalg.norm(part) * np.linalg.norm(sound))
    return at, float(abs(products[at])) / norm if norm > 0.0 else 0.0


def moment(heard: Loudness, sound: Samples, begin: float, end: float) -> float | None:
    """When a sound of 16 kHz began that was to be heard between two moments; None where it was not."""
    recording = resample_poly(heard.cut(begin, end), 1, RATE // HEARING_RATE)
    at, fit = find(sound, recording.astype(np.float32))
    return begin + at / HEARING_RATE if fit > SURE else None


def played(heard: Loudness, wave: Samples, begin: float, end: float) -> float | None:
    """When a wave of 24 kHz began, likewise."""
    recording = resample_poly(heard.cut(begin, end), 1, RATE // SPEECH_RATE)
    at, fit = find(wave, recording.astype(np.float32))
    return begin + at / SPEECH_RATE if fit > SURE else None
