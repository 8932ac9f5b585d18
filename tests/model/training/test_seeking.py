"""What is to be looked for where a reply tells of a picture, and that heads which are told so look there."""

from __future__ import annotations

import pytest
import torch
from transformers import Qwen2_5OmniThinkerForConditionalGeneration

from model.training.corpus.chance import chance
from model.training.corpus.dialogues import Dialogue, Text, Turn
from model.training.corpus.scenes import Scene, scene
from model.training.examples import Example, Writer, place_in
from model.training.learner import Learner
from model.training.seeking import IGNORED, sought
from model.training.shelves import Recorded

RED, BLUE, RING, CROSS, IS, TOP, AND = range(1, 8)


def test_a_word_is_about_what_it_names_and_the_rest_about_what_is_named() -> None:
    standing = [(0, frozenset({RED, RING})), (1, frozenset({BLUE, RING})), (2, frozenset({RED, CROSS}))]
    labels = [IGNORED] * 4 + [IS, BLUE, RING, IS, TOP, AND, CROSS, IS]
    assert sought(labels, standing, {AND}) == [
        (4, [1]),  # the blue one
        (5, [1]),  # of two rings the one that is blue too
        (6, [1]),
        (7, [1]),
        (9, [2]),
        (10, [2]),
    ]
    assert sought([IGNORED, IGNORED, IGNORED, RED, IS], standing, {AND}) == [(2, [0, 2]), (3, [0, 2])]
    assert sought([IGNORED, IGNORED, IGNORED, IS, TOP], standing, {AND}) == []
    assert sought([RED, IGNORED, IGNORED], standing, {AND}) == []  # told before it was shown


def asked(writer: Writer, index: int) -> tuple[Example, Scene, int]:
    """Where something is that is there once; which one of the scene's things it is."""
    shown = scene(chance("sought", index), least=2)
    number = next(
        number
        for number, item in enumerate(shown.items)
        if sum(item.shape == other.shape or item.colour == other.colour for other in shown.items) == 1
    )
    item = shown.items[number]
    turn = Turn((shown, Text(f"Where is the {item.coloured}?")), f"The {item.coloured} is {item.place}.")
    return writer.example(Recorded(index, Dialogue("answer", (turn,)), ()), chance(index), aloud=False), shown, number


def test_an_answer_is_sought_where_the_thing_stands(writer: Writer) -> None:
    example, shown, number = asked(writer, 0)
    (picture,) = example.pictures
    token = writer.tokenizer.token_to_id("<|IMAGE|>")
    assert token is not None
    first = example.ids.index(token)
    place = first + place_in(shown.items[number].cell, picture.rows, picture.columns)
    assert {tuple(rows) for _, rows in example.sought} == {(place,)}
    told = [writer.tokenizer.decode([example.labels[row + 1]]).strip() for row, _ in example.sought]
    assert " ".join(told).startswith(f"{shown.items[number].coloured} is")


@pytest.fixture
def learner(tiny_thinker: Qwen2_5OmniThinkerForConditionalGeneration, writer: Writer) -> Learner:
    own = Qwen2_5OmniThinkerForConditionalGeneration(tiny_thinker.config)
    own.load_state_dict(tiny_thinker.state_dict())
    return Learner(own, writer.prefix, seed=0)


def test_looks_are_those_of_the_librarys_attention(learner: Learner, writer: Writer) -> None:
    """Of the last two layers' first heads, where it is asked to tell them."""
    example = asked(writer, 0)[0]
    pictures = example.pictures
    language = learner.thinker.model.language_model
    language.set_attn_implementation("eager")
    theirs: list[torch.Tensor] = []
    handles = [
        layer.self_attn.register_forward_hook(lambda _module, _given, output: theirs.append(output[1]))
        for layer in language.layers[-2:]
    ]
    with torch.no_grad():
        read = learner.read([example], None, learner.see(pictures))
    for handle in handles:
        handle.remove()
    behind = [each for each in theirs if each.shape[2] == len(example.ids)]
    assert len(behind) == len(read.looks) == 2
    for ours, weights in zip(read.looks, behind, strict=True):
        torch.testing.assert_close(ours.exp(), weights[:, 0], atol=1e-5, rtol=1e-4)


def test_heads_learn_to_look_where_they_are_told(learner: Learner, writer: Writer) -> None:
    examples = [asked(writer, index)[0] for index in range(4)]
    pictures = [picture for example in examples for picture in example.pictures]
    optimiser = torch.optim.AdamW(learner.parameters(), lr=1e-3)
    losses = []
    for _ in range(25):
        optimiser.zero_grad()
        loss = learner.seeking_loss(learner.read(examples, None, learner.see(pictures)), examples)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[0] > 3.0
    assert losses[-1] < 0.5
    told = [writer.example(Recorded(0, Dialogue("answer", (Turn((Text("Hello."),), "Hello."),)), ()), chance(0))]
    assert learner.seeking_loss(learner.read(told, None), told).item() == 0.0
