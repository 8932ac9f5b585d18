"""Thinker and Talker, step by step, against transformers' modules on the same weights. Knows no media."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import DynamicCache
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import (
    Qwen2_5OmniTalkerForConditionalGeneration,
    Qwen2_5OmniThinkerTextModel,
)

from model.errors import never_cancelled
from model.loading import build
from model.omni import Omni
from model.positions import Positions
from model.sampling import Sampler, Sampling
from model.talker import TalkerStream
from model.verification.rows import Row

PROMPT_TOKENS = 150
STEPS = 40
TALKER_SAMPLING = Sampling(repetition_penalty=1.05)


@dataclass(frozen=True, slots=True)
class Prompt:
    """Embeddings [n, width] at positions [3, n] as a text, a picture and a text have."""

    embeddings: Tensor
    positions: Tensor
    counter: Positions


def _prompt(omni: Omni) -> Prompt:
    counter = Positions()
    before = counter.text(40)
    counter.open_clip()
    seen = counter.grid(0, 6, 10)
    positions = torch.cat([before, seen, counter.text(PROMPT_TOKENS - 100)], dim=1)
    size = omni.checkpoint.architecture.text.vocab_size
    ids = torch.randint(0, size, (PROMPT_TOKENS,), generator=torch.Generator().manual_seed(0))
    return Prompt(omni.thinker.embed(ids.tolist()), positions, counter)


@torch.inference_mode()
def thinker(omni: Omni) -> Iterator[Row]:
    """A prompt in pieces against one pass, and a greedy continuation."""
    prompt, own = _prompt(omni), omni.thinker
    config = omni.checkpoint.architecture.text
    weights = omni.checkpoint.weights("thinker.model", omni.placement)
    reference = build(lambda: Qwen2_5OmniThinkerTextModel._from_config(config, attn_implementation="sdpa"), weights)
    past = DynamicCache()
    whole = _forward(reference, prompt.embeddings, prompt.positions, past)
    cache = own.decoder.cache()
    splits = [50, 1, 7, PROMPT_TOKENS - 58]
    pieces = zip(prompt.embeddings.split(splits), prompt.positions.split(splits, dim=1), strict=True)
    hidden = torch.cat([own.decoder.run(rows, ids, cache, never_cancelled) for rows, ids in pieces])
    rounded = omni.checkpoint.manifest is not None
    yield Row.close("thinker", f"prompt of {PROMPT_TOKENS} tokens in 4 pieces", hidden, whole, rounded=rounded)
    ours, theirs = [], []
    for ids in prompt.counter.reply(STEPS).split(1, dim=1):
        ours.append(int(own.logits(hidden[-1]).argmax()))
        theirs.append(int(own.logits(whole[-1]).argmax()))
        # Both go on with the reference's token, so that one near tie does not end the comparison.
        step = own.embed([theirs[-1]])
        hidden, whole = own.decoder.run(step, ids, cache, never_cancelled), _forward(reference, step, ids, past)
    exact = omni.placement.dtype == torch.float32 and not rounded
    yield Row.same("thinker", f"{STEPS} greedy tokens", ours, theirs, exact=exact)
    yield Row.close("thinker", f"hidden state after {STEPS} steps", hidden, whole, rounded=rounded)


def _forward(reference: Qwen2_5OmniThinkerTextModel, rows: Tensor, positions: Tensor, past: DynamicCache) -> Tensor:
    hidden: Tensor = reference(
        inputs_embeds=rows[None], position_ids=positions[:, None], past_key_values=past, use_cache=True
    ).last_hidden_state[0]
    return hidden


@torch.inference_mode()
def talker(omni: Omni) -> Iterator[Row]:
    """Greedy speech codes of a prompt and a reply of text."""
    own, config = omni.talker, omni.checkpoint.architecture.talker
    weights = omni.checkpoint.weights("talker", omni.placement)
    reference = build(
        lambda: Qwen2_5OmniTalkerForConditionalGeneration._from_config(config, attn_implementation="sdpa"), weights
    )
    embed = omni.thinker.embed
    prompt, opening = embed(list(range(20, 60))), embed([config.tts_text_start_token_id])
    reply = list(embed(list(range(STEPS // 2))).split(1))
    tail = [embed([config.tts_text_end_token_id]), embed([config.tts_text_pad_token_id])]
    ours = _own_codes(TalkerStream(own), prompt, opening, reply + tail)
    theirs = _reference_codes(omni, reference, torch.cat([prompt, opening, reply[0]]), torch.cat(reply[1:] + tail))
    exact = omni.placement.dtype == torch.float32 and omni.checkpoint.manifest is None
    yield Row.same("talker", f"{STEPS} greedy codes", ours, theirs, exact=exact)


def _own_codes(stream: TalkerStream, prompt: Tensor, opening: Tensor, vectors: list[Tensor]) -> list[int]:
    counter = Positions()
    stream.push(prompt, counter.text(len(prompt)))
    stream.catch_up(never_cancelled)
    utterance = stream.begin(opening, counter, TALKER_SAMPLING)
    codes: list[int] = []
    while len(codes) < STEPS:
        code = utterance.step(vectors[min(len(codes), len(vectors) - 1)], never_cancelled)
        if code is None:
            break
        codes.append(code)
    return codes


def _reference_codes(
    omni: Omni, reference: Qwen2_5OmniTalkerForConditionalGeneration, start: Tensor, reply: Tensor
) -> list[int]:
    own, past = omni.talker, DynamicCache()
    sampler = Sampler(TALKER_SAMPLING, seen=own.prompt_codes, suppressed=own.suppressed)
    codes: list[int] = []
    rest = reply[None]
    named: dict[str, Tensor] = {"inputs_embeds": start[None].clone()}
    while len(codes) < STEPS:
        length = past.get_seq_length() + (len(start) if not codes else 1)
        out = reference(
            **named,
            attention_mask=torch.ones(1, length, dtype=torch.long, device=start.device),
            input_text_ids=torch.zeros(1, len(start), dtype=torch.long, device=start.device),
            thinker_reply_part=rest,
            past_key_values=past,
            use_cache=True,
        )
        code = sampler.draw(out.logits[0, -1])
        if code in own.ends:
            break
        codes.append(code)
        rest = out.thinker_reply_part
        named = {"input_ids": torch.tensor([[code]], device=start.device)}
    return codes
