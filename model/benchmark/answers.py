"""From the end of speech to the first text and the first sound, beside transformers on the whole. Knows no kernels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import Qwen2_5OmniForConditionalGeneration, Qwen2_5OmniThinkerForConditionalGeneration

from model.benchmark.figures import Bar, Figure
from model.benchmark.timing import Candidate, Plan, alternate
from model.mel import EXPECTED_MAXIMUM, features
from model.omni import Omni
from model.prompts import Vocabulary
from model.protocol import Finished, Said, Voiced
from model.sampling import GREEDY
from model.session import Session, SessionSettings

BLOCK = 1600
FORCED = replace(GREEDY, repetition_penalty=1.0)


@dataclass(slots=True)
class Spoken:
    """A person speaks for so long; ours hears it meanwhile, transformers afterwards."""

    omni: Omni
    seconds: float
    settings: SessionSettings
    session: Session = field(init=False)

    def __post_init__(self) -> None:
        self.session = Session(self.omni, self.settings)

    @property
    def samples(self) -> NDArray[np.float32]:
        """Noise in the rhythm of syllables, 16 kHz."""
        time = np.arange(int(self.seconds * 16_000)) / 16_000
        noise = np.random.default_rng(0).normal(size=len(time)) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time))
        return (0.1 * noise).astype(np.float32)

    def hear(self) -> None:
        """Everything up to the end of speech."""
        self.session.forget()
        for start in range(0, len(self.samples), BLOCK):
            self.session.hear(self.samples[start : start + BLOCK])

    def first(self, kind: type[Said] | type[Voiced]) -> None:
        """Until the first event of a kind; a first token may be half a character, then until the end."""
        events = self.session.reply()
        next(event for event in events if isinstance(event, kind | Finished))

    def prompt(self) -> dict[str, Tensor]:
        """The same turn as transformers takes it."""
        mel = features(self.omni.ear.mel, self.samples, EXPECTED_MAXIMUM)
        tokens = ((mel.shape[1] - 1) // 2 + 1 - 2) // 2 + 1
        form, vocabulary = self.omni.vocabulary.format, self.omni.vocabulary
        markers = self.omni.checkpoint.architecture.thinker
        sound = [markers.audio_start_token_id, *[markers.audio_token_id] * tokens, markers.audio_end_token_id]
        before = form.opening + self.settings.system + form.first_turn
        ids = torch.tensor([[*_ids(vocabulary, before), *sound, *_ids(vocabulary, form.reply)]])
        return {
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
            "input_features": mel[None],
            "feature_attention_mask": torch.ones(1, mel.shape[1], dtype=torch.long),
        }


def _ids(vocabulary: Vocabulary, template: str) -> list[int]:
    parts = vocabulary.cut(template)
    return [token for part in parts for token in ([part] if isinstance(part, int) else vocabulary.encode(part))]


@torch.inference_mode()
def first_text(own: Omni, published: Omni, plan: Plan) -> Iterator[Figure]:
    """C5 and C5b: what is left to do once the person has stopped speaking."""
    rival = Qwen2_5OmniThinkerForConditionalGeneration.from_pretrained(
        published.checkpoint.path, dtype=published.placement.dtype, attn_implementation="sdpa"
    ).eval()
    for name, seconds, bar in (("C5", 30.0, Bar(8, 12)), ("C5b", 3.0, Bar(2, 4))):
        ours = Spoken(own, seconds, SessionSettings(thinker=FORCED, max_tokens=1))
        prompt = ours.prompt()
        mine, other = alternate(
            plan,
            Candidate(_first_said(ours), ours.hear),
            Candidate(lambda prompt=prompt: rival.generate(**prompt, max_new_tokens=1, do_sample=False)),  # type: ignore[misc]
        )
        words = [f"{times.median:.2f} s (p95 {times.p95:.2f})" for times in (mine, other)]
        ratio = other.median / mine.median
        yield Figure(name, f"end of {seconds:.0f} s of speech to first text", words[0], words[1], ratio, "×", bar)


def _first_said(spoken: Spoken) -> Callable[[], None]:
    return lambda: spoken.first(Said)


@torch.inference_mode()
def first_audio(own: Omni, published: Omni, voice: str, *, tokens: int, codes: int) -> Iterator[Figure]:
    """C12, once: transformers makes its whole answer of `tokens` and `codes` before its first sound."""
    settings = SessionSettings(voice=voice, thinker=FORCED, max_tokens=tokens, max_codes=codes)
    ours = Spoken(own, 3.0, settings)
    ours.hear()
    began = perf_counter()
    ours.first(Voiced)
    mine = perf_counter() - began
    rival = Qwen2_5OmniForConditionalGeneration.from_pretrained(
        published.checkpoint.path, dtype=published.placement.dtype, attn_implementation="sdpa"
    ).eval()
    rival.token2wav.float()  # the library computes it in no other precision
    soundless = torch.tensor([*own.talker.suppressed, *own.talker.ends])
    rival.talker.codec_head.register_forward_hook(  # random weights would say what has no sound
        lambda _module, _given, scores: scores.index_fill(-1, soundless, -torch.inf)
    )
    began = perf_counter()
    rival.generate(
        **ours.prompt(),
        speaker=voice,
        thinker_min_new_tokens=tokens,
        thinker_max_new_tokens=tokens + 1,
        talker_min_new_tokens=codes,
        talker_max_new_tokens=codes,
    )
    other = perf_counter() - began
    words = f"{mine:.1f} s", f"{other:.1f} s (one run)"
    yield Figure("C12", "end of 3 s of speech to first sound", *words, other / mine, "×", Bar(12, 20))
