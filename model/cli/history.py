"""`history`: how a training went so far. Knows no model."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.cli.arguments import Commands, declare_command
from model.cli.output import Output


def declare(commands: Commands) -> None:
    """The command and its options."""
    parser = declare_command(commands, "history", "Tell what each stage of a training gained, and draw its losses", run)
    parser.add_argument("--out", type=Path, metavar="DIR", required=True, help="where the training is kept")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw the losses here (SVG)")


def run(choice: argparse.Namespace) -> None:
    """A table for documents. SightlineError where nothing was trained."""
    from model.errors import SightlineError  # noqa: PLC0415 -- as the others: help must not wait for torch
    from model.training.history import losses_picture, remembered, skills_table  # noqa: PLC0415
    from model.training.progress import Ledger  # noqa: PLC0415

    entries = Ledger(choice.out).entries()
    if not entries:
        raise SightlineError(f"Nothing was trained in {choice.out} yet.")
    if choice.picture is not None:
        choice.picture.write_text(losses_picture(entries), encoding="utf-8")
    record = remembered(choice.out)
    Output().write(skills_table(record) if record else "No stage was measured: give `train` --measure N.\n")
