"""What is told of a training: skills stage by stage, and a picture of its losses that is well formed and in scale."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from model.cli.program import main
from model.training.history import losses_picture, remember, remembered, skills_table
from model.training.progress import Entry, Ledger
from model.training.scores import Gap, Result, Score, exact, inexact

ASKED = Score("answers", exact, 95.0)
SPACE = "{http://www.w3.org/2000/svg}"


def entry(stage: str, seconds: float, **losses: float) -> Entry:
    return Entry(stage, round(seconds), seconds, 1e-3, losses, 30.0)


def test_each_stage_has_a_column(tmp_path: Path) -> None:
    remember(tmp_path, "words", 8, [Result(ASKED, 2, 8)])
    remember(tmp_path, "thinking", 8, [Result(ASKED, 7, 8), Result(Score("names", exact, 90.0), 1, 8)])
    with (tmp_path / "skills.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"stage": "cut sh')
    assert skills_table(remembered(tmp_path)) == (
        "| per cent | words | thinking |\n|---|---:|---:|\n| answers | 25.0 | 87.5 |\n| names | – | 12.5 |\n"
    )


def test_the_picture_has_a_line_for_every_loss_of_every_stage() -> None:
    entries = [
        *(entry("words", 60.0 * minute, reply=10.0 / 10**minute) for minute in (0, 1, 2)),
        *(entry("thinking", 60.0 * minute, reply=1.0, letters=0.1) for minute in (0, 1)),
        entry("thinking", 30.0, reply=1.0),  # killed, and gone on from the last checkpoint
    ]
    picture = ET.fromstring(losses_picture(entries))
    lines = [line.attrib["points"].split() for line in picture.iter(f"{SPACE}polyline")]
    assert [len(line) for line in lines] == [3, 2, 2, 1]
    heights = [float(point.partition(",")[2]) for point in lines[0]]
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1], abs=0.11)  # a power of ten each
    places = [float(point.partition(",")[0]) for point in (*lines[0], *lines[1])]
    assert places == sorted(places)
    stages = [text.text for text in picture.iter(f"{SPACE}text") if "transform" in text.attrib]
    assert stages == ["words", "thinking", "thinking"]


def test_the_command_tells_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "--out", str(tmp_path)]) == 1
    assert "Nothing was trained" in capsys.readouterr().err
    Ledger(tmp_path).note(entry("words", 10.0, reply=2.0))
    assert main(["history", "--out", str(tmp_path)]) == 0
    assert "No stage was measured" in capsys.readouterr().out
    remember(tmp_path, "words", 8, [Result(ASKED, 2, 8)])
    assert main(["history", "--out", str(tmp_path), "--picture", str(tmp_path / "losses.svg")]) == 0
    assert "| answers | 25.0 |" in capsys.readouterr().out
    ET.fromstring((tmp_path / "losses.svg").read_text(encoding="utf-8"))


def test_bars_are_met_or_missed() -> None:
    right, wrong = Result(ASKED, 96, 100), Result(ASKED, 94, 100)
    silent = Score("silence", inexact, 1.0, "errors")
    assert (right.met, wrong.met) == (True, False)
    assert (Result(silent, 1, 100).met, Result(silent, 2, 100).met) == (True, False)
    assert "96.0 % right" in right.line()
    assert "missed" in wrong.line()
    assert Gap("spoken", right, wrong, 3.0).met
    assert not Gap("shuffled", right, wrong, 30.0, wanted=True).met
    assert Gap("shuffled", right, Result(ASKED, 0, 100), 30.0, wanted=True).met
    assert not Gap("spoken", right, Result(ASKED, 92, 100), 3.0).met


def test_replies_are_counted_and_kept_where_they_are_wrong() -> None:
    result = Result.of_replies(ASKED, [("Yes.", "Yes."), ("No.", "Yes.")])
    assert (result.counted, result.of, result.wrong) == (1, 2, (("Yes.", "No."),))
    written = Result.of_replies(Score("silence", inexact, 1.0, "errors"), [("", ""), ("Hello.", "")])
    assert (written.counted, written.of, written.wrong) == (1, 2, (("", "Hello."),))
