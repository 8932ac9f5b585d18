"""The vocoder's activations as training runs them: the same values and gradients in half the time. Knows no training.

The library pads, filters channel by channel and pads again, each a pass over memory that goes forward and back. Written
as sums of shifted signals, even and odd samples apart, the compiler makes one loop of it.
"""

from __future__ import annotations

import os
import shutil
import sys

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import Qwen2_5OmniAntiAliasedActivation1d

_TAPS = 6
"""Of each phase of the filters."""
_EDGE = 8
"""Samples that are looked at beyond an end: both filters together."""
_TINY = 1e-9
_COMPILERS = {"darwin": "clang++", "win32": "cl"}
"""What torch compiles with."""


class PhasedActivation(nn.Module):
    """An activation of the library's, with its weights under their names."""

    def __init__(self, given: Qwen2_5OmniAntiAliasedActivation1d) -> None:
        super().__init__()
        self.act = given.act
        self._up = [2.0 * tap for tap in given.upsample.filter.flatten().tolist()]
        self._down = given.downsample.filter.flatten().tolist()

    def forward(self, given: Tensor) -> Tensor:
        """[batch, channels, samples] -> the same shape."""
        length = given.shape[-1]
        padded = F.pad(given, (_EDGE, _EDGE), mode="replicate")
        even = self._bent(_filtered(padded, self._up[11::-2], _EDGE - 3, length))
        odd = self._bent(_filtered(padded, self._up[10::-2], _EDGE - 2, length))
        first, last = (edge.expand(-1, -1, 3) for edge in (even[..., :1], odd[..., -1:]))
        before = _filtered(torch.cat([first, even, last], dim=-1), self._down[1::2], 1, length)
        behind = _filtered(torch.cat([first, odd, last], dim=-1), self._down[::2], 0, length)
        return before + behind

    def _bent(self, given: Tensor) -> Tensor:
        quickness, strength = self.act.alpha.exp()[:, None], self.act.beta.exp()[:, None]
        bent: Tensor = given + torch.sin(quickness * given).square() / (strength + _TINY)
        return bent


def _filtered(given: Tensor, taps: list[float], start: int, length: int) -> Tensor:
    """`length` sums of neighbours, the first from `start` on."""
    filtered = taps[0] * given[..., start : start + length]
    for number in range(1, _TAPS):
        filtered = filtered + taps[number] * given[..., start + number : start + number + length]
    return filtered


def quicken(vocoder: nn.Module) -> None:
    """Compiles its activations, which takes a minute; a computer without a compiler for it goes on as it is."""
    if shutil.which(os.environ.get("CXX", _COMPILERS.get(sys.platform, "g++"))) is None:
        return
    torch._dynamo.config.suppress_errors = True  # what cannot be compiled after all runs as it is written
    replace_activations(vocoder)
    for module in vocoder.modules():
        if isinstance(module, PhasedActivation):
            module.compile(dynamic=False)


def replace_activations(vocoder: nn.Module) -> None:
    """By those above."""
    for name, module in list(vocoder.named_modules()):
        if isinstance(module, Qwen2_5OmniAntiAliasedActivation1d):
            vocoder.set_submodule(name, PhasedActivation(module))
