"""What is counted of a model's speech, on the narrators' own, whole and spoiled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.cli.program import main
from model.loading import Placement
from model.omni import Omni
from model.training.corpus.narrators import NARRATORS, SPEECH_RATE
from model.training.judging import Judge
from model.training.scores import Result
from model.training.spoken import Cuts, Pace, Utterance, _rows

SENTENCES = ("There are three yellow stars.", "The red circle is left of the blue square.")


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge()


@pytest.fixture(scope="module")
def omni(tiny_folder: Path) -> Omni:
    return Omni.load(tiny_folder, Placement.cpu(), speaks=False)


def utterances(share: float) -> list[Utterance]:
    """The first narrator's own, so much of each, with the beginning again where it is more than all."""
    waves = [NARRATORS[0].say(sentence) for sentence in SENTENCES]
    return [
        Utterance(sentence, np.resize(wave, round(share * len(wave))), cut=False, seconds=1.0)
        for sentence, wave in zip(SENTENCES, waves, strict=True)
    ]


@pytest.mark.parametrize(("share", "cut", "twice"), [(1.0, 0, 0), (0.5, 2, 0), (2.0, 0, 2)])
def test_speech_is_held_beside_the_narrators(omni: Omni, judge: Judge, share: float, cut: int, twice: int) -> None:
    heard, _, short, long, pace = _rows(omni, judge, NARRATORS[0], utterances(share))
    assert isinstance(heard, Result)
    assert isinstance(short, Result)
    assert isinstance(long, Result)
    assert isinstance(pace, Pace)
    assert heard.met == (share == 1.0)
    assert (short.counted, long.counted) == (cut, twice)
    assert (short.met, long.met) == (not cut, not twice)
    assert pace.computing == 2.0
    assert pace.met == (pace.sounding > 2.0)


def test_a_reply_that_the_model_did_not_end_is_cut(omni: Omni, judge: Judge) -> None:
    said = Utterance(SENTENCES[0], NARRATORS[0].say(SENTENCES[0]), cut=True, seconds=1.0)
    rows = list(_rows(omni, judge, NARRATORS[0], [said]))
    assert [row.counted for row in rows if isinstance(row, Result) and "are cut" in row.score.name] == [1]


def test_a_folder_without_a_voice_is_told(tiny_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--model", str(tiny_folder), "--only", "speaking", "--count", "1"]) != 0
    assert "says that it does not speak" in capsys.readouterr().err


@pytest.mark.parametrize(("kept", "error"), [("There are three", 0), ("There", 2), (SENTENCES[0], 2), ("", 3)])
def test_a_cut_is_held_beside_the_words_that_were_said_until_then(
    omni: Omni, judge: Judge, kept: str, error: int
) -> None:
    """Three of five words are over when most of the third is."""
    wave = NARRATORS[0].say(SENTENCES[0])
    third, fourth = judge.times(wave, SPEECH_RATE)[2:4]
    said = Utterance(SENTENCES[0], wave, cut=False, seconds=1.0, interrupted=((third + fourth) / 2, kept))
    (row,) = [row for row in _rows(omni, judge, NARRATORS[0], [said]) if isinstance(row, Cuts)]
    assert row.errors == (error,)
    assert row.met == (error <= 2)
