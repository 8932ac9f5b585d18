"""Which weights are kept in how many bits. Knows names only."""

from __future__ import annotations

import re
from typing import Literal

from model.packing import Scheme

Bits = Literal[4, 8]

_DECODER = r"model\.layers\.\d+\.(self_attn\.[qkvo]_proj|mlp\.(gate|up|down)_proj)"
_THINKER_LAYERS = re.compile(rf"thinker\.{_DECODER}")
_EIGHT_BITS = re.compile(
    rf"talker\.({_DECODER}|thinker_to_talker_proj|codec_head)"
    r"|thinker\.(lm_head|model\.embed_tokens)"
    r"|thinker\.audio_tower\.(layers\.\d+\.(self_attn\.(q|k|v|out)_proj|fc1|fc2)|proj)"
    r"|token2wav\.code2wav_dit_model\.transformer_blocks\.\d+\.(attn\.(to_q|to_k|to_v|to_out\.0)|ff\.ff\.(0|3))"
    r"|thinker\.visual\.(blocks\.\d+\.(attn\.(q|k|v|qkv|proj)|mlp\.(gate|up|down)_proj)|merger\.mlp\.\d+)"
)


def scheme_of(module: str, bits: Bits) -> Scheme:
    """What becomes of the module's weight."""
    if _THINKER_LAYERS.fullmatch(module):
        return Scheme.INT4 if bits == 4 else Scheme.INT8
    return Scheme.INT8 if _EIGHT_BITS.fullmatch(module) else Scheme.FLOAT
