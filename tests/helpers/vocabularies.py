"""A byte-pair vocabulary in miniature: it joins what stands together, as the published one does."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from model.small import CHAT_TEMPLATE, SMALL_FIRST_SPECIAL, SPECIAL_TOKENS

MERGES = 240
# How Qwen2's published tokenizer cuts text into words: a line break joins the spaces and signs before it.
_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_SAMPLE = (
    """\
system
You see what is on the table and say it in few words.

user


What is on the table? There is a user, and there is what the user said:
  - one thing,
  - another thing.
Is there an end? There is an end.


assistant
There is a table. Then there was the thing on it, said the user...
  Yes!  No?  \n \n\n!
"""
    * 4
)


def byte_pair_tokenizer(first_special: int = SMALL_FIRST_SPECIAL) -> Tokenizer:
    """Bytes 0 to 255, the special tokens from `first_special` on, merged words behind them."""
    draft = Tokenizer(models.BPE())
    draft.pre_tokenizer = _pre_tokenizer()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    draft.train_from_iterator(
        [_SAMPLE],
        trainers.BpeTrainer(vocab_size=len(alphabet) + MERGES, initial_alphabet=alphabet, show_progress=False),
    )
    merges = [tuple(pair) for pair in json.loads(draft.to_str())["model"]["merges"]]
    words = dict.fromkeys("".join(pair) for pair in merges)
    contents = [*alphabet, *(f"<|unused_{index}|>" for index in range(len(alphabet), first_special)), *SPECIAL_TOKENS]
    contents += words
    tokenizer = Tokenizer(models.BPE(vocab={content: index for index, content in enumerate(contents)}, merges=merges))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = _pre_tokenizer()
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(content, normalized=False) for content in SPECIAL_TOKENS])
    return tokenizer


def _pre_tokenizer() -> pre_tokenizers.PreTokenizer:
    words = pre_tokenizers.Split(Regex(_WORDS), "isolated")
    return pre_tokenizers.Sequence([words, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def with_byte_pairs(source: Path, destination: Path) -> Path:
    """The checkpoint at `source` with the miniature vocabulary; its weights are linked, not copied."""
    destination.mkdir()
    for file in source.iterdir():
        os.link(file, destination / file.name)
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"):
        (destination / name).unlink()
    PreTrainedTokenizerFast(
        tokenizer_object=byte_pair_tokenizer(),
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        chat_template=CHAT_TEMPLATE,
    ).save_pretrained(destination)
    return destination
