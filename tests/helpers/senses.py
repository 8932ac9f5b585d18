"""What a session is given to hear and see: seeded, and no two moments of it alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.session import Session

Samples = NDArray[np.float32]
Pixels = NDArray[np.uint8]


def sound(seconds: float, seed: int = 0) -> Samples:
    """A warbling tone with noise at 16 kHz."""
    time = np.arange(int(seconds * 16_000)) / 16_000
    noise = np.random.default_rng(seed).normal(size=len(time))
    return (0.3 * np.sin(2 * np.pi * (200 + 90 * np.sin(time + seed)) * time) + 0.05 * noise).astype(np.float32)


def frames(count: int, height: int = 70, width: int = 98, seed: int = 0) -> list[Pixels]:
    """RGB noise."""
    return list(np.random.default_rng(seed).integers(0, 256, (count, height, width, 3), dtype=np.uint8))


def hear_in(session: Session, samples: Samples, size: int) -> None:
    """Hear in blocks of `size` samples."""
    for start in range(0, len(samples), size):
        session.hear(samples[start : start + size])
