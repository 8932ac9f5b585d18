"""Understanding and voice become one folder in the published layout, small enough to be carried along.

Weights lie in half precision and are computed with in single.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from transformers import GenerationConfig, Qwen2_5OmniConfig

from model.architecture import Architecture
from model.errors import SightlineError
from model.note import Note
from model.sampling import GREEDY, Sampling
from model.shards import SINGLE_NAME
from model.training import tiny
from model.training.continuation import TalkerPart
from model.training.corpus.narrators import NARRATORS
from model.training.narration import BOOK, said
from model.training.progress import Ledger, Progress
from model.training.vocabulary import tokenizer
from model.training.voice_parts import VoiceParts

LABEL = "built-in demonstration model: a small world of coloured shapes, sounds and everyday sentences"
CARD = "README.md"
_SURE = Sampling(temperature=0.5, top_p=0.5)
"""How its codes are drawn: what is unlikely is mostly a mistake of so small a Talker."""
_KEPT = 300
"""Tokens of earlier turns, and of sound and pictures in them, that it keeps in mind: behind a thousand it does not see
half of what it is shown.
"""
_REFERENCE_TEXT = "The red circle is left of the blue square."
_REFERENCE_FRAMES = 96
_THINKER = "thinker."
_CARD = """\
# The built-in demonstration model

A Qwen2.5-Omni of about twelve million weights, in the published folder layout. It was trained from nothing by
`python -m model train` on a small world made by code: a grammar of some 300 English words with Spanish beside it,
speech by espeak-ng and flite, drawn scenes of up to four coloured shapes, short films, a few sounds. Nobody's voice,
picture or text is in it.

It answers about that world: it writes down what is said in its vocabulary, describes such pictures, answers simple
questions about them and about numbers. It is often wrong: how often, skill by skill, is measured in docs/training.md.
**It knows nothing else**: other questions get words of its small world that are no answer. It is there so that a fresh
installation can do something at once and so that tests have something that understands; for real use choose a
published Qwen2.5-Omni. It keeps the last few turns of a conversation in mind, and nothing from before.

{speaking}

How well it does each: `python -m model evaluate --model` and this folder. How to make it again: docs/training.md.
Licence: that of the project, Apache-2.0.
"""
_SPEAKS = "It speaks in two voices, Chelsie and Ethan, which were learned from espeak-ng."
_SILENT = """\
It does not speak yet (`enable_audio_output` in config.json is false), since its Talker says other words than are
written. Talker and voice are in the folder to be taught further: `train --begin` and this folder."""


def assemble(thinker: Path, voice: Path, talker: Path, destination: Path, *, speaks: bool = True) -> None:
    """Write or overwrite `destination` from a model's folder and the trainings of the voice and of the Talker.

    Where it is not to speak yet the folder says so: Talker and voice are in it to be taught further.
    Raises SightlineError where one of them is missing, unfinished or of another corpus.
    """
    tiny.load_thinker(thinker)  # refuses what is none
    parts, speaking = VoiceParts(seed=0), TalkerPart(seed=0)
    _restore(parts, voice, ("vocoder", "flow"))
    _restore(speaking, talker, ("talking",) if speaks else ())
    tensors = {name: tensor for name, tensor in load_file(thinker / SINGLE_NAME).items() if name.startswith(_THINKER)}
    tensors |= {f"talker.{name}": tensor for name, tensor in speaking.weights().items()}
    tensors |= _below("token2wav.code2wav_dit_model", parts.transformer)
    tensors |= _below("token2wav.code2wav_bigvgan_model", parts.vocoder)
    config = tiny.tiny_config()
    config.enable_audio_output, config.dtype = speaks, torch.float32
    _write(destination, config, tensors)
    torch.save(_voices(parts.conditions), destination / "spk_dict.pt")
    shutil.copy(voice / BOOK, destination / BOOK)  # what the codes mean, for whoever trains it further
    (destination / CARD).write_text(_CARD.format(speaking=_SPEAKS if speaks else _SILENT), encoding="utf-8")


def _restore(module: torch.nn.Module, folder: Path, stages: tuple[str, ...]) -> Progress:
    ledger = Ledger(folder)
    if not ledger.begun:
        raise SightlineError(f"{folder} has no training: train {stages[0] if stages else 'talking'} first.")
    progress, weights, _ = ledger.load()
    missing = [stage for stage in stages if stage not in progress.finished]
    if missing:
        raise SightlineError(f"{folder} is not ready to be used: train {missing[0]} first.")
    try:
        module.load_state_dict(weights)
    except RuntimeError as error:
        raise SightlineError(f"{folder} was begun with another corpus or other sizes: train it anew.") from error
    return progress


def _below(prefix: str, module: torch.nn.Module) -> dict[str, Tensor]:
    return {f"{prefix}.{name}": tensor for name, tensor in module.state_dict().items()}


def _voices(conditions: Tensor) -> dict[str, dict[str, Tensor | int]]:
    """Each narrator's condition, a piece of its speech, and the token with which the Talker is told who speaks."""
    return {
        narrator.name: {
            "cond": conditions[number][None].clone(),
            "ref_mel": torch.from_numpy(said(number, _REFERENCE_TEXT, "english").mel[:_REFERENCE_FRAMES])[None].clone(),
            "bos_token": tiny.first_voice() + number,
        }
        for number, narrator in enumerate(NARRATORS)
    }


def _write(folder: Path, config: Qwen2_5OmniConfig, tensors: dict[str, Tensor]) -> None:
    tiny.describe_features(folder)
    tiny.store({name: tensor.to(torch.float16) for name, tensor in tensors.items()}, folder)
    tokenizer().save_pretrained(folder)
    config.save_pretrained(folder)
    thinker = Architecture.of(config).thinker
    GenerationConfig(eos_token_id=thinker.eos_token_id, pad_token_id=thinker.pad_token_id).save_pretrained(folder)
    Note(LABEL, thinker=GREEDY, talker=_SURE, threads=1, solver="euler", bits=8, media=_KEPT, earlier=_KEPT).write(
        folder
    )
