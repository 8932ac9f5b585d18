"""`verify`: this computer's results beside transformers', on the user's own checkpoint. Knows no comparison."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.cli.arguments import Commands, declare_command, declare_placement
from model.cli.output import Output
from model.errors import SightlineError


class DifferentError(SightlineError):
    """A comparison failed."""


def declare(commands: Commands) -> None:
    """The command and its options."""
    parser = declare_command(commands, "verify", "Compare a model's results with the reference's, part by part", run)
    parser.add_argument("model", type=Path, metavar="DIR", help="folder of a Qwen2.5-Omni checkpoint")
    parser.add_argument(
        "--against", type=Path, metavar="SRC", help="of a quantised DIR the float folder: adds how far DIR lies from it"
    )
    declare_placement(parser)


def run(choice: argparse.Namespace) -> None:
    """Each row is written when it is known. Raises DifferentError at the end if one differs."""
    from model.cli.quiet import hush_libraries  # noqa: PLC0415 -- help must not wait for torch
    from model.omni import place  # noqa: PLC0415
    from model.verification.quantized import compare  # noqa: PLC0415
    from model.verification.run import verify  # noqa: PLC0415

    hush_libraries()
    output, placement, different = Output(), place(choice.device, choice.dtype), 0
    for row in verify(choice.model, placement):
        output.write(f"{row.line()}\n")
        different += row.passed is False
    if choice.against is not None:
        for row in compare(choice.against, choice.model, placement):
            output.write(f"{row.line()}\n")
    if different:
        raise DifferentError(f"{different} of the comparisons above differ: do not trust this model on this computer.")
