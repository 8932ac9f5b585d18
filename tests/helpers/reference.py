"""A conversation as transformers takes it: all at once, with placeholders and features. The oracle of a session.

Media are prepared by the product's own mel and patches, whose equality with the published ones is tested elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import (
    AutoTokenizer,
    LogitsProcessorList,
    Qwen2_5OmniForConditionalGeneration,
    SuppressTokensLogitsProcessor,
)

from model.mel import EXPECTED_MAXIMUM, features
from model.omni import Omni
from model.sight import PixelLimits
from tests.helpers.senses import Pixels, Samples


@dataclass
class Prompt:
    """Collects a chat's text, with every placeholder as often as it has tokens, and the features in order."""

    omni: Omni
    text: str = ""
    mels: list[Tensor] = field(default_factory=list)
    pictures: list[tuple[Tensor, tuple[int, int, int]]] = field(default_factory=list)
    videos: list[tuple[Tensor, tuple[int, int, int], float]] = field(default_factory=list)
    sounding: bool = False
    before: list[int] = field(default_factory=list)
    """Tokens of earlier turns; a generated reply may not be what the tokenizer would make of its text."""

    def system(self, text: str) -> Prompt:
        self.text += f"<|im_start|>system\n{text}<|im_end|>\n<|im_start|>user\n"
        return self

    def say(self, text: str) -> Prompt:
        self.text += text
        return self

    def end_turn(self) -> Prompt:
        self.text += "<|im_end|>\n<|im_start|>assistant\n"
        return self

    def answered(self, tokens: list[int]) -> Prompt:
        """A reply was given; the next turn follows."""
        self.before = self.ids()[0].tolist() + tokens
        self.text = "<|im_end|>\n<|im_start|>user\n"
        return self

    def sound(self, samples: Samples) -> Prompt:
        self.text += "<|audio_bos|>" + "<|AUDIO|>" * self._mel(samples) + "<|audio_eos|>"
        return self

    def picture(self, frame: Pixels, limits: PixelLimits) -> Prompt:
        patches = self.omni.eye.preparation.patches(frame, frame, limits)
        self.pictures.append((torch.from_numpy(patches.values), (1, patches.rows, patches.columns)))
        tokens = patches.rows * patches.columns // 4
        self.text += "<|vision_bos|>" + "<|IMAGE|>" * tokens + "<|vision_eos|>"
        return self

    def video(self, frames: Sequence[Pixels], fps: float, limits: PixelLimits) -> Prompt:
        tokens = self._video(frames, fps, limits)
        self.text += "<|vision_bos|>" + "<|VIDEO|>" * (tokens * (len(frames) // 2)) + "<|vision_eos|>"
        return self

    def sounding_video(self, frames: Sequence[Pixels], fps: float, samples: Samples, limits: PixelLimits) -> Prompt:
        """Two-second chunks: the frames' tokens, then the sound's."""
        self.sounding = True
        grid_tokens, heard = self._video(frames, fps, limits), self._mel(samples)
        ticks = [int(25 * pair * 2 / fps) for pair in range(len(frames) // 2)]
        chunks = max(ticks[-1] // 50 + 1, -(-heard // 50))
        body = "".join(
            "<|VIDEO|>" * (grid_tokens * sum(tick // 50 == chunk for tick in ticks))
            + "<|AUDIO|>" * min(50, max(0, heard - 50 * chunk))
            for chunk in range(chunks)
        )
        self.text += f"<|vision_bos|><|audio_bos|>{body}<|audio_eos|><|vision_eos|>"
        return self

    def _mel(self, samples: Samples) -> int:
        mel = features(self.omni.ear.mel, samples, EXPECTED_MAXIMUM)
        self.mels.append(mel)
        return int(((mel.shape[1] - 1) // 2 + 1 - 2) // 2 + 1)

    def _video(self, frames: Sequence[Pixels], fps: float, limits: PixelLimits) -> int:
        pairs = [
            self.omni.eye.preparation.patches(a, b, limits) for a, b in zip(frames[::2], frames[1::2], strict=True)
        ]
        values = torch.cat([torch.from_numpy(pair.values) for pair in pairs])
        self.videos.append((values, (len(pairs), pairs[0].rows, pairs[0].columns), 2 / fps))
        return pairs[0].rows * pairs[0].columns // 4

    def ids(self) -> Tensor:
        tokenizer = AutoTokenizer.from_pretrained(self.omni.checkpoint.path)
        return torch.tensor([self.before + tokenizer(self.text, add_special_tokens=False)["input_ids"]])

    def inputs(self) -> dict[str, Any]:
        """The keyword arguments of the reference's `generate` and forward."""
        ids = self.ids()
        inputs: dict[str, Any] = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
        if self.mels:
            longest = max(mel.shape[1] for mel in self.mels)
            padded = [torch.nn.functional.pad(mel, (0, longest - mel.shape[1])) for mel in self.mels]
            inputs["input_features"] = torch.stack(padded)
            inputs["feature_attention_mask"] = torch.stack(
                [(torch.arange(longest) < mel.shape[1]).long() for mel in self.mels]
            )
        if self.pictures:
            inputs["pixel_values"] = torch.cat([values for values, _ in self.pictures])
            inputs["image_grid_thw"] = torch.tensor([grid for _, grid in self.pictures])
        if self.videos:
            inputs["pixel_values_videos"] = torch.cat([values for values, _, _ in self.videos])
            inputs["video_grid_thw"] = torch.tensor([grid for _, grid, _ in self.videos])
            inputs["video_second_per_grid"] = torch.tensor([seconds for _, _, seconds in self.videos])
        return inputs


@dataclass(frozen=True)
class Answer:
    """A greedy reply: tokens, speech codes with their end mark, and the logits [n, …] that each was drawn from."""

    tokens: list[int]
    codes: list[int]
    token_logits: Tensor
    code_logits: Tensor

    def assert_equals(self, other: Answer) -> None:
        """Ids exactly, logits to 1e-4."""
        assert self.tokens == other.tokens
        assert self.codes == other.codes
        torch.testing.assert_close(self.token_logits, other.token_logits, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(self.code_logits, other.code_logits, rtol=1e-4, atol=1e-4)


@contextmanager
def last_rows(layer: torch.nn.Module) -> Iterator[list[Tensor]]:
    """Collects the last row of everything that the layer puts out."""
    rows: list[Tensor] = []
    handle = layer.register_forward_hook(lambda _module, _inputs, output: rows.append(output[0, -1].float()))
    yield rows
    handle.remove()


@contextmanager
def masked(talker: torch.nn.Module) -> Iterator[None]:
    """Gives the Talker back the attention mask that `generate` drops where it is all ones.

    Without it transformers 5.23 adds neither the codec's opening codes to the prompt nor time-aligned positions.
    """

    def restore(_module: object, inputs: tuple[object, ...], named: dict[str, Any]) -> tuple[object, dict[str, Any]]:
        rows = named["input_ids"] if named.get("inputs_embeds") is None else named["inputs_embeds"]
        length = named["past_key_values"].get_seq_length() + rows.shape[1]
        return inputs, named | {"attention_mask": torch.ones(1, length, dtype=torch.long)}

    handle = talker.register_forward_pre_hook(restore, with_kwargs=True)
    yield
    handle.remove()


def _for_thinker(name: str) -> str:
    """Pixels must not reach the Talker's `generate`, which refuses what it does not use."""
    return f"thinker_{name}" if name.startswith("pixel_values") else name


def generate(
    reference: Qwen2_5OmniForConditionalGeneration,
    prompt: Prompt,
    *,
    tokens: int,
    codes: int,
    monkeypatch: pytest.MonkeyPatch,
) -> Answer:
    """Greedy text and codes. The reference drops the last token of a capped reply from its speech: it gets one more."""
    made: list[Tensor] = []
    talk: Callable[..., Any] = reference.talker.generate  # type: ignore[misc]  # transformers types it for a mixin

    def recorded(*args: Any, **kwargs: Any) -> Tensor:  # noqa: ANN401 -- transformers' own arguments
        with masked(reference.talker):
            result: Tensor = talk(*args, **kwargs)
        made.append(result[0, kwargs["input_ids"].shape[1] :])
        return result

    with (
        monkeypatch.context() as patch,
        last_rows(reference.thinker.lm_head) as token_logits,
        last_rows(reference.talker.codec_head) as code_logits,
    ):
        patch.setattr(reference.talker, "generate", recorded)
        sequence, _ = reference.generate(
            **{_for_thinker(name): value for name, value in prompt.inputs().items()},
            speaker="Chelsie",
            use_audio_in_video=prompt.sounding,
            thinker_max_new_tokens=tokens + 1,
            thinker_do_sample=False,
            talker_do_sample=False,
            talker_max_new_tokens=codes,
            talker_logits_processor=LogitsProcessorList(
                [SuppressTokensLogitsProcessor(list(prompt.omni.talker.suppressed))]
            ),
            token2wav_num_steps=2,
        )
    reply = sequence[0, prompt.ids().shape[1] :].tolist()
    return Answer(reply[:tokens], made[0].tolist(), torch.stack(token_logits)[:tokens], torch.stack(code_logits))
