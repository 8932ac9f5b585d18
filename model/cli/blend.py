"""`blend`: two trainings from one beginning become one model. Knows no weights."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.cli.arguments import Commands, declare_command
from model.cli.output import Output
from model.errors import SightlineError


def declare(commands: Commands) -> None:
    """The command and its options."""
    parser = declare_command(commands, "blend", "Take the mean of two trained models that began as one", run)
    parser.add_argument("--model", type=Path, metavar="DIR", required=True, help="folder of a model")
    parser.add_argument("--with", type=Path, metavar="DIR", required=True, dest="other", help="folder of the other one")
    parser.add_argument("--share", type=float, metavar="S", default=0.5, help="of the other one (default: 0.5)")
    parser.add_argument("--speaking", type=Path, metavar="DIR", help="a finished model whose Talker and voice it gets")
    parser.add_argument("--to", type=Path, metavar="DIR", required=True, help="where to write it; overwritten")


def run(choice: argparse.Namespace) -> None:
    """Writes the folder's name when it is there."""
    from model.cli.quiet import hush_libraries  # noqa: PLC0415 -- help must not wait for torch
    from model.training.blending import blend  # noqa: PLC0415

    if not 0.0 <= choice.share <= 1.0:
        raise SightlineError(f"A share of {choice.share:g} cannot be taken: give one from 0 to 1.")
    hush_libraries()
    blend(choice.model, choice.other, choice.share, choice.to, choice.speaking)
    Output().write(f"{choice.to}\n")
