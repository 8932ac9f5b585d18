"""How weights move: matrices by steps made orthogonal (Muon, Jordan et al. 2024), all else by AdamW. Knows no model.

A step of a matrix has no direction that outweighs the others, so that rare things are learned as soon as frequent ones.
torch's own Muon works in bfloat16, which processors without instructions for it emulate slowly.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

_MOMENTUM = 0.95
_DECAY = 0.01
_ROUNDS = 5
_CUBIC = (3.4445, -4.7750, 2.0315)
"""Of the published iteration, which brings all singular values near to 1 in few rounds."""
_AS_ADAM = 0.2
"""Root of the mean square of a step, about that of AdamW's: then both take the same rate."""
_TABLES = ("embed", "head", "speller", "proj_out")
"""In names of matrices that are lists of rows, one for each token or band."""


class Steps:
    """Both ways of moving under one rate."""

    def __init__(self, weights: Iterable[tuple[str, nn.Parameter]]) -> None:
        """`weights` with their names."""
        matrices, others = [], []
        for name, weight in weights:
            is_matrix = weight.ndim >= 2 and not any(table in name for table in _TABLES)
            (matrices if is_matrix else others).append(weight)
        self._parts: list[torch.optim.Optimizer] = []
        if matrices:
            self._parts.append(_Orthogonal(matrices))
        if others:
            self._parts.append(torch.optim.AdamW(others, betas=(0.9, 0.98), weight_decay=_DECAY, fused=True))

    def forget_gradients(self) -> None:
        """Before the next ones are computed."""
        for part in self._parts:
            part.zero_grad(set_to_none=True)

    def step(self, rate: float) -> None:
        """Move everything against its gradient."""
        for part in self._parts:
            for group in part.param_groups:
                group["lr"] = rate
            part.step()

    def state(self) -> list[dict[str, Any]]:
        """For a checkpoint."""
        return [part.state_dict() for part in self._parts]

    def restore(self, states: list[dict[str, Any]]) -> None:
        """Go on from what `state` gave."""
        for part, state in zip(self._parts, states, strict=True):
            part.load_state_dict(state)


class _Orthogonal(torch.optim.Optimizer):
    """Muon for weights of two and more dimensions; of more, the first is the rows."""

    def __init__(self, weights: Iterable[nn.Parameter]) -> None:
        super().__init__(weights, {"lr": 0.0})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Move all weights that have a gradient."""
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._move(weight, weight.grad, group["lr"])

    def _move(self, weight: Tensor, gradient: Tensor, rate: float) -> None:
        state = self.state[weight]
        if not state:
            state["momentum"] = torch.zeros_like(weight)
        momentum = state["momentum"].lerp_(gradient, 1 - _MOMENTUM)
        step = _orthogonal(gradient.lerp(momentum, _MOMENTUM).flatten(1)).view_as(weight)
        longest = max(weight.shape[0], weight[0].numel())
        weight.mul_(1 - rate * _DECAY).add_(step, alpha=-rate * _AS_ADAM * longest**0.5)


def _orthogonal(matrix: Tensor) -> Tensor:
    """The nearest matrix, about, whose singular values are all 1 (Newton and Schulz)."""
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    wide = wide / (wide.norm() + 1e-7)
    first, third, fifth = _CUBIC
    for _ in range(_ROUNDS):
        square = wide @ wide.T
        wide = torch.addmm(wide, torch.addmm(square, square, square, beta=third, alpha=fifth), wide, beta=first)
    return wide if matrix.shape[0] <= matrix.shape[1] else wide.T
