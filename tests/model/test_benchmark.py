"""The benchmark runs to its end on the small shape and tells what it promises. No time is judged here."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import torch

from model.benchmark.drawn import draw_packed
from model.benchmark.figures import Bar, Figure, markdown
from model.benchmark.timing import BURNING, Candidate, Condition, Plan, Times, alternate
from model.cli.benchmark import GROUPS
from model.packing import Layout, Scheme

pytestmark = pytest.mark.timeout(300)


def figures(folder: Path, *options: str) -> tuple[str, list[dict[str, object]]]:
    """The line about the machine, and every figure."""
    command = [sys.executable, "-m", "model", "benchmark", "--shape", "small", "--work", str(folder), "--json"]
    quick = ["--runs", "1", "--warmups", "0", "--codes", "30", *options]
    ran = subprocess.run([*command, *quick], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    machine, *lines = map(json.loads, ran.stdout.splitlines())
    return machine["machine"], lines


def test_every_group_runs_to_its_end(tmp_path: Path) -> None:
    machine, lines = figures(tmp_path, "--threads", "1")
    assert "1 threads" in machine
    names = {str(line["name"]) for line in lines}
    assert names == {"P", "C1", "C2", "C3", "C4", "F1", "C7", "S1", "S2", "C8", "C9", "C5", "C5b", "C12", "C13"}
    values = [line["value"] for line in lines]
    assert all(isinstance(value, float) and value > 0 for value in values)


def test_groups_that_draw_their_weights_need_no_folder(tmp_path: Path) -> None:
    _, lines = figures(tmp_path / "none", "--only", "thinker", "--only", "talker", "--threads", "2")
    assert not (tmp_path / "none").exists()
    conditions = {str(line["what"]).split(":")[0] for line in lines if line["name"] == "C3"}
    assert conditions == {"small, 2 threads", "small, 1 thread", "small, 2 threads, one core busy"}


def test_groups_are_those_that_the_command_offers() -> None:
    assert set(GROUPS) >= {"products", "thinker", "talker", "step", "voice", "text", "audio", "memory"}


def test_candidates_take_turns_and_warm_up() -> None:
    order: list[str] = []
    one, other = alternate(
        Plan(runs=2, warmups=1),
        Candidate(lambda: order.append("A"), lambda: order.append("a")),
        Candidate(lambda: order.append("B")),
    )
    assert "".join(order) == "aABaABaAB"
    assert len(one.seconds) == len(other.seconds) == 2


def test_median_and_tail() -> None:
    times = Times([5.0, 1.0, 2.0, 3.0, 4.0])
    assert times.median == statistics.median(times.seconds)
    assert 4.0 < times.p95 <= 5.0
    assert Times([2.0]).p95 == 2.0


def test_a_core_is_busy_only_inside() -> None:
    before = torch.get_num_threads()
    condition = Condition(threads=3, beside_load=True)
    with condition:
        assert torch.get_num_threads() == 3
        assert any(BURNING in child.cmdline() for child in psutil.Process().children())
    assert torch.get_num_threads() == before
    assert not any(BURNING in child.cmdline() for child in psutil.Process().children())
    assert condition.words == "3 threads, one core busy"


def test_a_busy_core_is_free_once_who_wanted_it_is_killed() -> None:
    wanting = (
        "from model.benchmark.timing import Condition\n"
        "condition = Condition(threads=1, beside_load=True)\n"
        "condition.__enter__()\n"
        "print(condition._burner.pid, flush=True)\n"
        "condition._burner.wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", wanting], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        busy = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    _, alive = psutil.wait_procs([busy], timeout=30)
    assert not alive


@pytest.mark.parametrize(
    ("bar", "value", "verdict"),
    [
        (Bar(1, 2), 0.9, "missed"),
        (Bar(1, 2), 1, "floor"),
        (Bar(1, 2), 2, "goal"),
        (Bar(2, 1, most=True), 2.1, "missed"),
        (Bar(2, 1, most=True), 2, "floor"),
        (Bar(2, 1, most=True), 1, "goal"),
        (None, 1, ""),
    ],
)
def test_what_is_reached(bar: Bar | None, value: float, verdict: str) -> None:
    figure = Figure("C1", "decoding", "1", "2", value, "×", bar)
    assert figure.verdict == verdict
    assert markdown([figure]).splitlines()[2].endswith(f"| {verdict} |")


def test_drawn_weights_are_as_large_as_real_ones() -> None:
    for scheme in (Scheme.INT4, Scheme.INT8):
        drawn = draw_packed((40, 128), scheme)
        assert drawn.layout is Layout.BLOCKS
        assert 0.01 < float(drawn.dequantize().std()) < 0.04
