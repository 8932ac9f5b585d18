"""Teaching the Talker: laid out as the published model runs it, on the Thinker's states, and from what it prefers."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import Qwen2_5OmniThinkerForConditionalGeneration

from model.errors import SightlineError
from model.training.continuation import Line, Marks, TalkerPart, _disturbed, _misled, _varied, being_said
from model.training.corpus.dialogues import Dialogue, Speech, Text, Turn
from model.training.course import TALKER_FOLDER, VOICE_FOLDER, Course, Order
from model.training.learner import Learner
from model.training.narration import NarrationShelf, open_book, said
from model.training.preference import Pair, pauses, preference_loss
from model.training.progress import Ledger, Progress
from model.training.seeking import IGNORED
from model.training.shelves import Recorded
from model.training.talking import Talking, shared
from model.training.voice_parts import VoiceParts
from model.training.writer import Writer

WIDTH = 192


@pytest.fixture(scope="module")
def part() -> TalkerPart:
    return TalkerPart(seed=0)


@pytest.fixture(scope="module")
def marks() -> Marks:
    generator = torch.Generator().manual_seed(1)
    return Marks(*(torch.randn(count, WIDTH, generator=generator) for count in (2, 1, 1, 9)))


def a_line(tokens: int, reply: int, narrator: int = 0, seed: int = 2) -> Line:
    generator = torch.Generator().manual_seed(seed)
    vectors = torch.randn(tokens + reply, WIDTH, generator=generator)
    positions = torch.arange(3, 3 + tokens).expand(3, -1)
    return Line(vectors[:tokens], positions, vectors[tokens:], torch.arange(reply), torch.ones(reply), narrator)


def opening() -> torch.Tensor:
    return torch.randn(3, WIDTH, generator=torch.Generator().manual_seed(3))


def test_scores_are_those_of_the_published_class(part: TalkerPart, marks: Marks) -> None:
    """One code after the other through the class's own forward, as its `generate` goes."""
    line, codes = a_line(5, 2, narrator=1), torch.tensor([7, 900, 31, 1024])
    ours = part.scores(opening(), [line], [codes], marks)
    talker = part.talker
    embed = talker.get_input_embeddings()
    first = torch.cat([opening(), line.prompt, marks.voices[1][None], line.reply[:1]])
    first[-1] += embed(torch.tensor(talker.codec_bos_token))
    first[-2] += embed(torch.tensor(talker.codec_pad_token))
    positions = torch.arange(len(first)).expand(3, 1, -1)
    given = talker(inputs_embeds=first[None], position_ids=positions, use_cache=True)
    rest = torch.cat([line.reply[1:], marks.text_end, marks.text_pad])[None]
    theirs = [given.logits[0, -1]]
    for number, code in enumerate(codes):
        place = torch.full((3, 1, 1), len(first) + number)
        given = talker(
            input_ids=code.view(1, 1),
            thinker_reply_part=rest,
            position_ids=place,
            past_key_values=given.past_key_values,
            use_cache=True,
        )
        rest = given.thinker_reply_part
        theirs.append(given.logits[0, -1])
    wanted = torch.stack(theirs)
    torch.testing.assert_close(ours[:, 1:-1], wanted[:, 1 : part.codes + 1], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(ours[:, -1], wanted[:, part.end], atol=1e-4, rtol=1e-4)


def test_codes_without_a_sound_share_a_row_and_a_probability(part: TalkerPart, marks: Marks) -> None:
    scores = part.scores(opening(), [a_line(4, 2)], [torch.tensor([5])], marks)
    head = part.weights()["codec_head.weight"]
    assert torch.equal(head[0], head[8293])
    assert torch.equal(head[0], head[part.codes + 1])
    assert not torch.equal(head[0], head[part.end])
    unused = len(head) - part.codes - 1
    assert scores[0, 0].exp().item() == pytest.approx(unused * (scores[0, 0] - np.log(unused)).exp().item(), rel=1e-4)


def test_lines_of_a_batch_do_not_know_one_another(part: TalkerPart, marks: Marks) -> None:
    lines = [a_line(9, 4), a_line(3, 1, narrator=1, seed=5)]
    codes = [torch.tensor([3, 4, 5, 6, 7, 8]), torch.tensor([9])]
    together = part.scores(opening(), lines, codes, marks)
    apart = [part.scores(opening(), [line], [told], marks) for line, told in zip(lines, codes, strict=True)]
    torch.testing.assert_close(together, torch.cat(apart), atol=1e-4, rtol=1e-4)
    likely = part.likelihoods(opening(), lines, codes, marks)
    assert likely.shape == (2,)
    assert bool((likely < 0).all())


def test_a_word_is_being_said_for_its_share_of_the_time() -> None:
    """Of ten codes: two words of which the second takes four times as long, and a sign that takes no time."""
    said = being_said(torch.tensor([1.0, 4.0, 0.0]), 10)
    assert said.argmax(1).tolist() == [0] * 2 + [1] * 8
    torch.testing.assert_close(said.sum(1), torch.ones(10))
    assert bool((said[:, 2] == 0).all())
    assert said[1, 0] > said[0, 1] > said[9, 0]
    assert being_said(torch.zeros(2), 4).argmax(1).tolist() == [0, 0, 1, 1]


def test_a_word_has_its_length_by_letters_and_signs_have_none() -> None:
    assert shared(["What", "'s", " in", " the", " picture", "?"], [12, 6, 4, 21]) == [9.6, 2.4, 6.0, 4.0, 21.0, 0.0]
    assert shared(["Yes", ",", " -", " no"], [10, 0, 9]) == [10.0, 0.0, 0.0, 9.0]


def test_some_of_the_codes_that_are_shown_are_of_chance_or_another_lines() -> None:
    """Never more than half of either, and never the end."""
    torch.manual_seed(0)
    own, other = torch.full((60,), 7), torch.full((30,), 9)
    chances = torch.stack([_disturbed(own, 1024) for _ in range(200)])
    assert 0.2 < float((chances != 7).float().mean()) < 0.3
    assert 0.5 < float((chances != 7).float().mean(1).max()) < 0.75  # half are likely, each for itself
    assert int(chances.min()) >= 1
    assert int(chances.max()) <= 1024
    misled = [_misled([own, other])[0] for _ in range(200)]
    assert all(len(shown) == 60 and set(shown.tolist()) <= {7, 9} for shown in misled)
    strange = [int((shown == 9).sum()) for shown in misled]
    assert 20 < sum(count > 0 for count in strange) < 80
    assert max(strange) <= 25
    short = [_misled([torch.full((12,), 7), other])[0] for _ in range(200)]
    assert max(int((shown == 9).sum()) for shown in short) == 6
    assert bool((own == 7).all())


def test_words_are_shown_with_more_or_less_of_what_the_thinker_makes_of_them(marks: Marks) -> None:
    torch.manual_seed(0)
    line = a_line(5, 3)
    words = marks.table[line.ids]
    shares = []
    for _ in range(100):
        shown = _varied(line, marks)
        assert shown.prompt is line.prompt
        states = line.reply - words
        share = float(((shown.reply - words) * states).sum() / states.square().sum())
        torch.testing.assert_close(shown.reply, words + share * states, atol=0.3, rtol=0)
        shares.append(share)
    assert min(shares) < 0.45
    assert max(shares) > 1.15


def test_codes_that_sound_alike_begin_alike() -> None:
    sounds = torch.randn(1024, 24, generator=torch.Generator().manual_seed(4))
    sounds[11] = sounds[10] + 0.05
    table = TalkerPart(0, sounds).talker.model.embed_tokens.weight.detach()
    alike = torch.nn.functional.cosine_similarity(table[11], table[12], dim=0)
    others = torch.nn.functional.cosine_similarity(table[11][None], table[100:300])
    assert float(alike) > 0.3
    assert float(alike) > float(others.mean()) + 2 * float(others.std())
    assert float(table[1:1025].square().mean().sqrt()) == pytest.approx(0.3, rel=0.05)


@torch.no_grad()
def test_words_are_told_before_anything_is_learned_wherever_they_are_looked_at(marks: Marks) -> None:
    """With the look given, the heads that follow pass on enough of a word for the namer to tell it from 600."""
    torch.manual_seed(0)
    part = TalkerPart(seed=0)
    table = 0.4 * torch.randn(600, WIDTH, generator=torch.Generator().manual_seed(5))
    layer = part.talker.model.layers[2]
    seen = layer.self_attn.v_proj(layer.input_layernorm(table + 0.1 * torch.randn_like(table)))
    size, sharing = layer.self_attn.head_dim, layer.self_attn.num_key_value_groups
    passed = torch.zeros(600, layer.self_attn.o_proj.in_features)
    for keys in range(seen.shape[1] // size):
        head = keys * sharing
        passed[:, head * size : (head + 1) * size] = seen[:, keys * size : (keys + 1) * size]
    told = part.namer(layer.self_attn.o_proj(passed)) @ table.T
    assert float((told.argmax(1) == torch.arange(600)).float().mean()) > 0.95


def test_the_talker_learns_to_look_at_the_word_that_is_being_said(marks: Marks) -> None:
    """The looks that the loss moves are those of the published class's own attention, which gives them on request."""
    torch.manual_seed(0)
    part = TalkerPart(seed=0)
    lines, codes = [a_line(5, 3), a_line(2, 2, narrator=1, seed=4)], [torch.arange(1, 41), torch.arange(50, 80)]
    optimiser = torch.optim.AdamW(part.talker.parameters(), lr=2e-3)
    before = _looked_at(part, lines[0], codes[0], marks)
    for _ in range(30):
        optimiser.zero_grad()
        part.losses(opening(), lines, codes, marks)["following"].backward()
        optimiser.step()
    after = _looked_at(part, lines[0], codes[0], marks)
    assert before < 0.3
    assert after > 0.6


def test_the_talker_learns_which_word_is_being_said(marks: Marks) -> None:
    """From a state that the layers behind it take up: the same row of the published class's own hidden states."""
    torch.manual_seed(0)
    part = TalkerPart(seed=0)
    line, codes = a_line(5, 3), torch.arange(1, 41)
    optimiser = torch.optim.AdamW(part.parameters(), lr=2e-3)
    for _ in range(60):
        optimiser.zero_grad()
        part.losses(opening(), [line], [codes], marks)["naming"].backward()
        optimiser.step()
    states: list[torch.Tensor] = []
    handle = part.talker.model.layers[3].register_forward_pre_hook(lambda _module, given: states.append(given[0]))
    try:
        with torch.no_grad():
            part.scores(opening(), [line], [codes], marks)
            told = (part.namer(states[-1][0, len(line.prompt) + 1 :]) @ marks.table.T).argmax(1)
    finally:
        handle.remove()
    said = line.ids[being_said(line.times, len(codes) + 1).argmax(1)]
    assert float((told == said).float().mean()) > 0.75


def _looked_at(part: TalkerPart, line: Line, codes: torch.Tensor, marks: Marks) -> float:
    """How much of its look the third layer's first head gives to the word being said: the mean of all codes."""
    model = part.talker.model
    used = model.config._attn_implementation
    model.set_attn_implementation("eager")  # the only one that tells where it looks
    looks: list[torch.Tensor] = []
    handle = model.layers[2].self_attn.register_forward_hook(lambda _module, _inputs, output: looks.append(output[1]))
    try:
        with torch.no_grad():
            part.scores(opening(), [line], [codes], marks)
    finally:
        handle.remove()
        model.set_attn_implementation(used)
    rows, first = looks[-1][0, 0, len(line.prompt) + 1 :], len(opening()) + len(line.prompt) + 1
    return float((rows[:, first : first + len(line.reply)] * being_said(line.times, len(codes) + 1)).sum(1).mean())


def test_what_is_spoken_is_as_likely_as_it_was_drawn(part: TalkerPart, marks: Marks) -> None:
    torch.manual_seed(0)
    speeches = part.speak(opening(), a_line(4, 3), marks, count=3, longest=6)
    assert len(speeches) == 3
    assert all(0 <= len(codes) <= 6 and bool(((codes > 0) & (codes <= part.codes)).all()) for codes in speeches)


def test_vectors_are_states_and_embeddings_and_media_have_states_only(
    tiny_thinker: Qwen2_5OmniThinkerForConditionalGeneration, writer: Writer
) -> None:
    learner = Learner(tiny_thinker, writer.prefix, seed=0)
    turns = (Turn((Speech("What is one plus one?"),), "Two."), Turn((Text("What do you see?"),), "A circle."))
    example = writer.example(Recorded(0, Dialogue("answer", turns), ()), np.random.default_rng(0), aloud=False)
    before, (vectors,) = learner.vectors([example])
    ids = [*writer.prefix, *example.ids]
    config, language = tiny_thinker.config, tiny_thinker.model.language_model
    first, last = ids.index(config.audio_start_token_id), ids.index(config.audio_end_token_id)
    assert last > first + 5
    with torch.no_grad():
        embedded = language.embed_tokens(torch.tensor([ids]))
        states = language(inputs_embeds=embedded).last_hidden_state
    embedded[0, first + 1 : last] = 0.0
    wanted = (states + embedded)[0]
    torch.testing.assert_close(torch.cat([before, vectors]), wanted, atol=1e-4, rtol=1e-4)


def test_shelves_speak_once_and_again_what_has_changed(
    tmp_path: Path, book_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.training.narration.CHUNK", 2)
    book = open_book(book_folder, 0)
    texts = ["Two.", "A circle."]

    def shelf() -> NarrationShelf:
        return NarrationShelf(tmp_path, book, lambda index: (texts[index], "english"))

    first = shelf().narration(1, 0)
    with monkeypatch.context() as silent:
        silent.setitem(os.environ, "PATH", str(tmp_path))  # no synthesiser any more
        again = shelf().narration(1, 0)
    texts[0] = "Good night."
    other = shelf().narration(0, 0)
    np.testing.assert_array_equal(other.codes, book.encode(said(0, "Good night.", "english").mel, 0))
    np.testing.assert_array_equal(first.codes, again.codes)
    np.testing.assert_array_equal(first.codes, book.encode(said(0, "A circle.", "english").mel, 0))
    assert first.lengths == again.lengths
    assert sum(first.lengths) == len(first.codes)
    assert first.lengths[1] > first.lengths[0] > 0


def test_codes_of_another_book_lie_elsewhere(book_folder: Path) -> None:
    """What was spoken for one would be nonsense with the other, and nothing would tell."""
    book = open_book(book_folder, 0)
    other = replace(book, entries=book.entries + 1)
    assert book.name == open_book(book_folder, 0).name
    assert book.name != other.name


@pytest.fixture(scope="module")
def book_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("voice")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("model.training.narration._BOOK_SENTENCES", 30)
        patch.setattr("model.training.narration._BOOK_WORDS", 10)
        open_book(folder, 0)
    return folder


def test_a_pause_is_quiet_that_lasts() -> None:
    mel = np.zeros((200, 80), np.float32)
    assert pauses(mel) == 0.0
    mel[20:60] = -9.0
    assert pauses(mel) == pytest.approx(0.1)
    mel[100:120] = -9.0
    assert pauses(mel) == pytest.approx(0.1)


def test_learning_what_is_preferred_makes_it_likelier(marks: Marks) -> None:
    part, line = TalkerPart(seed=1), a_line(4, 2)
    better, worse = torch.tensor([5, 6, 7]), torch.tensor([50, 60, 70, 80])
    with torch.no_grad():
        then = part.likelihoods(opening(), [line, line], [better, worse], marks).tolist()
    pair = Pair(line, better, worse, *then)
    losses = preference_loss(part, opening(), [pair], marks)
    assert losses["preference"].item() == pytest.approx(np.log(2), abs=1e-4)
    sum(losses.values(), torch.zeros(())).backward()
    torch.optim.SGD(part.parameters(), 1e-4).step()
    with torch.no_grad():
        now = part.likelihoods(opening(), [line, line], [better, worse], marks)
    assert float(now[0] - now[1]) > then[0] - then[1]
    assert preference_loss(part, opening(), [], marks)["preference"].item() == 0.0


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, book_folder: Path) -> Path:
    """A training with a voice and a book, but nothing learned."""
    folder = tmp_path_factory.mktemp("begun")
    voice = folder / VOICE_FOLDER
    Ledger(voice).save(Progress(0, finished=["vocoder", "flow"]), VoiceParts(seed=0).state_dict(), None)
    (voice / "codes.npz").write_bytes((book_folder / "codes.npz").read_bytes())
    return folder


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.training.narration.CHUNK", 4)
    monkeypatch.setattr("model.training.talking._POOL", 1)
    monkeypatch.setattr("model.training.preference._SPEECHES", 2)
    monkeypatch.setattr("model.training.preference._SLACK", 0.3)


def test_the_talker_goes_through_its_stages(begun: Path, tiny_folder: Path, few: None) -> None:
    before = TalkerPart(seed=0).state_dict()
    for stage in Talking.order:
        Course(Order(begun, stage, 0.001, thinker=tiny_folder)).run()
    progress, after, _ = Ledger(begun / TALKER_FOLDER).load()
    assert progress.finished == list(Talking.order)
    assert any(not torch.equal(before[name], after[name]) for name in before)


def test_the_talker_needs_a_thinker(begun: Path, tmp_path: Path) -> None:
    with pytest.raises(SightlineError, match="has no weights that can be read: train understanding first"):
        Course(Order(begun, "talking", 1.0, thinker=tmp_path))


def test_only_the_last_reply_is_spoken_and_not_its_end(
    begun: Path, tiny_folder: Path, few: None, writer: Writer
) -> None:
    course = Course(Order(begun, "talking", 1.0, thinker=tiny_folder))
    pupil = course._pupil
    assert isinstance(pupil, Talking)
    batch = pupil._batches(Progress(0))[0]
    _, lines = pupil._lines(batch)
    for told, line in zip(batch, lines, strict=True):
        reply = writer.tokenizer.encode(told.text, add_special_tokens=False).ids
        assert len(line.reply) == len(reply)
        assert len(line.prompt) + len(reply) + 1 == len(told.example.ids)
        assert told.example.labels[len(line.prompt) :][:-1] == reply
        assert told.example.labels[len(line.prompt) - 1] == IGNORED
        assert line.prompt.shape[0] == line.positions.shape[1]
