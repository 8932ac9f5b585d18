"""`quantize`: a model folder in fewer bits, as a folder of its own. Knows no tensor."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from model.cli.arguments import Commands, declare_command
from model.cli.output import Output, StatusLine
from model.cli.stopping import Interrupt

if TYPE_CHECKING:
    from model.quantization import Row


def declare(commands: Commands) -> None:
    """The command and its options."""
    parser = declare_command(commands, "quantize", "Write a model in fewer bits", run)
    parser.add_argument("source", type=Path, metavar="SRC", help="folder of a Qwen2.5-Omni checkpoint as published")
    parser.add_argument("destination", type=Path, metavar="DST", help="a folder that is new or empty")
    parser.add_argument(
        "--bits", type=int, choices=(4, 8), required=True, help="4: the Thinker in int4, the rest in int8"
    )
    parser.add_argument("--table", action="store_true", help="afterwards, how far each module lies from its source")


def run(choice: argparse.Namespace) -> None:
    """Either the whole folder is there afterwards or nothing of it. Raises CheckpointError in one sentence."""
    from model.cli.quiet import hush_libraries  # noqa: PLC0415 -- help must not wait for torch
    from model.quantization import Progress, accuracy, quantize  # noqa: PLC0415

    hush_libraries()
    output, status = Output(), StatusLine()

    def tell(progress: Progress) -> None:
        percent = progress.done * 100 // max(1, progress.total)
        status.show(f"Quantising {choice.source}: {percent} %")

    with Interrupt() as interrupt:
        try:
            quantize(choice.source, choice.destination, bits=choice.bits, progress=tell, check=interrupt.check)
        finally:
            status.clear()
        output.write(f"{choice.destination}\n")
        if choice.table:
            for row in accuracy(choice.source, choice.destination, interrupt.check):
                output.write(_line(row))


def _line(row: Row) -> str:
    return (
        f"{row.module:<60} {row.scheme:<5} largest error {row.max_error:.2e}, relative {row.relative_error:.2e}, "
        f"{row.bytes_before:,} to {row.bytes_after:,} bytes\n"
    )
