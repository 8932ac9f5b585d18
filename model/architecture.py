"""The parts of a Qwen2.5-Omni configuration, each under its own type. Knows no weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from transformers import Qwen2_5OmniConfig, Qwen2_5OmniTalkerConfig, Qwen2_5OmniThinkerConfig
from transformers.models.qwen2_5_omni.configuration_qwen2_5_omni import (
    Qwen2_5OmniAudioEncoderConfig,
    Qwen2_5OmniBigVGANConfig,
    Qwen2_5OmniDiTConfig,
    Qwen2_5OmniTextConfig,
    Qwen2_5OmniToken2WavConfig,
    Qwen2_5OmniVisionEncoderConfig,
)

PartT = TypeVar("PartT")


@dataclass(frozen=True, slots=True)
class Architecture:
    """transformers types its sub-configurations as "a dict, or one, or none"; here they are what they are."""

    thinker: Qwen2_5OmniThinkerConfig
    text: Qwen2_5OmniTextConfig
    audio: Qwen2_5OmniAudioEncoderConfig
    vision: Qwen2_5OmniVisionEncoderConfig
    talker: Qwen2_5OmniTalkerConfig
    wave: Qwen2_5OmniToken2WavConfig
    dit: Qwen2_5OmniDiTConfig
    bigvgan: Qwen2_5OmniBigVGANConfig

    @classmethod
    def of(cls, config: Qwen2_5OmniConfig) -> Architecture:
        """The eight parts. Raises TypeError where one is missing."""
        thinker = _typed(config.thinker_config, Qwen2_5OmniThinkerConfig)
        wave = _typed(config.token2wav_config, Qwen2_5OmniToken2WavConfig)
        return cls(
            thinker=thinker,
            text=_typed(thinker.text_config, Qwen2_5OmniTextConfig),
            audio=_typed(thinker.audio_config, Qwen2_5OmniAudioEncoderConfig),
            vision=_typed(thinker.vision_config, Qwen2_5OmniVisionEncoderConfig),
            talker=_typed(config.talker_config, Qwen2_5OmniTalkerConfig),
            wave=wave,
            dit=_typed(wave.dit_config, Qwen2_5OmniDiTConfig),
            bigvgan=_typed(wave.bigvgan_config, Qwen2_5OmniBigVGANConfig),
        )


def _typed(part: object, kind: type[PartT]) -> PartT:
    if not isinstance(part, kind):
        raise TypeError(f"{type(part).__name__} where a {kind.__name__} is expected")
    return part
