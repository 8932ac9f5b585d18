"""Where heads look and what states are within, noted while a model reads: what losses may be made of. Knows no loss.

A head that has to look somewhere finds it in minutes where it is told so, and in hours where only words tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import (
    Qwen2_5OmniAttention,
    Qwen2_5OmniDecoderLayer,
    apply_rotary_pos_emb,
)


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Where a head looks, computed for the rows that somebody asks about: of a long conversation all would be the
    square of its length.
    """

    queries: Tensor
    """[lines, rows, size of a head], scaled"""
    keys: Tensor
    """[lines, all rows, size of a head]: the rows of the lines are the last of all, those in the cache the first."""

    def at(self, lines: Tensor, rows: Tensor) -> Tensor:
        """From these rows of these lines, both [several]: logarithms [several, all rows]."""
        order = lines.argsort(stable=True)
        found = [self._of(line, rows[lines == line]) for line in lines.unique().tolist()]
        return torch.cat(found)[order.argsort()]

    def whole(self) -> Tensor:
        """From every row: logarithms [lines, rows, all rows]."""
        return torch.stack([self._of(line, torch.arange(self.queries.shape[1])) for line in range(len(self.queries))])

    def _of(self, line: int, rows: Tensor) -> Tensor:
        scores = self.queries[line, rows] @ self.keys[line].T
        before = self.keys.shape[1] - self.queries.shape[1]
        later = torch.arange(self.keys.shape[1]) > before + rows[:, None]
        return scores.masked_fill(later, -torch.inf).log_softmax(-1)


class Looks:
    """Of some layers, while rows are read behind others that lie in the cache already."""

    def __init__(self, heads: Sequence[int] = (0,)) -> None:
        """`heads` are those of each layer that are looked at."""
        self._wanted = heads
        self.heads: list[Look] = []
        """Of each layer each of these heads."""
        self.states: list[Tensor] = []
        """Behind the first of the layers [lines, rows, width]."""

    @contextmanager
    def noted(self, layers: Sequence[Qwen2_5OmniDecoderLayer]) -> Iterator[None]:
        """Within, what these layers do."""
        handles = [layer.self_attn.register_forward_hook(self._note_head, with_kwargs=True) for layer in layers]
        handles.append(layers[0].register_forward_hook(self._note_state))
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _note_head(self, attention: Qwen2_5OmniAttention, _: object, given: dict[str, Any], __: object) -> None:
        """What the attention computes within; passed over where nothing is in the cache yet."""
        keys = given["past_key_values"].layers[attention.layer_idx].keys
        hidden = given["hidden_states"]
        if keys.shape[2] == hidden.shape[1]:
            return
        cos, sin = given["position_embeddings"]
        for head in self._wanted:
            rows = slice(head * attention.head_dim, (head + 1) * attention.head_dim)
            query = F.linear(hidden, attention.q_proj.weight[rows], attention.q_proj.bias[rows])[:, None]
            query, _ = apply_rotary_pos_emb(query, query, cos, sin)
            shared = head // attention.num_key_value_groups
            self.heads.append(Look(attention.scaling * query[:, 0], keys[:, shared]))

    def _note_state(self, _: nn.Module, __: object, state: Tensor) -> None:
        self.states.append(state)
