"""The tiny model's vocabulary and folder: what transformers and the runner load, and agree upon."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tokenizers import pre_tokenizers
from torch.nn import functional as F
from transformers import (
    AutoTokenizer,
    Qwen2_5OmniConfig,
    Qwen2_5OmniForConditionalGeneration,
    Qwen2_5OmniThinkerForConditionalGeneration,
)

from model.architecture import Architecture
from model.loading import Placement
from model.mel import EXPECTED_MAXIMUM, features
from model.omni import Omni
from model.prompts import Vocabulary, default_system_prompt
from model.small import SPECIAL_TOKENS
from model.training import tiny, vocabulary
from model.training.corpus.chance import chance
from model.training.corpus.dialogues import SKILLS, converse
from model.training.corpus.drawing import draw
from model.training.corpus.scenes import scene
from model.training.corpus.sentences import compose, spoken_words
from model.training.corpus.sounds import make
from model.training.writer import Writer
from tests.helpers import greedy


def test_words_of_the_corpus_are_whole_tokens(tiny_folder: Path) -> None:
    known = Vocabulary(tiny_folder)
    for index in range(300):
        sentence = compose(chance("test", index), "held-out" if index % 2 else "train")
        assert len(known.encode(sentence.english)) <= len(spoken_words(sentence.english)) + 2
    assert len(known.encode(default_system_prompt())) == 32


@pytest.mark.parametrize("text", ["The red circle.", "¿Dónde está el círculo?", "xylophone 42\n\n", "日本語 🙂", ""])
def test_any_text_comes_back(tiny_folder: Path, text: str) -> None:
    known = AutoTokenizer.from_pretrained(tiny_folder)
    assert known.decode(known.encode(text)) == text
    assert Vocabulary(tiny_folder).encode(text) == known.encode(text)


def test_markers_are_where_the_config_says(tiny_folder: Path, tiny_config: Qwen2_5OmniConfig) -> None:
    known = AutoTokenizer.from_pretrained(tiny_folder)
    first = vocabulary.first_special()
    assert known.convert_tokens_to_ids(list(SPECIAL_TOKENS)) == list(range(first, first + len(SPECIAL_TOKENS)))
    parts = Architecture.of(tiny_config)
    assert parts.thinker.audio_token_id == known.convert_tokens_to_ids("<|AUDIO|>")
    assert parts.text.vocab_size >= first + 231


def test_heard_words_have_no_signs_and_no_capital_at_the_beginning(writer: Writer) -> None:
    def spelled(text: str) -> list[str]:
        return [writer.tokenizer.decode([token]) for token in writer.heard(text)]

    assert spelled("Where is the red circle?") == [" where", " is", " the", " red", " circle"]
    assert spelled("The letters are A and B.") == [" the", " letters", " are", " A", " and", " B"]
    assert spelled("Today is Monday.") == [" today", " is", " Monday"]


def test_every_spoken_sentence_has_as_many_heard_tokens_as_words(writer: Writer) -> None:
    for index in range(300):
        text = compose(chance(index)).english
        assert len(writer.heard(text)) == len(spoken_words(text)) + text.count("o'clock")


def test_the_folder_is_small_and_says_what_it_is(tiny_folder: Path) -> None:
    assert sum(file.stat().st_size for file in tiny_folder.iterdir()) < 20_000_000
    assert Omni.load(tiny_folder, Placement.cpu(), speaks=False).checkpoint.note.label == "untrained"


def test_with_all_its_parts_it_stays_within_forty_megabytes() -> None:
    """In half precision, with the Talker and the voice that are still to come."""
    config = tiny.tiny_config()
    config.enable_audio_output = True
    with torch.device("meta"):
        whole = Qwen2_5OmniForConditionalGeneration(config)
    assert 2 * sum(weight.numel() for weight in whole.parameters()) < 40_000_000


@pytest.fixture(scope="module")
def library(tiny_folder: Path) -> Qwen2_5OmniForConditionalGeneration:
    """The folder as transformers reads it."""
    model: Qwen2_5OmniForConditionalGeneration = Qwen2_5OmniForConditionalGeneration.from_pretrained(
        tiny_folder, dtype=torch.float32
    )
    return model


def test_transformers_and_the_runner_answer_the_same(
    tiny_folder: Path,
    tiny_thinker: Qwen2_5OmniThinkerForConditionalGeneration,
    library: Qwen2_5OmniForConditionalGeneration,
) -> None:
    """Greedy text after a sound, a picture and a typed line, through the class of the library and through a session."""
    picture = draw(scene(chance("picture")), chance("camera"))
    ours, theirs = greedy.replies(
        tiny_folder, library.thinker, make("siren", 1.0, chance(0)), picture, "Which words do you hear?"
    )
    assert ours == theirs.removesuffix("\ufffd")  # the last token may be the first byte of a letter
    assert all(
        torch.equal(weight, dict(tiny_thinker.named_parameters())[name])
        for name, weight in library.thinker.named_parameters()
    )


def test_the_same_seed_begins_the_same(tiny_config: Qwen2_5OmniConfig) -> None:
    first, second, other = (tiny.new_thinker(tiny_config, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["lm_head.weight"], other["lm_head.weight"])


def test_whatever_the_corpus_says_is_in_the_vocabulary(tiny_folder: Path) -> None:
    known = Vocabulary(tiny_folder)
    single = {
        chr(token)
        for skill in SKILLS
        for index in range(100)
        for text in converse(skill, chance("new", index)).texts()
        for token in known.encode(text)
        if token < 256
    }
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    assert {alphabet[ord(sign)] for sign in single} <= set(".?,I")


def test_heads_of_the_ear_begin_by_looking_beside(
    tiny_thinker: Qwen2_5OmniThinkerForConditionalGeneration,
) -> None:
    """Between the position codes of a chunk alone, each head's greatest weight lies its own number of states away."""
    ear = tiny_thinker.model.audio_tower
    codes = F.layer_norm(ear.positional_embedding.positional_embedding[:100], (ear.config.d_model,))
    found = []
    for layer in ear.layers:
        attention = layer.self_attn
        queries, keys = (
            project(codes).unflatten(-1, (attention.num_heads, -1)).transpose(0, 1)
            for project in (attention.q_proj, attention.k_proj)
        )
        found.append(((queries @ keys.mT)[:, 50].argmax(-1) - 50).tolist())
    looks = [[-1, 1, -3, 3], [-2, 2, -6, 6], [-4, 4, -12, 12]]
    assert found == [look for look in looks for _ in range(2)]


def test_sound_is_as_loud_as_the_position_code(
    tiny_thinker: Qwen2_5OmniThinkerForConditionalGeneration, writer: Writer
) -> None:
    """Else the ear learns for long where it is before it learns what it hears."""
    ear = tiny_thinker.model.audio_tower
    siren = make("siren", 1.0, chance(0))
    sound = features(writer.mel, siren, EXPECTED_MAXIMUM)
    states = F.gelu(ear.conv2(F.gelu(ear.conv1(sound[None]))))
    assert 0.5 < states.std() / ear.positional_embedding.positional_embedding[:50].std() < 4.0
