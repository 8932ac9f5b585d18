"""The Thinker: embeddings in, hidden states and the next token's logits out. Knows neither sound nor pictures."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from model.decoder import Decoder, DecoderShape
from model.linear import Linear
from model.loading import Checkpoint, Placement


class Thinker:
    """Weights of the language model; what is remembered of a conversation lies in a `KeyValueCache`."""

    def __init__(self, checkpoint: Checkpoint, placement: Placement) -> None:
        """Load tensor by tensor."""
        weights = checkpoint.weights("thinker", placement)
        text = checkpoint.architecture.text
        shape = DecoderShape.of(text)
        self.placement = placement
        self.width = shape.hidden
        self.decoder = Decoder(shape, weights.below("model"))
        self._embedding = weights.embedding("model.embed_tokens", (text.vocab_size, shape.hidden))
        head = "lm_head" if weights.has("lm_head.weight") or weights.quantized("lm_head") else "model.embed_tokens"
        self._head = weights.linear(head, shape=(text.vocab_size, shape.hidden))
        checkpoint.release()

    @torch.inference_mode()
    def embed(self, ids: Sequence[int]) -> Tensor:
        """Token ids -> [n, width]."""
        rows: Tensor = self._embedding(torch.tensor(ids, dtype=torch.long, device=self.placement.device))
        return rows

    @property
    def rows_at_once(self) -> int:
        """Rows that take about as long as one."""
        linears = [module for module in self.decoder.modules() if isinstance(module, Linear)]
        return min(linear.rows_at_once for linear in [*linears, self._head])

    @torch.inference_mode()
    def scores(self, hidden: Tensor) -> Tensor:
        """Last hidden states [n, width] -> logits [n, vocabulary], for a few rows."""
        scores: Tensor = self._head(hidden)
        return scores

    @torch.inference_mode()
    def logits(self, hidden: Tensor) -> Tensor:
        """Last hidden state [width] -> logits [vocabulary] of the next token."""
        scores: Tensor = self._head(hidden[None])[0]
        return scores
