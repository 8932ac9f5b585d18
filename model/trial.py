"""A loaded model tried for its speed: so much read, so much written, so much said, whatever it would answer.

Lengths are forced, so that no weights can make it short. Knows no conversation.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
import torch

from model.loading import Voiceprint
from model.omni import Omni
from model.positions import Positions
from model.protocol import CODE_SAMPLES, SPEECH_RATE
from model.sampling import TALKER_SAMPLING
from model.speed import Speed
from model.talker import TalkerStream

PROMPT_TOKENS = 64
TEXT_TOKENS = 12
CODES = 36
LEAST_SECONDS = 1e-6

Check = Callable[[], None]


@torch.inference_mode()
def try_out(omni: Omni, voice: Voiceprint | None, check: Check) -> Speed:
    """Takes seconds where the model is good for anything; `check` may break it off. Nothing is remembered."""
    prompt, text = _think(omni, check)
    return Speed(prompt, text, None if voice is None else _speak(omni, voice, check))


def _think(omni: Omni, check: Check) -> tuple[float, float]:
    """Tokens a second, read and written, after a token that warms caches and threads."""
    thinker = omni.thinker
    cache = thinker.decoder.cache()

    def run(count: int) -> torch.Tensor:
        positions = torch.arange(cache.length, cache.length + count).expand(3, count)
        return thinker.decoder.run(thinker.embed(range(count)), positions, cache, check)

    float(thinker.logits(run(1)[-1])[0])
    began = perf_counter()
    float(thinker.logits(run(PROMPT_TOKENS)[-1])[0])
    read = perf_counter()
    for _ in range(TEXT_TOKENS):
        float(thinker.logits(run(1)[-1]).argmax())  # fetched, as a token is: a graphics card is waited for
    return PROMPT_TOKENS / _since(began, read), TEXT_TOKENS / _since(read)


def _speak(omni: Omni, voice: Voiceprint, check: Check) -> float:
    """Seconds of work for a second of speech: its codes, and their sound."""
    speaker = omni.voice.speaker(voice)
    stream = TalkerStream(omni.talker)
    vectors = omni.thinker.embed(range(TEXT_TOKENS))
    stream.push(vectors, torch.arange(TEXT_TOKENS).expand(3, TEXT_TOKENS))
    stream.catch_up(check)
    positions = Positions()
    positions.text(TEXT_TOKENS)
    utterance = stream.begin(vectors[:1], positions, TALKER_SAMPLING)
    began = perf_counter()
    for _ in range(CODES):
        utterance.step(vectors[:1], check)
    sound = omni.voice.stream(speaker, seed=0, check=check)
    codes = [
        int(code) for code in np.random.default_rng(0).integers(0, omni.checkpoint.architecture.dit.num_embeds, CODES)
    ]
    for _ in [*sound.push(codes), *sound.flush()]:
        check()
    return _since(began) * SPEECH_RATE / (CODES * CODE_SAMPLES)


def _since(began: float, ended: float | None = None) -> float:
    return max(LEAST_SECONDS, (perf_counter() if ended is None else ended) - began)
