"""One question through transformers' own `generate` and through a session: the likeliest tokens of both, as text."""

from __future__ import annotations

from pathlib import Path

import torch
from transformers import AutoTokenizer, Qwen2_5OmniThinkerForConditionalGeneration

from model.loading import Placement
from model.mel import EXPECTED_MAXIMUM, features
from model.omni import Omni
from model.pictures import Pixels
from model.prompts import default_system_prompt
from model.protocol import Finished
from model.sampling import GREEDY
from model.session import Session, SessionSettings
from model.sight import PICTURE_LIMITS
from model.training.corpus.speakers import Samples
from model.training.example import tokens_of

MOST_TOKENS = 24


def replies(
    folder: Path, thinker: Qwen2_5OmniThinkerForConditionalGeneration, sound: Samples, picture: Pixels, asked: str
) -> tuple[str, str]:
    """The session's reply and the library's to a sound, a picture and a typed question, from the same features."""
    omni = Omni.load(folder, Placement.cpu(), speaks=False)
    session = Session(omni, SessionSettings(thinker=GREEDY, max_tokens=MOST_TOKENS))
    session.hear(sound)
    session.close_clip()
    session.see(picture)
    session.read(asked)
    ours = next(event for event in session.reply() if isinstance(event, Finished)).text

    mel = features(omni.ear.mel, sound, EXPECTED_MAXIMUM)
    patches = omni.eye.preparation.patches(picture, picture, PICTURE_LIMITS)
    form = omni.vocabulary.format
    heard = f"<|audio_bos|>{'<|AUDIO|>' * tokens_of(mel.shape[1])}<|audio_eos|>"
    seen = f"<|vision_bos|>{'<|IMAGE|>' * (patches.rows * patches.columns // 4)}<|vision_eos|>"
    text = f"{form.opening}{default_system_prompt()}{form.first_turn}{heard}{seen}{asked}{form.reply}"
    known = AutoTokenizer.from_pretrained(folder)
    ids = known(text, return_tensors="pt", add_special_tokens=False).input_ids
    made = thinker.generate(  # type: ignore[misc]  # the library types `self` by a protocol of its own
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        input_features=mel[None],
        feature_attention_mask=torch.ones(1, mel.shape[1], dtype=torch.long),
        pixel_values=torch.from_numpy(patches.values),
        image_grid_thw=torch.tensor([[1, patches.rows, patches.columns]]),
        max_new_tokens=MOST_TOKENS,
        do_sample=False,
    )
    return ours, str(known.decode(made[0, ids.shape[1] :], skip_special_tokens=True))
