"""The tiny model's own tokenizer: every word of its corpus is one token, anything else goes byte by byte.

The markers and the chat template are the published ones. Knows no weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from model.prompts import default_system_prompt
from model.small import CHAT_TEMPLATE, FIRST_VOICE, SPECIAL_TOKENS
from model.training.corpus.chance import chance
from model.training.corpus.dialogues import SKILLS, converse, instructions
from model.training.corpus.language import words
from model.training.corpus.sentences import fill, patterns

VOICES = ("Chelsie", "Ethan")
# As the published tokenizer cuts text: a word takes the space or sign before it along.
_CUT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_FILLINGS = 60
_TALKS = 300
_MULTIPLE = 64  # of the vocabulary's size, so that rows of the weights lie well in memory


@cache
def words_as_tokens() -> tuple[str, ...]:
    """All pieces of the corpus's texts that the cut leaves whole, the frequent ones first."""
    cut = _pre_tokenizer()
    counts = Counter(piece for text in _texts() for piece, _ in cut.pre_tokenize_str(text))
    alphabet = set(pre_tokenizers.ByteLevel.alphabet())
    return tuple(
        sorted((piece for piece in counts if piece not in alphabet), key=lambda piece: (-counts[piece], piece))
    )


def first_special() -> int:
    """The id of `<|endoftext|>`: behind the bytes and the words."""
    return 256 + len(words_as_tokens())


def size() -> int:
    """How many ids there are: up to the last voice's marker."""
    return -(-(first_special() + FIRST_VOICE + len(VOICES)) // _MULTIPLE) * _MULTIPLE


def tokenizer() -> PreTrainedTokenizerFast:
    """The tokenizer with its chat template, ready to be saved."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    pieces = [*alphabet, *words_as_tokens()]
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    inner = Tokenizer(models.BPE(vocab=vocabulary, merges=[], ignore_merges=True))
    inner.pre_tokenizer = _pre_tokenizer()
    inner.decoder = decoders.ByteLevel()
    inner.add_special_tokens([AddedToken(content, normalized=False) for content in SPECIAL_TOKENS])
    return PreTrainedTokenizerFast(
        tokenizer_object=inner, eos_token="<|im_end|>", pad_token="<|endoftext|>", chat_template=CHAT_TEMPLATE
    )


def heard(text: str, known: Tokenizer) -> list[int]:
    """Tokens of the words in `text` as they sound in the middle of a sentence: no signs, no capital at the beginning.

    What the encoder is to find in sound; how it is written is the Thinker's to know.
    """
    first, _, rest = text.partition(" ")
    small = f" {first.lower()}"
    opening = small if len(known.encode(small.rstrip(".?")).ids) == 1 else f" {first}"
    found = known.encode(f"{opening} {rest}".rstrip())
    return [
        number
        for number, token in zip(found.ids, found.tokens, strict=True)
        if any(sign.isalnum() for sign in token.lstrip("Ġ"))
    ]


def _pre_tokenizer() -> pre_tokenizers.PreTokenizer:
    whole = pre_tokenizers.Split(Regex(_CUT), "isolated")
    return pre_tokenizers.Sequence([whole, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def _texts() -> Iterator[str]:
    yield default_system_prompt()
    yield from ("system\n", "user\n", "assistant\n")
    yield from (wording for wordings in instructions().values() for wording in wordings)
    yield from (str(word) for kind in words().phrases.values() for word in kind)
    for pattern in patterns():
        for index in range(_FILLINGS if pattern.slots() else 1):
            sentence = fill(pattern, chance("vocabulary", pattern.english, index))
            yield from _in_place((sentence.english, sentence.spanish))
    for skill in SKILLS:
        for index in range(_TALKS):
            yield from _in_place(converse(skill, chance("vocabulary", skill, index)).texts())


def _in_place(texts: Iterable[str]) -> Iterator[str]:
    """At a turn's beginning, behind another sentence and behind other words."""
    for text in texts:
        yield text
        yield f" {text}"
        yield f" {text[:1].lower()}{text[1:]}"
