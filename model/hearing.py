"""The ear: sound becomes tokens of 40 ms, each closed two-second block encoded exactly once. Knows no mel scale inside.

The audio encoder's convolution, positions and attention stay inside a block, so closed blocks are final; the open one
is provisional, since attention inside a block looks both ways.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import Qwen2_5OmniAudioEncoder

from model.checking import checked
from model.errors import never_cancelled
from model.loading import Checkpoint, Placement, build
from model.mel import EXPECTED_MAXIMUM, FeatureStream, Mel, as_samples, loudest

AT_ONCE = 8  # blocks encoded together when there are many: sixteen seconds of sound


class Ear:
    """The audio encoder of a checkpoint; all that remembers sound is in its streams."""

    def __init__(self, checkpoint: Checkpoint, placement: Placement) -> None:
        config = checkpoint.architecture.audio
        self.mel = Mel(checkpoint.path)
        self.block_frames: int = config.n_window * 2
        self.width: int = config.output_dim
        self.placement = placement
        self.encoder = build(
            lambda: Qwen2_5OmniAudioEncoder(config), checkpoint.weights("thinker.audio_tower", placement)
        )

    def stream(self, check: Callable[[], None] = never_cancelled, *, maximum: float = EXPECTED_MAXIMUM) -> EarStream:
        """A new clip. Live sound keeps the default `maximum`; a clip that is at hand as a whole gives its `loudest`."""
        return EarStream(self, check, maximum)

    def loudest(self, blocks: Iterable[NDArray[Any]]) -> float:
        """The `maximum` with which a stream gives the very features of the published extractor: a first pass."""
        return loudest(self.mel, blocks)

    @torch.no_grad()
    def encode(self, blocks: list[Tensor], check: Callable[[], None]) -> Tensor:
        """Features of equally long blocks, each [bands, frames <= block_frames] -> [blocks, tokens, width]."""
        number, frames = len(blocks), blocks[0].shape[1]
        inner = (frames + 1) // 2  # after the convolution of stride 2
        tokens = inner // 2
        if not tokens:
            return torch.empty(number, 0, self.width, device=self.placement.device, dtype=self.placement.dtype)
        device = self.placement.device
        starts = torch.arange(number).unsqueeze(1) * inner
        pairs = starts + 2 * torch.arange(tokens)
        with checked(self.encoder.layers, check):
            encoded = self.encoder(
                padded_feature=torch.stack(blocks).to(device, self.placement.dtype),
                chunk_lengths=torch.full((number,), frames, device=device),
                valid_indices=torch.arange(number * inner, device=device),
                pool_indices=pairs.flatten().to(device),
                cu_seqlens=torch.arange(number + 1, dtype=torch.int32) * inner,  # read on the CPU, layer by layer
            )
        hidden: Tensor = encoded.last_hidden_state
        return hidden.view(number, tokens, self.width)


class EarStream:
    """One clip of sound on its way through the ear."""

    def __init__(self, ear: Ear, check: Callable[[], None], maximum: float) -> None:
        self._ear = ear
        self._check = check
        self._features = FeatureStream(ear.mel, ear.block_frames, maximum)
        self._unheard: deque[Tensor] = deque()
        self._closed: list[Tensor] = []  # never more than AT_ONCE
        self._ready: deque[Tensor] = deque()
        self._ended = False

    def copy(self) -> EarStream:
        """A mark to come back to: a stream that goes on from here on its own. Costs no copy of sound or tokens."""
        twin = copy.copy(self)
        twin._features = self._features.copy()
        twin._unheard, twin._closed, twin._ready = self._unheard.copy(), self._closed.copy(), self._ready.copy()
        return twin

    def push(self, samples: NDArray[Any]) -> Iterator[Tensor]:
        """Mono 16 kHz samples [any] -> for each block that closes its tokens [block_frames / 4, width].

        The samples are taken at once, the encoding happens while the result is consumed. After Cancelled nothing is
        lost: what was not given yet comes with the next push or flush. MediaError for what is not sound.
        """
        if self._ended:
            raise RuntimeError("this clip has ended: start another stream, or push to a copy made before flush")
        self._unheard.extend(as_samples(samples).split(AT_ONCE * self._ear.block_frames * self._ear.mel.hop))
        return self._advance()

    def flush(self) -> Iterator[Tensor]:
        """Ends the clip: the open block's tokens [n, width], unless it is too short for one (up to 20 ms)."""
        if self._ended:
            return
        yield from self._advance()
        tokens = self.tail()
        self._ended = True
        if len(tokens):
            yield tokens

    def tail(self) -> Tensor:
        """Tokens [n, width] of the open block as if the clip ended here; encoded anew each time, nothing changes."""
        if self._unheard or self._closed or self._ready:
            raise RuntimeError("closed blocks are waiting: consume what push returned before asking for the tail")
        # The clip's last window can begin a next block, but never with enough frames for a token.
        block = self._features.rest()[:, : self._ear.block_frames]
        return self._ear.encode([block], self._check)[0]

    def _advance(self) -> Iterator[Tensor]:
        while True:
            while self._ready:
                yield self._ready.popleft()
            if self._closed:
                self._encode_closed()
            elif self._unheard:
                self._closed.extend(self._features.push(self._unheard.popleft()))
            else:
                return

    def _encode_closed(self) -> None:
        self._ready.extend(self._ear.encode(self._closed, self._check))
        self._closed = []
