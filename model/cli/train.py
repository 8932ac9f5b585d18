"""`train`: one stage of the tiny model's training, from the beginning or from where it was. Knows no loss."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from model.cli.arguments import Commands, count, declare_command, whole
from model.cli.output import Output, StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.training.progress import Entry

STAGES = (
    *("words", "copying", "letters", "hearing", "thinking", "looking", "seeing", "watching", "settling", "lasting"),
    *("vocoder", "flow", "talking", "preferring", "voices"),
)


def declare(commands: Commands) -> None:
    """The command and its options."""
    parser = declare_command(commands, "train", "Train a tiny model of the same architecture, stage by stage", run)
    parser.add_argument(
        "--out", type=Path, metavar="DIR", required=True, help="where the training is kept; go on there"
    )
    parser.add_argument("--stage", choices=STAGES, required=True, help="in this order")
    parser.add_argument(
        "--thinker",
        type=Path,
        metavar="DIR",
        help="for the Talker: a model to learn from (default: the training's own)",
    )
    parser.add_argument(
        "--begin", type=Path, metavar="DIR", help="of a new training: a finished model to begin with, at any stage"
    )
    parser.add_argument("--ear", type=Path, metavar="DIR", help="with --begin: another model, whose ear is taken")
    parser.add_argument("--eye", type=Path, metavar="DIR", help="with --begin: another model, whose eye is taken")
    parser.add_argument("--minutes", type=minutes, required=True, metavar="N", help="of computing for the whole stage")
    parser.add_argument("--threads", type=count, metavar="N", help="default: as torch chooses")
    parser.add_argument(
        "--measure", type=count, metavar="N", help="afterwards measure what it can do, N conversations a row"
    )
    parser.add_argument("--seed", type=whole, default=0, metavar="N", help="of a new training (default: 0)")


def run(choice: argparse.Namespace) -> None:
    """A line for every entry of the journal. Ctrl-C saves first; the same command goes on from there."""
    import torch  # noqa: PLC0415 -- help must not wait for it

    from model.cli.quiet import hush_libraries  # noqa: PLC0415
    from model.cli.stopping import Interrupt  # noqa: PLC0415
    from model.training.course import Course, Order  # noqa: PLC0415
    from model.training.pupil import Beginning  # noqa: PLC0415

    hush_libraries()
    if choice.threads is not None:
        torch.set_num_threads(choice.threads)
    output, status = Output(), StatusLine()
    begin = None if choice.begin is None else Beginning(choice.begin, choice.ear, choice.eye)
    order = Order(choice.out, choice.stage, choice.minutes, choice.seed, choice.thinker, begin)

    def tell(entry: Entry) -> None:
        status.clear()
        output.write(f"{line(entry, choice.minutes)}\n")

    with Interrupt() as interrupt:
        status.show("Preparing the corpus and the model")
        course = Course(order, tell, interrupt.check)
        try:
            course.run()
        finally:
            status.clear()
        if choice.measure is not None:
            _measure(choice.out, choice.stage, choice.measure, output, interrupt.check)
    output.write(f"{course.folder}\n")


def _measure(folder: Path, stage: str, number: int, output: Output, check: Callable[[], None]) -> None:
    """For the table of what each stage gained."""
    from model.loading import Placement  # noqa: PLC0415 -- as above
    from model.omni import Omni  # noqa: PLC0415
    from model.training.evaluation import evaluate  # noqa: PLC0415
    from model.training.history import remember  # noqa: PLC0415
    from model.training.scores import Result  # noqa: PLC0415

    results = []
    omni = Omni.load(folder / "model", Placement.cpu(), speaks=False)
    for result in evaluate(omni, folder / "speech", number, check):
        output.write(f"{result.line()}\n")
        if isinstance(result, Result):
            results.append(result)
    remember(folder, stage, number, results)


def line(entry: Entry, planned: float) -> str:
    """How far it is, and its losses."""
    losses = " ".join(f"{name} {loss:.3f}" for name, loss in entry.losses.items())
    return (
        f"{entry.stage} {entry.seconds / 60:6.2f} of {planned:g} min  step {entry.step:6d}  {losses}"
        f"  {entry.examples_a_second:.0f} examples/s"
    )


def minutes(value: str) -> float:
    """A number of minutes above 0, up to a week."""
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number <= 10_080:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number of minutes above 0")
    return number
