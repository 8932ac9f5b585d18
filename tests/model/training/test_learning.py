"""From conversations to losses: what is fed equals what a session feeds, and each loss is the library's own."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F
from transformers import Qwen2_5OmniThinkerForConditionalGeneration

from model.loading import Placement
from model.omni import Omni
from model.positions import Positions
from model.prompts import default_system_prompt
from model.protocol import HEARING_RATE
from model.session import Session
from model.sight import Patches
from model.training import losses
from model.training.corpus.chance import chance
from model.training.corpus.dialogues import Dialogue, Speech, Text, Turn, Watched
from model.training.corpus.films import Film
from model.training.corpus.questions import about, of_the_world
from model.training.corpus.scenes import Scene
from model.training.corpus.scenes import scene as scene_of
from model.training.corpus.sounds import SOUNDS
from model.training.evaluation import LATE
from model.training.example import Example, Picture, place_in, tokens_of
from model.training.learner import LETTERS, MOST_SIDE, Learner
from model.training.looks import Look
from model.training.seeking import IGNORED
from model.training.shelves import (
    CHUNK,
    FILMED,
    PICTURED,
    PROLONGED,
    REMOTE,
    SPOKEN,
    TALKS,
    WATCHED,
    Recorded,
    Shelf,
    Stream,
    presented,
)
from model.training.writer import Writer
from tests.helpers.written import as_text

TYPED = Stream("typed", ("context",))
SOUNDING = Stream("sounding", ("sounds",))


@pytest.fixture
def examples(writer: Writer, speech_folder: Path) -> list[Example]:
    """Four transcriptions of different lengths."""
    shelf = Shelf(speech_folder, SPOKEN, seed=0)
    return [writer.example(shelf.recorded(index), chance("room", index)) for index in range(4)]


@pytest.fixture
def learner(tiny_thinker: Qwen2_5OmniThinkerForConditionalGeneration, writer: Writer) -> Learner:
    return Learner(tiny_thinker, writer.prefix, seed=0)


def test_what_was_spoken_once_is_never_spoken_again(
    speech_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = Shelf(speech_folder, SPOKEN, seed=0).recorded(CHUNK - 1)
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))  # no synthesiser any more
    second = Shelf(speech_folder, SPOKEN, seed=0).recorded(CHUNK - 1)
    assert first.dialogue == second.dialogue
    assert len(first.waves) == 1
    assert np.array_equal(first.waves[0], second.waves[0])


def test_a_chunk_that_was_cut_short_is_spoken_anew(tmp_path: Path) -> None:
    whole = Shelf(tmp_path, SPOKEN, seed=3).recorded(0)
    (notes,) = tmp_path.rglob("*.json")
    notes.unlink()
    notes.with_suffix(".npy").write_bytes(b"half")
    assert np.array_equal(Shelf(tmp_path, SPOKEN, seed=3).recorded(0).waves[0], whole.waves[0])


def greeting(text: str) -> Dialogue:
    return Dialogue("transcribe", (Turn((Speech(text),), text),))


def test_a_chunk_in_which_something_else_was_said_is_spoken_anew(tmp_path: Path) -> None:
    """The corpus changes, and its numbers with it."""
    before = Stream("greeting", (), make=lambda _: greeting("Hello."))
    now = Stream("greeting", (), make=lambda _: greeting("Good night."))
    first = Shelf(tmp_path, before, seed=0).recorded(0)
    second = Shelf(tmp_path, now, seed=0).recorded(0)
    assert len(second.waves[0]) > len(first.waves[0])
    assert np.array_equal(Shelf(tmp_path, before, seed=0).recorded(0).waves[0], first.waves[0])


def test_a_share_of_what_is_shown_is_new() -> None:
    shown = [presented(0, count, 0.2) for count in range(500)]
    assert shown == [presented(0, count, 0.2) for count in range(500)]
    assert max(shown) == 99
    assert len(set(shown)) == 100
    assert all(index <= count * 0.2 for count, index in enumerate(shown))


def test_talks_need_no_eyes_and_cover_their_skills() -> None:
    talks = [TALKS.dialogue(0, index) for index in range(200)]
    assert {talk.skill for talk in talks} == set(TALKS.skills)


def test_typed_conversations_read_as_the_chat_template_writes_them(writer: Writer, tiny_folder: Path) -> None:
    """Token for token, over several turns."""
    known = Omni.load(tiny_folder, Placement.cpu(), speaks=False).vocabulary
    for index in range(30):
        dialogue = TYPED.dialogue(0, index)
        if any(isinstance(part, Speech) for turn in dialogue.turns for part in turn.parts):
            continue
        example = writer.example(as_text(TYPED, index), chance(0), aloud=False)
        text = known.format.opening + default_system_prompt()
        separator = known.format.first_turn
        for turn in dialogue.turns:
            said = "".join(part.text for part in turn.parts if isinstance(part, Text))
            text += separator + said + known.format.reply + turn.reply
            separator = known.format.next_turn
        assert writer.tokenizer.decode(writer.prefix + example.ids, skip_special_tokens=False) == f"{text}<|im_end|>"


def test_only_replies_and_their_ends_are_learned(writer: Writer) -> None:
    for index in range(20):
        example = writer.example(as_text(TYPED, index), chance(0), aloud=False)
        asked = [token for token, label in zip(example.ids, example.labels, strict=True) if label != IGNORED]
        assert asked == [label for label in example.labels if label != IGNORED]
        replies = [f"{turn.reply}<|im_end|>" for turn in TYPED.dialogue(0, index).turns]
        assert writer.tokenizer.decode(asked, skip_special_tokens=False) == "".join(replies)


def test_sounds_have_their_tokens_and_positions_go_on(
    writer: Writer, examples: list[Example], learner: Learner
) -> None:
    placeholder = learner.thinker.config.audio_token_id
    for example in examples:
        (sound,) = example.sounds
        assert example.ids.count(placeholder) == tokens_of(sound.shape[1])
        positions = torch.cat(example.positions, dim=1)
        assert positions.shape == (3, len(example.ids))
        assert torch.equal(positions[0], torch.arange(len(writer.prefix), len(writer.prefix) + len(example.ids)))
    assert learner.hear([example.sounds[0] for example in examples]).token_counts == [
        tokens_of(example.sounds[0].shape[1]) for example in examples
    ]


def test_a_session_lays_the_same_tokens(writer: Writer, examples: list[Example], tiny_folder: Path) -> None:
    """As many, with as many of sound: the model is trained on what it will be given."""
    session = Session(Omni.load(tiny_folder, Placement.cpu(), speaks=False))
    sound = np.zeros(160 * examples[0].sounds[0].shape[1], np.float32)
    session.hear(sound)
    session.close_clip()
    (text,) = (part.text for part in SPOKEN.dialogue(0, 0).turns[0].parts if isinstance(part, Text))
    session.read(text)
    next(iter(session.reply()))
    reply = sum(label != IGNORED for label in examples[0].labels)
    assert session.context_tokens >= len(writer.prefix) + len(examples[0].ids) - reply


def test_the_reply_loss_is_the_librarys_own(learner: Learner, writer: Writer, examples: list[Example]) -> None:
    """The library reads each conversation whole, from the system prompt on, one by one and without our positions."""
    total, count = 0.0, 0
    for example in examples:
        ids = torch.tensor([writer.prefix + example.ids])
        labels = torch.tensor([[IGNORED] * len(writer.prefix) + example.labels])
        (sound,) = example.sounds
        with torch.no_grad():
            answer = learner.thinker(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                input_features=sound[None],
                feature_attention_mask=torch.ones(1, sound.shape[1], dtype=torch.long),
            )
        asked = labels[0, 1:] != IGNORED
        total += float(F.cross_entropy(answer.logits[0, :-1][asked], labels[0, 1:][asked], reduction="sum"))
        count += int(asked.sum())
    heard = learner.hear([example.sounds[0] for example in examples])
    assert losses.reply_loss(learner, learner.read(examples, heard), examples).item() == pytest.approx(
        total / count, rel=1e-4
    )


def test_a_gradient_reaches_ear_and_system_prompt(learner: Learner, examples: list[Example]) -> None:
    heard = learner.hear([example.sounds[0] for example in examples])
    losses.reply_loss(learner, learner.read(examples, heard), examples).backward()
    embeddings = learner.thinker.model.language_model.embed_tokens.weight.grad
    first = learner.thinker.model.audio_tower.conv1.weight.grad
    learner.zero_grad(set_to_none=True)
    assert embeddings is not None
    assert first is not None
    assert embeddings[learner.prefix].abs().sum(dim=1).min() > 0
    assert first.abs().max() > 0


def test_words_and_letters_are_found_where_they_are(learner: Learner, writer: Writer, examples: list[Example]) -> None:
    """A clip whose tokens already are the words' embeddings has a far smaller loss than one whose are others'."""
    heard = learner.hear([examples[0].sounds[0]])
    said = examples[0].said[0]
    words = writer.heard(said)
    embeddings = learner.thinker.model.language_model.embed_tokens.weight.detach()
    blank = learner.thinker.config.audio_token_id
    path = [blank] * len(heard.tokens)
    for place, word in enumerate(words):
        path[1 + place * 2] = word
    right = type(heard)(heard.states, embeddings[path], heard.state_counts, heard.token_counts)
    wrong = type(heard)(heard.states, embeddings[path].flip(0), heard.state_counts, heard.token_counts)
    assert losses.word_loss(learner, right, [words]).item() < 0.05
    assert losses.word_loss(learner, wrong, [words]).item() > 1.0
    assert losses.spelling_loss(learner, heard, [said]).item() > math.log(len(LETTERS)) / 4


def test_silence_may_be_learned_from(learner: Learner, examples: list[Example]) -> None:
    heard = learner.hear([examples[0].sounds[0]])
    assert torch.isfinite(losses.word_loss(learner, heard, [[]]))
    assert torch.isfinite(losses.spelling_loss(learner, heard, [""]))


def described(writer: Writer) -> Example:
    """A conversation about a picture in which nothing is said aloud."""
    typed = Stream("typed pictures", ("describe",), shows=Scene)
    return writer.example(as_text(typed, 0), chance(0), aloud=False)


def test_conversations_about_pictures_have_one_and_talks_have_none(writer: Writer) -> None:
    shown = [writer.example(as_text(PICTURED, index), chance(index), aloud=False) for index in range(20)]
    told = [writer.example(as_text(TALKS, index), chance(index), aloud=False) for index in range(20) if index % 2]
    assert all(len(example.pictures) == 1 for example in shown)
    assert not any(example.pictures for example in told)


def test_a_picture_is_laid_out_as_a_session_lays_it(writer: Writer, tiny_folder: Path) -> None:
    """Tokens, patches and positions, and what follows goes on behind them."""
    omni = Omni.load(tiny_folder, Placement.cpu(), speaks=False)
    example = described(writer)
    (picture,) = example.pictures
    placeholder = omni.checkpoint.architecture.thinker.image_token_id
    assert example.ids.count(placeholder) == picture.rows * picture.columns
    places = Positions()
    laid = [places.text(len(writer.prefix)), places.text(1)]
    places.open_clip()
    laid += [places.grid(0, picture.rows, picture.columns), places.text(1)]
    laid += [places.text(len(example.ids) - picture.rows * picture.columns - 2)]
    given = torch.cat(example.positions, dim=1)
    assert torch.equal(torch.cat(laid, dim=1)[:, len(writer.prefix) :], given)


def test_a_picture_seen_in_training_is_what_the_eye_sees(learner: Learner, writer: Writer, tiny_folder: Path) -> None:
    omni = Omni.load(tiny_folder, Placement.cpu(), speaks=False)
    pictures = [*described(writer).pictures, *writer.example(as_text(PICTURED, 1), chance(1), aloud=False).pictures]
    seen = learner.see(pictures)
    alone = [
        omni.eye.encode(Patches(each.patches.numpy(), 2 * each.rows, 2 * each.columns), lambda: None)
        for each in pictures
    ]
    torch.testing.assert_close(seen, torch.cat(alone), rtol=1e-4, atol=1e-4)


def test_a_reply_about_a_picture_costs_what_the_library_says(learner: Learner, writer: Writer) -> None:
    """The library lays the grid's positions itself."""
    example = described(writer)
    (picture,) = example.pictures
    ids = torch.tensor([writer.prefix + example.ids])
    with torch.no_grad():
        answer = learner.thinker(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            pixel_values=picture.patches,
            image_grid_thw=torch.tensor([[1, 2 * picture.rows, 2 * picture.columns]]),
        )
    labels = torch.tensor([IGNORED] * len(writer.prefix) + example.labels)
    expected = F.cross_entropy(answer.logits[0, :-1], labels[1:]).item()
    loss = losses.reply_loss(learner, learner.read([example], None, learner.see([picture])), [example])
    assert loss.item() == pytest.approx(expected, rel=1e-4)


def test_where_tokens_of_pictures_stand_can_be_learned(learner: Learner, writer: Writer) -> None:
    """Of pictures of several sizes at once, which the placing head tells apart by their rows and columns alone."""
    examples = [writer.example(as_text(PICTURED, index), chance(index), aloud=False) for index in range(12)]
    pictures = [picture for example in examples for picture in example.pictures]
    assert len({(picture.rows, picture.columns) for picture in pictures}) > 1
    placer, read = learner.placer, learner.read(examples, None, learner.see(pictures))
    spread = [
        MOST_SIDE * row + column for each in pictures for row in range(each.rows) for column in range(each.columns)
    ]
    with torch.no_grad():
        told = replace(read, shown=placer.weight.new_zeros(len(spread), placer.in_features))
        for number, place in enumerate(spread):
            told.shown[number, place % MOST_SIDE] = told.shown[number, MOST_SIDE + place // MOST_SIDE] = 1.0
        placer.weight.zero_()
        assert losses.placing_loss(learner, told, pictures).item() == pytest.approx(2 * np.log(MOST_SIDE), rel=1e-4)
        for side in range(MOST_SIDE):
            placer.weight[side, MOST_SIDE + side] = placer.weight[MOST_SIDE + side, side] = 50.0
        assert losses.placing_loss(learner, told, pictures).item() < 1e-6
    losses.placing_loss(learner, read, pictures).backward()
    assert learner.thinker.model.language_model.layers[0].self_attn.q_proj.weight.grad is not None
    assert learner.thinker.model.language_model.layers[1].self_attn.q_proj.weight.grad is None


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("stream", [FILMED, WATCHED])
def test_a_reply_about_a_film_costs_what_the_library_says(
    learner: Learner, writer: Writer, stream: Stream, seed: int
) -> None:
    """The library interleaves seconds of pictures and sound by its own rule of time."""
    talk = stream.dialogue(0, next(filter(_silent, range(20))))
    if stream is WATCHED:
        talk = next(each for index in range(20) if len((each := stream.dialogue(0, index)).turns) == 1)
    said = chance("said").normal(0.0, 0.1, round((1.7 + seed) * HEARING_RATE)).astype(np.float32)
    example = writer.example(Recorded(0, talk, (said,)), chance(seed))
    (sound,) = example.sounds
    ids = torch.tensor([writer.prefix + example.ids])
    first = example.pictures[0]
    with torch.no_grad():
        answer = learner.thinker(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            input_features=sound[None],
            feature_attention_mask=torch.ones(1, sound.shape[1], dtype=torch.long),
            pixel_values_videos=torch.cat([picture.patches for picture in example.pictures]),
            video_grid_thw=torch.tensor([[len(example.pictures), 2 * first.rows, 2 * first.columns]]),
            video_second_per_grid=torch.tensor([1.0]),
            use_audio_in_video=True,
        )
    labels = torch.tensor([IGNORED] * len(writer.prefix) + example.labels)
    expected = F.cross_entropy(answer.logits[0, :-1], labels[1:]).item()
    read = learner.read([example], learner.hear(example.sounds), learner.see(example.pictures))
    loss = losses.reply_loss(learner, read, [example])
    assert loss.item() == pytest.approx(expected, rel=1e-4)


def test_a_lasting_conversation_asks_late_what_it_showed_early(writer: Writer) -> None:
    for index in range(4):
        recorded = as_text(LATE, index)
        example = writer.example(recorded, chance(index))
        assert len(example.ids) >= 4096
        assert len(example.pictures) == 1
        shown = [
            number for number, token in enumerate(example.ids) if token == writer.tokenizer.token_to_id("<|IMAGE|>")
        ]
        assert shown[-1] < 64
        (scene,) = (part for turn in recorded.dialogue.turns for part in turn.parts if isinstance(part, Scene))
        last = recorded.dialogue.turns[-1]
        (asked,) = (part.text for part in last.parts if isinstance(part, Text))
        replies = {each.said: each.reply for each in (about(scene, chance("again", trial)) for trial in range(3000))}
        assert replies.get(asked, last.reply) == last.reply
        assert asked not in {of_the_world(chance(trial)).said for trial in range(300)}


def test_long_conversations_are_of_any_length_and_of_every_kind(writer: Writer) -> None:
    """Nothing of them is spoken or drawn."""
    for stream in (REMOTE, PROLONGED):
        several = [stream.dialogue(0, index) for index in range(20)]
        lengths = [
            len(writer.example(Recorded(0, each, ()), chance(0), aloud=False, drawn=False).ids) for each in several
        ]
        assert min(lengths) < 2000
        assert 4000 < max(lengths) < 8000
    parts = {type(part) for each in several for turn in each.turns for part in turn.parts}
    assert parts == {Text, Speech, Watched, Scene, Film}
    remote = [turn for each in range(20) for turn in REMOTE.dialogue(0, each).turns]
    assert {type(part) for turn in remote for part in turn.parts} == {Text, Speech, Scene}


def test_sounds_are_called_by_their_names(writer: Writer) -> None:
    """Each sound of a film in its order, each named sound, and silence by nothing."""
    called = [writer.example(as_text(FILMED, index), chance(index)).called for index in range(12) if _silent(index)]
    assert all(set(text.split()) <= set(SOUNDS) for texts in called for text in texts)
    sounding = [writer.example(as_text(SOUNDING, index), chance(index)) for index in range(12)]
    assert all(len(writer.heard(*example.called)) == 1 for example in sounding)
    assert all(example.said == [""] for example in sounding)


def _silent(index: int) -> bool:
    return not any(isinstance(part, Speech) for turn in FILMED.dialogue(0, index).turns for part in turn.parts)


def test_names_are_wanted_where_things_stand(learner: Learner, writer: Writer) -> None:
    """Tokens that are the sum of the words for what is there have a far smaller loss than the same in other places."""
    pictures = [*described(writer).pictures, *writer.example(as_text(PICTURED, 1), chance(1), aloud=False).pictures]
    embeddings = learner.thinker.model.language_model.embed_tokens.weight.detach()
    tokens = []
    for picture in pictures:
        seen = embeddings[learner.thinker.config.image_token_id].repeat(picture.rows * picture.columns, 1)
        for place, names in picture.found.items():
            seen[place] = embeddings[names].sum(0)
        tokens.append(seen)
    right = losses.naming_loss(learner, torch.cat(tokens), pictures).item()
    wrong = losses.naming_loss(learner, torch.cat([tokens[0], tokens[1].roll(1, 0)]), pictures).item()
    assert right < 4.0
    assert wrong > 2 * right


def test_each_of_the_nine_places_has_its_own_token() -> None:
    for rows, columns in ((4, 4), (5, 5), (6, 6), (5, 7), (8, 4)):
        places = [place_in(cell, rows, columns) for cell in range(9)]
        assert len(set(places)) == 9
        assert max(places) < rows * columns


def test_tokens_are_near_where_they_are_embeddings(learner: Learner) -> None:
    """Of a word for sound, and of the sum of the words for what stands in a picture's places."""
    embeddings = learner.thinker.model.language_model.embed_tokens.weight.detach()
    words = embeddings[[5, 90, 200]]
    assert losses.nearness_loss(learner, words).item() == pytest.approx(0.0, abs=1e-6)
    longer = losses.nearness_loss(learner, 3 * words).item()
    size = (words.square().sum(-1).mean() / embeddings.square().sum(-1).mean()).item()
    assert longer == pytest.approx(4 * size, rel=1e-4)  # just as likely, but twice its length away
    picture = Picture(torch.empty(0), 1, 3, {0: [5, 90], 2: [200]})
    blank = embeddings[learner.thinker.config.image_token_id]
    right = torch.stack([words[0] + words[1], blank, words[2]])
    assert losses.likeness_loss(learner, right, [picture]).item() == pytest.approx(0.0, abs=1e-6)
    assert losses.likeness_loss(learner, right.flip(0), [picture]).item() > 0.5


def test_loud_layers_cost(writer: Writer, own_thinker: Qwen2_5OmniThinkerForConditionalGeneration) -> None:
    learner = Learner(own_thinker, writer.prefix, seed=0)
    example = writer.example(as_text(TYPED, 0), chance(0), aloud=False)
    before = losses.loudness_loss(learner.read([example], None))
    with torch.no_grad():
        learner.thinker.model.language_model.layers[0].mlp.down_proj.weight.mul_(20.0)
    assert losses.loudness_loss(learner.read([example], None)).item() > before.item() + 0.5


def test_seeking_begins_with_a_look_at_what_has_the_same_name(
    writer: Writer, own_thinker: Qwen2_5OmniThinkerForConditionalGeneration
) -> None:
    """Before anything is learned: of all names of things each is likest to itself, or to several of it."""
    learner = Learner(own_thinker, writer.prefix, seed=0)
    things = writer.names_of_things()
    called = [[writer.tokenizer.decode([name]) for name in thing] for thing in things]
    assert [" red"] in called
    assert [" circle", " circles"] in called
    assert len(things) < 30
    names = [name for thing in things for name in thing]
    thing_of = [number for number, thing in enumerate(things) for _ in thing]

    def likest(number: int) -> list[int]:
        attention = learner.thinker.model.language_model.layers[number].self_attn
        normed = F.rms_norm(learner.thinker.model.language_model.embed_tokens.weight[names], (attention.hidden_size,))
        found: list[int] = (attention.q_proj(normed)[:, :32] @ attention.k_proj(normed)[:, :32].T).argmax(1).tolist()
        return [thing_of[name] for name in found]

    assert likest(2) != thing_of
    learner.seek(things, 0)
    assert likest(2) == likest(3) == thing_of
    assert likest(1) != thing_of


def test_a_reply_that_says_what_was_said_is_told_from_its_sound(writer: Writer, learner: Learner) -> None:
    """Imagined, where it is known which token of sound is which word; other replies are told from nothing."""
    example = writer.example(as_text(SPOKEN, 1), chance("echo"), aloud=False)
    (echo,) = example.echoed
    assert [example.labels[row + 1] for row in echo.told][1:] == echo.words[1:]  # the first has a capital
    assert echo.words == writer.heard(SPOKEN.dialogue(0, 1).turns[0].reply)
    assert not writer.example(as_text(TYPED, 0), chance(0), aloud=False).echoed
    read = learner.read([example], None)
    wanted = torch.full((1, len(example.ids), len(writer.prefix) + len(example.ids)), -30.0)
    for row, word in zip(echo.told, echo.words, strict=True):
        first = next(place for place in echo.sound if example.ids[place] == word)
        wanted[0, row, len(writer.prefix) + first] = 0.0
    sure = Look(wanted, torch.eye(wanted.shape[2])[None])
    looking = replace(read, looks=[sure, sure])
    assert losses.echo_loss(learner, looking, [example]).item() == pytest.approx(0.0, abs=1e-3)
    assert losses.echo_loss(learner, read, [example]).item() > 1.0


def test_what_is_said_before_a_camera_is_echoed_from_its_sound_alone(writer: Writer, speech_folder: Path) -> None:
    said = Stream("said before the camera", (), make=_said_before_a_camera)
    example = writer.example(Shelf(speech_folder, said, seed=0).recorded(0), chance("room"))
    (echo,) = example.echoed
    assert {example.ids[row] for row in echo.sound} == {writer.tokenizer.token_to_id("<|AUDIO|>")}
    assert len(echo.sound) == tokens_of(example.sounds[0].shape[1])


def _said_before_a_camera(rng: np.random.Generator) -> Dialogue:
    return Dialogue("transcribe", (Turn((Watched("Open the door.", scene_of(rng)),), "Open the door."),))
