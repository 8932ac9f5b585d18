"""A child that reads aloud what it is asked, in a voice that is speech: where a random model's would be noise."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import resample_poly

from model.process import serve
from model.protocol import HEARING_RATE, SPEECH_RATE, Said, Voiced
from tests.helpers.rig_voice import speak
from tests.helpers.stand_in import StandIn, finished

if TYPE_CHECKING:
    from model.process import Pipe

PACKET = SPEECH_RATE // 2
"""Samples of speech that are told at once."""


def main(pipe: Pipe) -> None:
    serve(pipe, lambda tell, check: Reader(pipe, tell, check))


class Reader(StandIn):
    """Answers with the words of the question."""

    def _reply(self, turn: int) -> None:
        text = self._given[-1]
        self._tell(Said(turn, text))
        with tempfile.TemporaryDirectory() as folder:
            spoken = speak(text, Path(folder) / "spoken.wav")
        wave = resample_poly(spoken, SPEECH_RATE, HEARING_RATE).astype(np.float32)
        for begin in range(0, len(wave), PACKET):
            self._check()
            self._tell(Voiced(turn, wave[begin : begin + PACKET]))
        self._tell(finished(turn, text))
