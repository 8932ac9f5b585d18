"""`evaluate`: how well a model of the small world does what it was trained for. Knows no measure."""

from __future__ import annotations

import argparse
import tempfile
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from model.cli.arguments import Commands, count, declare_command, declare_placement
from model.cli.output import Output

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.training.scores import Gap, Result

HALVES = ("understanding", "speaking")


def declare(commands: Commands) -> None:
    """The command and its options."""
    parser = declare_command(
        commands, "evaluate", "Measure what a trained model understands of the small world, and how it speaks", run
    )
    parser.add_argument("--model", type=Path, metavar="DIR", required=True, help="folder of the model")
    parser.add_argument("--adapters", type=Path, metavar="DIR", help="low-rank adapters for it, as `tune` makes them")
    parser.add_argument("--count", type=count, default=200, metavar="N", help="conversations a row (default: 200)")
    parser.add_argument("--quick", action="store_true", help="16 conversations a row: the whole table in three minutes")
    parser.add_argument("--only", choices=HALVES, help="what it understands, or how it speaks (default: both)")
    parser.add_argument("--speech", type=Path, metavar="DIR", help="keep what is synthesised here for the next time")
    parser.add_argument("--wrong", type=count, metavar="N", help="also show this many wrong replies a row")
    declare_placement(parser)


def run(choice: argparse.Namespace) -> None:
    """Each row is written when it is known."""
    import torch  # noqa: PLC0415 -- help must not wait for it

    from model.cli.quiet import hush_libraries  # noqa: PLC0415
    from model.cli.stopping import Interrupt  # noqa: PLC0415
    from model.note import Note  # noqa: PLC0415
    from model.omni import Omni, place  # noqa: PLC0415
    from model.training.evaluation import QUICKLY, evaluate  # noqa: PLC0415
    from model.training.spoken import evaluate_speech  # noqa: PLC0415

    hush_libraries()
    output, note = Output(), Note.read(choice.model)
    placement = place(choice.device, choice.dtype, note)
    if (threads := note.threads) is not None:
        torch.set_num_threads(threads)
    with Interrupt() as interrupt, tempfile.TemporaryDirectory() as passing:
        speech = choice.speech or Path(passing)
        number = QUICKLY if choice.quick else choice.count
        understood: Iterable[Result | Gap] = ()
        if choice.only != "speaking":
            omni = Omni.load(choice.model, placement, speaks=False, adapters=choice.adapters)
            understood = evaluate(omni, speech, number, interrupt.check)
        told = (choice.model, speech, number, placement, interrupt.check)
        spoken = evaluate_speech(*told) if choice.only != "understanding" and _speaks(choice) else ()
        met: list[bool] = []
        for result in chain(understood, spoken):
            met.append(result.met)
            output.write(f"{result.line()}\n")
            for wanted, written in result.wrong[: choice.wrong or 0]:
                output.write(f"    wanted: {wanted}\n    wrote:  {written}\n")
    output.write(f"{sum(met)} of {len(met)} bars are met.\n")


def _speaks(choice: argparse.Namespace) -> bool:
    """Whether there is a voice to be measured; who asks for nothing else is told where there is none."""
    from model.loading import Checkpoint  # noqa: PLC0415

    checkpoint = Checkpoint.open(choice.model)
    if choice.only == "speaking":
        checkpoint.voices()  # says why there is none
        return True
    return checkpoint.speaks and bool(checkpoint.names("talker"))
