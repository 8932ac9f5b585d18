"""Low-rank adapters for any checkpoint's Thinker, by peft, from conversations of one's own. Knows no corpus.

Only text is learned from; ear and eye stay as they are. What is written is peft's own folder, which the runner adds to
the weights while it reads them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import Qwen2_5OmniThinkerForConditionalGeneration

from model.adapters import CONFIG_NAME
from model.errors import SightlineError, never_cancelled
from model.loading import Checkpoint, Placement
from model.prompts import Vocabulary, default_system_prompt
from model.training.corpus.chance import chance

if TYPE_CHECKING:
    from peft import PeftModel

_ADAPTED = r"model\.language_model\.layers\.\d+\.(self_attn\.[qkvo]_proj|mlp\.(gate|up|down)_proj)"
_LONGEST_GRADIENT = 1.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be learned, and how."""

    model: Path
    conversations: Path
    """JSON lines {"asked": …, "reply": …}."""
    out: Path
    steps: int
    rank: int = 8
    rate: float = 2e-4
    batch: int = 8
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """Tokens of one conversation, the reply's from `replied` on."""

    ids: tuple[int, ...]
    replied: int


def tune(
    wish: Wish, placement: Placement, tell: Callable[[int, float], None], check: Callable[[], None] = never_cancelled
) -> None:
    """Train and write the adapters; what is in `out` already is gone on with.

    `tell` is given each step's number and loss; `check` may raise Cancelled between steps: what was learned is written
    first. SightlineError without peft or for conversations that cannot be read, CheckpointError for what is no model.
    """
    lessons = read_lessons(wish.conversations, Vocabulary(Checkpoint.open(wish.model).path))
    adapted = _adapted(wish, placement)
    moving = [weight for weight in adapted.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(moving, lr=wish.rate, weight_decay=0.0)
    adapted.train()
    try:
        for step in range(wish.steps):
            check()
            order = chance(wish.seed, "lessons", step).integers(len(lessons), size=wish.batch)
            optimiser.zero_grad(set_to_none=True)
            total = 0.0
            for number in order:  # one by one: a real model leaves little memory
                loss = _loss(adapted, lessons[number]) / wish.batch
                loss.backward()
                total += float(loss.detach())
            nn.utils.clip_grad_norm_(moving, _LONGEST_GRADIENT)
            optimiser.step()
            tell(step + 1, total)
    finally:
        adapted.save_pretrained(str(wish.out))


def read_lessons(file: Path, vocabulary: Vocabulary) -> list[Lesson]:
    """Each line as the chat template writes it; SightlineError for a line that cannot be understood."""
    form, lessons = vocabulary.format, []
    end, *_ = vocabulary.cut(form.next_turn)
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            told = json.loads(line)
            asked, reply = str(told["asked"]), str(told["reply"])
        except (ValueError, KeyError, TypeError) as error:
            raise SightlineError(f'{file}, line {number}: write {{"asked": "…", "reply": "…"}}.') from error
        before = [*vocabulary.cut(form.opening), default_system_prompt(), *vocabulary.cut(form.first_turn)]
        question = _encoded(vocabulary, [*before, asked, *vocabulary.cut(form.reply)])
        lessons.append(Lesson((*question, *_encoded(vocabulary, [reply, end])), len(question)))
    if not lessons:
        raise SightlineError(f"{file} holds no conversation.")
    return lessons


def _encoded(vocabulary: Vocabulary, parts: Iterable[str | int]) -> list[int]:
    """Tokens of markers and of the text between two of them, which a tokenizer takes as one."""
    ids: list[int] = []
    for marker, group in groupby(parts, lambda part: isinstance(part, int)):
        if marker:
            ids += [int(part) for part in group]
        else:
            ids += vocabulary.encode("".join(str(part) for part in group))
    return ids


def _adapted(wish: Wish, placement: Placement) -> PeftModel:
    try:
        import peft  # noqa: PLC0415 -- an extra that few need
    except ImportError as error:
        raise SightlineError("peft is not installed: install Sightline with its extra `train`.") from error
    thinker = Qwen2_5OmniThinkerForConditionalGeneration.from_pretrained(wish.model, dtype=placement.dtype)
    nn.Module.to(thinker, placement.device)
    if (wish.out / CONFIG_NAME).is_file():
        return peft.PeftModel.from_pretrained(thinker, str(wish.out), is_trainable=True)
    torch.manual_seed(wish.seed)  # peft draws its beginning from torch's own
    return peft.PeftModel(thinker, peft.LoraConfig(r=wish.rank, lora_alpha=2 * wish.rank, target_modules=_ADAPTED))


def _loss(adapted: PeftModel, lesson: Lesson) -> Tensor:
    """Cross-entropy of the reply's tokens."""
    device = next(adapted.parameters()).device
    ids = torch.tensor([lesson.ids], device=device)
    logits = adapted(input_ids=ids, attention_mask=torch.ones_like(ids), use_cache=False).logits
    return F.cross_entropy(logits[0, lesson.replied - 1 : -1].float(), ids[0, lesson.replied :])
