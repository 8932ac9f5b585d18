"""Which of the Talker's own speeches was the better one, and learning from that (Rafailov et al. 2023, DPO).

A speech is the better the fewer words of it the judge mishears and the shorter it pauses. The Talker as it was when it
spoke is what it is held near to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from model.errors import SightlineError
from model.training.codes import FRAMES_A_CODE, CodeBook
from model.training.continuation import Line, Marks, TalkerPart
from model.training.corpus.narrators import SPEECH_RATE
from model.training.judging import Judge
from model.training.progress import Ledger
from model.training.scores import word_errors
from model.training.voice_parts import VoiceParts

_SPEECHES = 5
"""Of each line, from which the best and the worst are taken."""
_HELD = 0.1
"""How much nearer to its former self the Talker is kept than to what is preferred."""
_PLAIN_SHARE = 0.2
"""Of the loss, plain likelihood of the better one: without it both become less likely."""
_PAUSE = 0.3
"""Seconds of quiet that are no pause yet."""
_QUIET = 3.5
"""Nepers of mean log-mel below the loudest frame."""
_SLACK = 1.6
"""How much longer than the narrator it may speak before it is cut."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two speeches of one line, and how likely each was when they were made: logarithms."""

    line: Line
    better: Tensor
    worse: Tensor
    better_then: float
    worse_then: float


class Listener:
    """Sounds codes by the vocoder alone and has them judged."""

    def __init__(self, voice: Path, book: CodeBook) -> None:
        """`voice` is the voice's training; SightlineError where it has no vocoder or there is no judge."""
        ledger = Ledger(voice)
        if not ledger.begun:
            raise SightlineError(f"{voice} has no vocoder yet: train vocoder first.")
        progress, weights, _ = ledger.load()
        if "vocoder" not in progress.finished:
            raise SightlineError(f"{voice} has no vocoder yet: train vocoder first.")
        self._parts = VoiceParts(seed=0)
        self._parts.load_state_dict(weights)
        self._parts.requires_grad_(requires_grad=False)
        self._book, self._judge = book, Judge()

    def pairs(
        self,
        talker: TalkerPart,
        opening: Tensor,
        lines: Sequence[Line],
        wanted: Sequence[tuple[str, int]],
        marks: Marks,
    ) -> list[Pair]:
        """Of lines that were spoken better and worse; `wanted` are texts and how many codes a narrator takes."""
        pairs = []
        for line, (text, length) in zip(lines, wanted, strict=True):
            speeches = talker.speak(opening, line, marks, _SPEECHES, round(_SLACK * length))
            faults = [self.faults(codes, line.narrator, text) for codes in speeches]
            best, worst = int(np.argmin(faults)), int(np.argmax(faults))
            if faults[best] < faults[worst] and len(speeches[best]):
                better, worse = speeches[best], speeches[worst]
                with torch.no_grad():
                    then = talker.likelihoods(opening, [line, line], [better, worse], marks).tolist()
                pairs.append(Pair(line, better, worse, *then))
        return pairs

    def faults(self, codes: Tensor, narrator: int, text: str) -> float:
        """Words misheard, and seconds of pauses."""
        if not len(codes):
            return float(len(text.split()))
        mel = self._book.decode(codes.numpy(), narrator)
        with torch.no_grad():
            wave = self._parts.sound(torch.from_numpy(mel)[None])[0]
        errors, _ = word_errors(" ".join(self._judge.hears(wave.numpy(), SPEECH_RATE)), text)
        return errors + pauses(mel)


def pauses(mel: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    """Seconds of log-mel [frames, bands] that lie in quiet stretches, beyond what no pause is."""
    loudness = mel.mean(1)
    quiet = np.concatenate([[False], loudness < loudness.max() - _QUIET, [False]])
    edges = np.flatnonzero(quiet[1:] != quiet[:-1]).tolist()
    frame = 1 / 50 / FRAMES_A_CODE
    stretches = [(stop - start) * frame for start, stop in pairwise(edges)][::2]
    return sum(max(0.0, stretch - _PAUSE) for stretch in stretches)


def preference_loss(talker: TalkerPart, opening: Tensor, pairs: Sequence[Pair], marks: Marks) -> dict[str, Tensor]:
    """How much less than before the better ones are likelier than the worse; nothing where all were as good."""
    if not pairs:
        return {"preference": 0.0 * talker.talker.codec_head.weight.sum()}
    lines = [pair.line for pair in pairs]
    better = talker.likelihoods(opening, lines, [pair.better for pair in pairs], marks)
    worse = talker.likelihoods(opening, lines, [pair.worse for pair in pairs], marks)
    then = torch.tensor([pair.better_then - pair.worse_then for pair in pairs])
    codes = sum(len(pair.better) + 1 for pair in pairs)
    return {
        "preference": -F.logsigmoid(_HELD * (better - worse - then)).mean(),
        "plain": -_PLAIN_SHARE * better.sum() / codes,
    }
