"""One token through a decoder in shapes that never change, recorded as a CUDA graph where there is such a device.

Knows neither what the layers compute nor whose conversation it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

REHEARSALS = 2
"""Before a recording: libraries allocate and choose their kernels in the first runs."""


class WholeRoom:
    """Keys and values [kv_heads, room, head_dim] of every layer, given as a whole however much of it is filled."""

    def __init__(self, keys: Sequence[Tensor], values: Sequence[Tensor], length: int) -> None:
        """The first `length` tokens are filled; what lies behind is cleared, because masked nonsense is still nonsense
        when it is no number."""
        self._keys, self._values = keys, values
        self.place = torch.full((1,), length, device=keys[0].device)
        """Where the next token goes, int64 [1]."""
        for tensor in (*keys, *values):
            tensor[:, length:].zero_()
        self._numbers = torch.arange(keys[0].shape[1], device=keys[0].device)

    def mask(self) -> Tensor:
        """bool [1, room]: the tokens before the place, and the one in it."""
        return (self._numbers <= self.place)[None]

    def write(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Put one token's [kv_heads, 1, head_dim] in the place; all of the layer's room comes back."""
        for room, token in ((self._keys[layer], keys), (self._values[layer], values)):
            room.index_copy_(1, self.place, token.to(room.dtype))
        return self._keys[layer], self._values[layer]


Compute = Callable[[Tensor, Tensor, WholeRoom], Tensor]
"""x [1, hidden], positions [3, 1] and the room → hidden states [1, hidden]."""


class FixedStep:
    """A decoding step behind one cache, until it grows. On CUDA it is recorded once, so that a token costs one launch
    instead of some hundreds; elsewhere it computes the same as it is. Not yet measured."""

    def __init__(self, compute: Compute, room: WholeRoom, x: Tensor, positions: Tensor) -> None:
        """x [1, hidden] and positions [3, 1] are of the first step: their shapes and devices are all later ones'."""
        self._compute, self._room = compute, room
        self._x, self._positions = x.clone(), positions.to(x.device, copy=True)
        self._hidden = torch.empty_like(self._x)
        self._graph = self._recorded() if x.device.type == "cuda" else None

    def run(self, x: Tensor, positions: Tensor, length: int) -> Tensor:
        """x [1, hidden] at positions [3, 1] behind `length` tokens → hidden states [1, hidden]."""
        self._x.copy_(x)
        self._positions.copy_(positions)
        self._room.place.fill_(length)
        if self._graph is None:
            self._step()
        else:
            self._graph.replay()
        return self._hidden.clone()

    def _step(self) -> None:
        self._hidden.copy_(self._compute(self._x, self._positions, self._room))

    def _recorded(self) -> torch.cuda.CUDAGraph:
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(REHEARSALS):
                self._step()
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._step()
        return graph
