"""Text becomes speech by synthesisers of the system, in many voices; some are kept for tests. Knows no rooms.

Each utterance is a process of its own: the synthesisers carry state from one utterance to the next, and an example must
be the same whatever came before it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from model.errors import SightlineError
from model.training.corpus.chance import pick
from model.training.corpus.sentences import Split

RATE = 16_000
Samples = NDArray[np.float32]
Maker = Literal["espeak-ng", "flite", "festival"]
MAKERS: tuple[Maker, ...] = ("espeak-ng", "flite")
"""Those that training needs; festival only tests, where it is installed."""

_ACCENTS = ("en", "en", "en", "en-us", "en-us", "en-gb-x-rp", "en-gb-scotland", "en-029", "en-us-nyc")
_TRAINED = (
    *("", "adam", "Alex", "Andrea", "Andy", "Annie", "AnxiousAndy", "Denis", "Diogo", "Gene", "Gene2", "Henrique"),
    *("Jacky", "Lee", "Marco", "Mario", "Michael", "Nguyen", "RicishayMax", "RicishayMax2", "Storm", "anika", "aunty"),
    *("antonio", "belinda", "benjamin", "boris", "caleb", "david", "edward", "edward2", "f1", "f2", "f3", "f5"),
    *("grandpa", "gustave", "iven", "iven2", "iven4", "john", "kaukovalta", "klatt", "klatt2", "klatt4", "klatt6"),
    *("m1", "m2", "m4", "m5", "m6", "m7", "m8", "marcelo", "michel", "miguel", "norbert", "pablo", "paul", "pedro"),
    *("quincy", "rob", "sandro", "steph", "steph2", "travis", "victor", "zac"),
)
_HELD_OUT = ("Alicia", "Hugo", "Mike", "ed", "f4", "klatt3", "linda", "m3", "max", "robert", "shelby", "steph3")
_FLITE: dict[Split, tuple[str, ...]] = {"train": ("kal16", "rms", "slt"), "held-out": ("awb",)}
_FLITE_WORDS_A_MINUTE = 160.0  # at its own pace, about
_FESTIVAL = "kal_diphone"  # its only voice of old; the person is kal16's too, the way of joining sounds is another
_HEADER = 44  # bytes of a wave file's
_COMMANDS: dict[Maker, str] = {"espeak-ng": "espeak-ng", "flite": "flite", "festival": "text2wave"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice and how it speaks."""

    maker: Maker
    voice: str
    rate: int
    """Words a minute."""
    pitch: int
    """0 … 99; 50 is the voice's own."""

    def say(self, text: str, rate: int = RATE) -> Samples:
        """Mono with a peak of 0.5 and no silence around; SightlineError where the synthesiser is missing."""
        ways = {"espeak-ng": self._espeak, "flite": self._flite, "festival": self._festival}
        spoken = aloud(text)
        try:
            given = subprocess.run(
                ways[self.maker](spoken), input=spoken.encode(), check=True, capture_output=True
            ).stdout
        except FileNotFoundError as error:
            raise missing(self.maker) from error
        except subprocess.CalledProcessError as error:
            raise SightlineError(f"{self.maker} could not speak as {self.voice}: update it.") from error
        return _trimmed(*_decoded(given), rate)

    def _espeak(self, text: str) -> list[str]:
        return ["espeak-ng", "-v", self.voice, "-s", str(self.rate), "-p", str(self.pitch), "--stdout", "--", text]

    def _flite(self, text: str) -> list[str]:
        stretch = f"duration_stretch={_FLITE_WORDS_A_MINUTE / self.rate:.3f}"
        return ["flite", "-voice", self.voice, "--setf", stretch, "-t", text, "-o", "/dev/stdout"]

    def _festival(self, _text: str) -> list[str]:
        """The text comes by the standard input."""
        stretch = f"(Parameter.set 'Duration_Stretch {_FLITE_WORDS_A_MINUTE / self.rate:.3f})"
        return ["text2wave", "-eval", f"(begin (voice_{self.voice}) {stretch})", "-o", "/dev/stdout"]


def speaker(rng: np.random.Generator, split: Split = "train", maker: Maker | None = None) -> Speaker:
    """Anybody of this split; without a maker, one speaker in six is of the second make."""
    chosen: Maker = maker or ("flite" if rng.random() < 1 / 6 else "espeak-ng")
    rate, pitch = int(rng.integers(120, 200)), int(rng.integers(25, 80))
    if chosen == "flite":
        return Speaker("flite", pick(rng, _FLITE[split]), rate, 50)
    if chosen == "festival":
        return Speaker("festival", _FESTIVAL, rate, 50)
    accent, variant = pick(rng, _ACCENTS), pick(rng, _TRAINED if split == "train" else _HELD_OUT)
    return Speaker("espeak-ng", f"{accent}+{variant}" if variant else accent, rate, pitch)


def voices(split: Split) -> frozenset[str]:
    """Names of all voices of a split, without accents."""
    return frozenset((*(_TRAINED if split == "train" else _HELD_OUT), *_FLITE[split]))


def check_makers() -> None:
    """Raises SightlineError where a synthesiser that training needs is not installed."""
    for maker in MAKERS:
        if not installed(maker):
            raise missing(maker)


def installed(maker: Maker) -> bool:
    """Whether the system has this synthesiser."""
    return shutil.which(_COMMANDS[maker]) is not None


def missing(maker: Maker) -> SightlineError:
    return SightlineError(f"{maker} is not installed: install it with the system's package manager, then try again.")


def aloud(text: str) -> str:
    """Text as synthesisers take it: letters apart, and the letter A not as the article."""
    return re.sub(r"(?<=\s)[A-Z]\b", lambda found: f"{'eigh' if found[0] == 'A' else found[0]},", text)


def _decoded(wave: bytes) -> tuple[int, Samples]:
    """What is in a mono 16-bit wave file whose header may not know its length; festival's comes once more behind."""
    start = wave.find(b"data") + 8
    end = len(wave) - _HEADER if wave[-_HEADER:].startswith(b"RIFF") else len(wave)
    samples = np.frombuffer(wave[start : start + (end - start) // 2 * 2], "<i2").astype(np.float32)
    return int.from_bytes(wave[24:28], "little"), samples


def _trimmed(given: int, samples: Samples, rate: int) -> Samples:
    """Brought from one rate to another, from the first to the last loud sample."""
    shared = np.gcd(given, rate)
    spoken = samples if given == rate else resample_poly(samples, rate // shared, given // shared)
    peak = float(np.abs(spoken).max(initial=0.0))
    loud = np.flatnonzero(np.abs(spoken) > 0.01 * peak)
    if not len(loud):
        raise SightlineError("The synthesiser gave silence: update it.")
    return np.asarray(spoken[loud[0] : loud[-1] + 1] * (0.5 / peak), np.float32)
