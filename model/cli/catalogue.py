"""`catalogue`: which models there are to download, what they take, and under which licence. Opens no connection."""

from __future__ import annotations

import argparse

from model.catalogue import CATALOGUE, Published, gigabytes
from model.cli.arguments import Commands, declare_command
from model.cli.output import Output


def declare(commands: Commands) -> None:
    """The command."""
    declare_command(commands, "catalogue", "List the models that can be downloaded", run)


def run(_choice: argparse.Namespace) -> None:
    """One paragraph a model."""
    Output().write("\n\n".join(map(_described, CATALOGUE)) + "\n")


def _described(published: Published) -> str:
    licence = published.licence
    needs = (
        f"  {precision.words}: {gigabytes(need.disk)} of disk, {gigabytes(need.memory)} of memory"
        for precision, need in published.needs.items()
    )
    lines = [
        f"{published.name}: {published.about[0].lower()}{published.about[1:]}",
        *needs,
        f"  {published.languages}; voices: {', '.join(published.voices)}",
        f"  {licence.name}: {licence.text}",
        f"  {licence.url}",
    ]
    return "\n".join(lines)
