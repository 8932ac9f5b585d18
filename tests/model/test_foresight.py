"""Guessing ahead: what is guessed, and that replies are the same with it, in fewer runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model.benchmark.drawn import DrawnWeights
from model.decoder import FEW_ROWS, Decoder, DecoderShape
from model.errors import never_cancelled
from model.foresight import LONGEST, Foresight
from model.kernels.native import NativeKernel
from model.loading import Checkpoint, Placement
from model.omni import Omni, place
from model.packing import Scheme
from model.protocol import Event, Finished, Said, Voiced
from model.quantization import quantize
from model.sampling import GREEDY, Sampling
from model.session import Session, SessionSettings

SETTINGS = SessionSettings(thinker=replace(GREEDY, repetition_penalty=1.0), max_tokens=60)


def test_a_guess_is_what_followed_the_same_three_tokens_last() -> None:
    foresight = Foresight()
    assert foresight.guess([1, 2, 3, 4, 5]) == ()
    assert foresight.guess([1, 2, 3, 4, 5, 9, 1, 2, 3]) == (4, 5)
    assert foresight.guess([1, 2, 3, 4, 5, 9, 1, 2, 3, 7, 8, 1, 2, 3]) == (7, 8)


def test_what_comes_true_makes_guesses_longer_and_what_does_not_rarer() -> None:
    foresight, ids = Foresight(), [*range(20), 0, 1, 2]
    lengths = []
    for _ in range(4):
        guess = foresight.guess(ids)
        lengths.append(len(guess))
        foresight.judge(len(guess), len(guess))
    assert lengths == [2, 4, LONGEST, LONGEST]
    guesses = []
    for _ in range(30):
        guesses.append(bool(guess := foresight.guess(ids)))
        if guess:
            foresight.judge(len(guess), 0)
    assert guesses[:4] == [True, True, True, False]
    assert sum(guesses) < 9


def test_tokens_that_are_gone_tell_nothing() -> None:
    foresight = Foresight()
    assert foresight.guess([1, 2, 3, 4, 1, 2, 3]) == (4, 1)
    foresight.forget()
    assert foresight.guess([7, 8, 1, 2, 3]) == ()


@pytest.fixture(scope="module")
def omni(tmp_path_factory: pytest.TempPathFactory, small_folder: Path) -> Omni:
    folder = tmp_path_factory.mktemp("few bits") / "int4"
    quantize(small_folder, folder, bits=4, progress=lambda _: None, check=never_cancelled)
    return Omni(Checkpoint.open(folder), place("cpu"))


@pytest.fixture
def runs(omni: Omni, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each run through the Thinker had."""
    rows: list[int] = []
    run = omni.thinker.decoder.run

    def counted(x: torch.Tensor, *rest: object) -> torch.Tensor:
        rows.append(len(x))
        return run(x, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(omni.thinker.decoder, "run", counted)
    return rows


def ask(omni: Omni, settings: SessionSettings, question: str = "abcabcabcabc") -> list[Event]:
    session = Session(omni, settings)
    session.read(question)
    return list(session.reply())


def told(events: list[Event]) -> tuple[str, list[bytes], object]:
    """Text, sound and ending: everything but times."""
    text = "".join(event.text for event in events if isinstance(event, Said))
    waves = [event.wave.tobytes() for event in events if isinstance(event, Voiced)]
    end = events[-1]
    assert isinstance(end, Finished)
    return text, waves, (end.ending, end.text, end.timings.text_tokens, end.timings.codes)


SAMPLED = Sampling(temperature=0.3, top_k=5, seed=7)


@pytest.mark.parametrize("sampling", [SETTINGS.thinker, SAMPLED], ids=["greedy", "drawn"])
def test_replies_are_the_same_in_fewer_runs(sampling: Sampling, omni: Omni, runs: list[int]) -> None:
    settings = replace(SETTINGS, thinker=sampling)
    assert omni.thinker.rows_at_once > LONGEST, "the kernels are not built: run `installer/dev.py test`"
    with_it = told(ask(omni, settings))
    ahead = [rows for rows in runs if 1 < rows <= FEW_ROWS]
    count = len(runs)
    runs.clear()
    assert told(ask(omni, replace(settings, foresight=False))) == with_it
    assert ahead
    assert set(runs[1:]) == {1}
    if sampling is SETTINGS.thinker:
        assert count < 0.8 * len(runs)  # a greedy reply of random weights soon repeats itself


def test_speech_is_the_same(omni: Omni) -> None:
    settings = replace(SETTINGS, voice="Chelsie", max_tokens=20, max_codes=40, talker=GREEDY)
    assert told(ask(omni, settings)) == told(ask(omni, replace(settings, foresight=False)))


def test_later_turns_stand_on_what_was_said_only(omni: Omni) -> None:
    """After a reply that was broken off while tokens ahead of it were known."""

    def two_turns(settings: SessionSettings) -> tuple[str, list[bytes], object]:
        session = Session(omni, settings)
        session.read("abcabc")
        events = session.reply()
        for _ in zip(range(25), events, strict=False):
            pass
        session.interrupt()
        session.hear(np.zeros(8000, dtype=np.float32))
        session.read("and?")
        return told(list(session.reply()))

    assert two_turns(SETTINGS) == two_turns(replace(SETTINGS, foresight=False))


def test_guesses_end_where_the_context_does(omni: Omni) -> None:
    prompt = ask(omni, replace(SETTINGS, max_tokens=1))[-1]
    assert isinstance(prompt, Finished)
    for room in range(12, 24):
        settings = replace(SETTINGS, context=prompt.timings.prompt_tokens + room)
        assert told(ask(omni, settings)) == told(ask(omni, replace(settings, foresight=False)))


@pytest.fixture
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("kept", [torch.float16, torch.float32])
@torch.inference_mode()
def test_few_rows_have_the_bits_of_single_ones(kept: torch.dtype, threads: None) -> None:
    """In one layer as wide as a published one, where long rows are shared between threads."""
    shape = DecoderShape(2048, 11008, 1, 16, 2, 128, 1e-6, 1e6, (16, 24, 24))
    decoder = Decoder(shape, DrawnWeights(replace(Placement.cpu(), narrow=kept), Scheme.INT4, NativeKernel))
    x = torch.randn(40 + FEW_ROWS, shape.hidden)
    ids = torch.arange(len(x)).expand(3, -1)
    cache = decoder.cache()
    decoder.run(x[:40], ids[:, :40], cache, never_cancelled)
    together = decoder.run(x[40:], ids[:, 40:], cache, never_cancelled)
    cache.crop(40)
    alone = [decoder.run(x[row : row + 1], ids[:, row : row + 1], cache, never_cancelled) for row in range(40, len(x))]
    assert torch.equal(together, torch.cat(alone))
