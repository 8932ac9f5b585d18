"""Where heads look and what states are within, noted while a model reads: what losses may be made of. Knows no loss.

A head that has to look somewhere finds it in minutes where it is told so, and in hours where only words tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import (
    Qwen2_5OmniAttention,
    Qwen2_5OmniDecoderLayer,
    apply_rotary_pos_emb,
)


class Looks:
    """Of some layers, while rows are read behind others that lie in the cache already."""

    def __init__(self, heads: Sequence[int] = (0,)) -> None:
        """`heads` are those of each layer that are looked at."""
        self._wanted = heads
        self.heads: list[Tensor] = []
        """Where each of these heads of each layer looks [lines, rows, all rows], logarithms.

        The rows of the lines are the last of all, those in the cache the first.
        """
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
        before = keys.shape[2] - hidden.shape[1]
        if before == 0:
            return
        cos, sin = given["position_embeddings"]
        for head in self._wanted:
            rows = slice(head * attention.head_dim, (head + 1) * attention.head_dim)
            query = F.linear(hidden, attention.q_proj.weight[rows], attention.q_proj.bias[rows])[:, None]
            query, _ = apply_rotary_pos_emb(query, query, cos, sin)
            scores = attention.scaling * query[:, 0] @ keys[:, head // attention.num_key_value_groups].transpose(1, 2)
            later = torch.ones(scores.shape[1:], dtype=torch.bool).triu(before + 1)
            self.heads.append(scores.masked_fill(later, -torch.inf).log_softmax(-1))

    def _note_state(self, _: nn.Module, __: object, state: Tensor) -> None:
        self.states.append(state)
