"""What a perfect ear and eye would give is laid out as what real ones give, at a fraction of the cost."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import Qwen2_5OmniThinkerForConditionalGeneration

from model.positions import TICKS_A_SECOND
from model.training.corpus.chance import chance
from model.training.corpus.dialogues import Dialogue, Turn, Watched
from model.training.corpus.films import coincidence
from model.training.corpus.scenes import scene
from model.training.example import Example
from model.training.learner import Learner
from model.training.shelves import PICTURED, SPOKEN, Recorded
from model.training.writer import Writer
from tests.helpers.written import as_text, filmed

FILM = coincidence(chance("a film"))


@pytest.fixture
def learner(tiny_thinker: Qwen2_5OmniThinkerForConditionalGeneration, writer: Writer) -> Learner:
    return Learner(tiny_thinker, writer.prefix, seed=0)


def test_an_imagined_picture_has_its_words_in_their_places(writer: Writer, learner: Learner) -> None:
    """It is laid out as a drawn one, which costs more."""
    drawn, imagined = (
        writer.example(as_text(PICTURED, 3), chance("picture", 3), aloud=False, drawn=drawn) for drawn in (True, False)
    )
    assert (
        drawn.ids[: drawn.ids.index(learner.thinker.config.vision_end_token_id)]
        == (imagined.ids[: imagined.ids.index(learner.thinker.config.vision_end_token_id)])
    )
    (picture,) = imagined.pictures
    assert picture.found == drawn.pictures[0].found
    scores = learner.imagine([picture]) @ learner.thinker.model.language_model.embed_tokens.weight.T
    for place, names in picture.found.items():
        assert set(scores[place].topk(len(names)).indices.tolist()) == set(names)
    empty = [place for place in range(picture.rows * picture.columns) if place not in picture.found]
    assert set(scores[empty].argmax(-1).tolist()) == {learner.thinker.config.image_token_id}


def test_an_imagined_sound_holds_its_words_in_order(writer: Writer, learner: Learner) -> None:
    blank = learner.thinker.config.audio_token_id
    for index in range(20):
        recorded = as_text(SPOKEN, index)
        example = writer.example(recorded, chance(index), aloud=False)
        assert not example.sounds
        closing = example.ids.index(blank + 2)
        inside = [token for token in example.ids[1:closing] if token != blank]
        distinct = [token for place, token in enumerate(inside) if place == 0 or inside[place - 1] != token]
        assert distinct == writer.heard(recorded.dialogue.turns[0].reply)


def _written(learner: Learner, example: Example) -> torch.Tensor:
    written: torch.Tensor = learner.thinker.model.language_model.embed_tokens(torch.tensor(example.ids))
    return written


def test_sound_is_imagined_as_its_words_and_nothing_else_is(writer: Writer, learner: Learner) -> None:
    example = writer.example(as_text(SPOKEN, 1), chance("imagined"), aloud=False)
    assert torch.equal(learner.read([example], None).embeddings, _written(learner, example)[None])
    given = learner.read([example], None, blurred=True).embeddings[0]
    written = _written(learner, example)
    sounding = (given != written).any(1)
    marks = (learner.thinker.config.audio_start_token_id, learner.thinker.config.audio_end_token_id)
    first, last = (example.ids.index(mark) for mark in marks)
    assert sounding.nonzero()[:, 0].tolist() == list(range(first + 1, last))
    said = [row for row in range(first + 1, last) if example.ids[row] != learner.thinker.config.audio_token_id]
    scores = given[said] @ learner.thinker.model.language_model.embed_tokens.weight.T
    assert scores.argmax(1).tolist() == [example.ids[row] for row in said]


def test_an_imagined_film_is_laid_out_as_a_real_one_and_names_its_sounds(writer: Writer) -> None:
    real = filmed(writer, FILM)
    alike = (filmed(writer, FILM, number=number, drawn=False) for number in range(100))
    imagined = next(each for each in alike if len(each.ids) == len(real.ids))  # pictures of the same size
    assert not imagined.sounds
    sound = writer.tokenizer.token_to_id("<|AUDIO|>")
    spoken = {name: set(writer.heard(name.split()[-1])) for name in imagined.sounding}
    for name, rows in imagined.sounding.items():
        assert {imagined.ids[row] for row in rows} == {sound, *spoken[name]}
    tracks = {row for rows in imagined.sounding.values() for row in rows}
    assert [sound if row in tracks else token for row, token in enumerate(imagined.ids)] == real.ids
    assert torch.equal(torch.cat(imagined.positions, dim=1), torch.cat(real.positions, dim=1))
    assert (imagined.witnessed, imagined.sought) == (real.witnessed, real.sought)


def test_an_imagined_question_before_a_camera_is_laid_out_as_a_real_one(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.training.writer.stretched", lambda wave, _: wave)
    monkeypatch.setattr("model.training.corpus.rooms.Room.hear", lambda _, wave, __: wave)
    turn = Turn((Watched("Where is the red circle?", scene(chance("before a camera"))),), "It is there.")
    dialogue = Dialogue("answer", (turn,))
    imagined = writer.example(Recorded(0, dialogue, ()), chance(0), aloud=False, drawn=False)
    sound, seen = (writer.tokenizer.token_to_id(name) for name in ("<|AUDIO|>", "<|VIDEO|>"))
    opened, closed = (writer.tokenizer.token_to_id(name) for name in ("<|audio_bos|>", "<|audio_eos|>"))
    assert opened is not None
    assert closed is not None
    inside = range(imagined.ids.index(opened) + 1, imagined.ids.index(closed))
    heard = [row for row in inside if imagined.ids[row] != seen]
    said = [imagined.ids[row] for row in heard if imagined.ids[row] != sound]
    assert list(dict.fromkeys(said)) == writer.heard("Where is the red circle?")
    wave = np.zeros(len(heard) * 16_000 // TICKS_A_SECOND, np.float32)
    real = (writer.example(Recorded(0, dialogue, (wave,)), chance(number)) for number in range(100))
    alike = next(each for each in real if len(each.ids) == len(imagined.ids))  # pictures of the same size
    assert [sound if row in heard else token for row, token in enumerate(imagined.ids)] == alike.ids
    assert torch.equal(torch.cat(imagined.positions, dim=1), torch.cat(alike.positions, dim=1))
    assert imagined.sought == alike.sought
    assert len(imagined.pictures) == -(-len(heard) // TICKS_A_SECOND)
