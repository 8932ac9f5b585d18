"""`info`: what is in a model folder and what it would take to use it here. Reads its arguments; knows no model."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.cli.arguments import Commands, declare_command, declare_placement


def declare(commands: Commands) -> None:
    """The command and its options."""
    parser = declare_command(commands, "info", "Say what is in a model folder and what it needs", run)
    parser.add_argument("model", type=Path, metavar="DIR", help="folder of a Qwen2.5-Omni checkpoint")
    parser.add_argument("--json", action="store_true", help="one object in place of tables")
    declare_placement(parser)


def run(choice: argparse.Namespace) -> None:
    """Raises CheckpointError for what is no model."""
    from model.cli.survey import tell  # noqa: PLC0415 -- brings torch

    tell(choice.model, choice.device, choice.dtype, as_json=choice.json)
