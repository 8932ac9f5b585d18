"""`assemble`: what was trained becomes one folder that can be used and carried along. Knows no weights."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.cli.arguments import Commands, declare_command
from model.cli.output import Output


def declare(commands: Commands) -> None:
    """The command and its options."""
    parser = declare_command(commands, "assemble", "Put a trained model together: understanding, Talker and voice", run)
    parser.add_argument("--out", type=Path, metavar="DIR", required=True, help="the training, as in `train`")
    parser.add_argument("--thinker", type=Path, metavar="DIR", help="another training's model that understands")
    parser.add_argument("--silent", action="store_true", help="it is not to speak yet, whatever its Talker has learned")
    parser.add_argument("--to", type=Path, metavar="DIR", required=True, help="where to write it; overwritten")


def run(choice: argparse.Namespace) -> None:
    """Writes the folder's name when it is there."""
    from model.cli.quiet import hush_libraries  # noqa: PLC0415 -- help must not wait for torch
    from model.training.assembling import assemble  # noqa: PLC0415
    from model.training.course import TALKER_FOLDER, VOICE_FOLDER  # noqa: PLC0415
    from model.training.understanding import MODEL_FOLDER  # noqa: PLC0415

    hush_libraries()
    thinker = choice.thinker or choice.out / MODEL_FOLDER
    assemble(thinker, choice.out / VOICE_FOLDER, choice.out / TALKER_FOLDER, choice.to, speaks=not choice.silent)
    Output().write(f"{choice.to}\n")
