"""The Talker: the Thinker's vectors in, speech codes out, fifty for a second. Knows no text and no sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from model.decoder import Decoder, DecoderShape, KeyValueCache
from model.loading import Checkpoint, Placement
from model.positions import Positions
from model.sampling import Sampler, Sampling


class Talker:
    """Weights of the speech-code model and the codes with a meaning of their own."""

    def __init__(self, checkpoint: Checkpoint, placement: Placement) -> None:
        """Load tensor by tensor."""
        weights = checkpoint.weights("talker", placement)
        config = checkpoint.architecture.talker
        shape = DecoderShape.of(config)
        self.decoder = Decoder(shape, weights.below("model"))
        self._embedding = weights.embedding("model.embed_tokens", (config.vocab_size, config.embedding_size))
        self._projection = weights.linear("thinker_to_talker_proj", shape=(shape.hidden, config.embedding_size))
        self._head = weights.linear("codec_head", shape=(config.vocab_size, shape.hidden))
        self.start, self.pad = config.tts_codec_start_token_id, config.tts_codec_pad_token_id
        self.ends = frozenset({self.pad, config.tts_codec_end_token_id})
        self.prompt_codes = (config.tts_codec_mask_token_id, self.pad, self.start)
        playable = checkpoint.architecture.dit.num_embeds + 1
        beyond = set(range(playable, config.vocab_size)) - self.ends
        self.suppressed = tuple(sorted(beyond | {self.start}))
        checkpoint.release()

    def embed(self, code: int) -> Tensor:
        """A code's vector [1, width of the Thinker]."""
        rows: Tensor = self._embedding(torch.tensor([code], device=self.decoder.placement.device))
        return rows

    def run(self, vectors: Tensor, positions: Tensor, cache: KeyValueCache, check: Callable[[], None]) -> Tensor:
        """vectors [n, width of the Thinker] at positions [3, n] -> hidden states [n, hidden]."""
        return self.decoder.run(self._projection(vectors), positions, cache, check)

    def logits(self, hidden: Tensor) -> Tensor:
        """Hidden state [hidden] -> logits [codes]."""
        scores: Tensor = self._head(hidden[None])[0]
        return scores


class TalkerStream:
    """What one conversation has put before the Talker: a vector for every token of the Thinker's, and no code.

    Vectors wait until the Talker is to speak or until `catch_up`; a session that never speaks costs no Talker
    time, only the memory of its vectors (2 bytes × width a token in bf16).
    """

    def __init__(self, talker: Talker) -> None:
        self._talker = talker
        self._cache = talker.decoder.cache()
        self._waiting: list[tuple[Tensor, Tensor]] = []
        self._utterance: Utterance | None = None

    @property
    def length(self) -> int:
        """Tokens pushed, waiting ones included; codes of a running utterance are none."""
        cached = self._cache.length if self._utterance is None else self._utterance.prompt
        return cached + sum(len(vectors) for vectors, _ in self._waiting)

    @property
    def nbytes(self) -> int:
        """Bytes of cache and waiting vectors."""
        return self._cache.nbytes + sum(vectors.nbytes for vectors, _ in self._waiting)

    def push(self, vectors: Tensor, positions: Tensor) -> None:
        """vectors [n, width], positions [3, n] of the next tokens."""
        self._waiting.append((vectors, positions))

    @torch.inference_mode()
    def catch_up(self, check: Callable[[], None]) -> None:
        """Prefill all that waits. If it is given up the vectors wait on."""
        if not self._waiting:
            return
        vectors, positions = self._joined()
        before = self._cache.length
        try:
            self._talker.run(vectors, positions, self._cache, check)
        except BaseException:
            self._cache.crop(before)
            raise
        self._waiting.clear()

    def begin(self, opening: Tensor, positions: Positions, sampling: Sampling) -> Utterance:
        """A reply starts: `opening` [1, width] is the voice's own token, `positions` where the prompt ends."""
        self._utterance = Utterance(self._talker, self._cache, opening, replace(positions), sampling)
        return self._utterance

    def end(self) -> None:
        """The reply is over or given up: the Talker forgets its codes."""
        if self._utterance is not None:
            self._cache.crop(self._utterance.prompt)
            self._utterance = None

    def crop(self, length: int) -> None:
        """Forget every token behind the first `length`."""
        self.end()
        while self._waiting and self.length > length:
            vectors, positions = self._waiting.pop()
            keep = length - self.length
            if keep > 0:
                self._waiting.append((vectors[:keep], positions[:, :keep]))
        self._cache.crop(min(self._cache.length, length))

    def drop(self, start: int, stop: int, ids: int) -> None:
        """Forget tokens `start` to `stop`; those behind get ids smaller by `ids`. Not while an utterance runs."""
        cached = self._cache.length
        if start < cached:
            turn = self._talker.decoder.rotary.shift(-ids, self._talker.decoder.placement.dtype)
            self._cache.drop(start, min(stop, cached), turn)
        if self._waiting:
            vectors, positions = self._joined()
            first, last = max(start - cached, 0), max(stop - cached, 0)
            vectors = torch.cat([vectors[:first], vectors[last:]])
            positions = torch.cat([positions[:, :first], positions[:, last:] - ids], dim=1)
            self._waiting = [(vectors, positions)] if len(vectors) else []

    def _joined(self) -> tuple[Tensor, Tensor]:
        vectors, positions = zip(*self._waiting, strict=True)
        return torch.cat(vectors), torch.cat(positions, dim=1)


class Utterance:
    """The codes of one reply, one for each call of `step`."""

    def __init__(
        self, talker: Talker, cache: KeyValueCache, opening: Tensor, positions: Positions, sampling: Sampling
    ) -> None:
        self.prompt = cache.length
        self._talker = talker
        self._cache = cache
        self._opening: Tensor | None = opening
        self._positions = positions
        self._sampler = Sampler(sampling, seen=talker.prompt_codes, suppressed=talker.suppressed)
        self._code = talker.start

    @torch.inference_mode()
    def step(self, vector: Tensor, check: Callable[[], None]) -> int | None:
        """One vector [1, width] of the reply's text (later of its end marks) -> the next code; None at the end.

        If `check` gives up, the utterance is as before the call.
        """
        rows, before = vector + self._talker.embed(self._code), self._cache.length
        kept = replace(self._positions)
        if self._opening is not None:
            rows = torch.cat([self._opening + self._talker.embed(self._talker.pad), rows])
        positions = self._positions.text(2) if self._opening is not None else self._positions.reply()
        try:
            hidden = self._talker.run(rows, positions, self._cache, check)
        except BaseException:
            self._cache.crop(before)
            self._positions = kept
            raise
        self._opening = None
        self._code = self._sampler.draw(self._talker.logits(hidden[-1]))
        return None if self._code in self._talker.ends else self._code
