"""What comes of words that are said into an answer: `python -m tests.app.interjections [--voices N]`; prints a table.

Simulated sample by sample (see `tests.helpers.overheard`), so that hundreds are tried in minutes, with and without
walls around: who listens and decides is the app's own. Half of the voices are those that the recogniser's words and
weights were chosen with, the others were not looked at. Ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from app.spotting import Spotter
from model.protocol import HEARING_RATE, SPEECH_RATE
from tests.helpers.echo import EchoRoom
from tests.helpers.overheard import Outcome, say_into
from tests.helpers.rig_voice import Samples, silence, speak
from tests.helpers.teller import STORY

KNOWN = ("en", "en-us+m7", "en-gb+f2", "en-gb-scotland", "en-us+f4", "en+m3", "en-gb-x-rp", "en-us+f1")
OTHERS = ("en-us", "en+f3", "en+m1", "en-us+m5", "en-gb+f5", "en-us+f2", "en+m7", "en-us+m2")
STOPS = ("stop", "please stop", "stop it", "stop please")
NODS = ("mm-hmm", "yeah", "okay", "uh-huh", "right", "yeah, okay")
SENTENCES = ("What can you see on the desk?", "no, wait a moment", "Tell me about the mountains")
ROOMS = {"no walls": EchoRoom(gain=0.2, has_walls=False), "walls": EchoRoom(gain=0.2)}
MOMENTS = (4.0, 4.65, 5.3)
"""Seconds of the answer at which something is said."""
STOPPED, WENT_ON, ASKED = 0.9, 0.9, 1.0
"""The bars."""


@dataclass(frozen=True)
class Try:
    """One of them, and what came of it."""

    words: str
    outcome: Outcome

    @property
    def is_right(self) -> bool:
        """Whether it is what was meant."""
        if self.words in STOPS:
            return self.outcome.ended
        return self.outcome.went_on if self.words in NODS else self.outcome.asked


def story(folder: Path) -> Samples:
    """What is answered: 24 kHz."""
    pieces: list[Samples] = []
    for sentence in STORY[:4]:
        spoken = resample_poly(speak(sentence, folder / "story.wav"), SPEECH_RATE, HEARING_RATE)
        pieces += [0.7 * spoken.astype(np.float32), silence(0.25, SPEECH_RATE)]
    return np.concatenate(pieces)


def tries(words: str, voices: tuple[str, ...], room: EchoRoom, folder: Path) -> Iterator[Try]:
    spotter, answer = Spotter.of_stop(), story(folder)  # one for all, as the app has: it remembers how loud it was
    for voice in voices:
        said = speak(words, folder / "said.wav", voice=voice)
        for moment in MOMENTS:
            yield Try(words, say_into(answer, said, spotter, room, at=moment))


def share(told: list[Try]) -> float:
    return sum(one.is_right for one in told) / len(told)


def main() -> None:
    parser = argparse.ArgumentParser(description="What comes of words that are said into an answer.")
    parser.add_argument("--voices", type=int, default=len(OTHERS), help="of each half")
    choice = parser.parse_args()
    is_met = True
    with tempfile.TemporaryDirectory() as name:
        for group, bar in ((STOPS, STOPPED), (NODS, WENT_ON), (SENTENCES, ASKED)):
            for room_name, room in ROOMS.items():
                for half, voices in (("known", KNOWN), ("other", OTHERS)):
                    found = {words: [*tries(words, voices[: choice.voices], room, Path(name))] for words in group}
                    told = [one for each in found.values() for one in each]
                    parts = ", ".join(f"{words} {sum(one.is_right for one in each)}" for words, each in found.items())
                    verdict = "met" if share(told) >= bar else "MISSED"
                    sys.stdout.write(
                        f"{half} voices, {room_name}: {sum(one.is_right for one in told)} of {len(told)},"
                        f" {100 * share(told):.0f} % (bar {100 * bar:.0f}): {verdict}; {parts}\n"
                    )
                    sys.stdout.flush()
                    is_met = is_met and share(told) >= bar
    sys.exit(0 if is_met else 1)


if __name__ == "__main__":
    main()
