"""What the commands' arguments have in common: how a command is declared and what values may be."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

from model.errors import SightlineError

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # argparse has no public name for it

DTYPES = ("float32", "bfloat16", "float16")
_LARGEST = 2**63 - 1  # what a seed of torch's can be


class UsageError(SightlineError):
    """The arguments do not go together."""


def declare_command(
    commands: Commands, name: str, summary: str, run: Callable[[argparse.Namespace], None]
) -> argparse.ArgumentParser:
    """A command that `run` carries out."""
    parser = commands.add_parser(name, help=summary, description=f"{summary}.", allow_abbrev=False)
    parser.set_defaults(run=run)
    return parser


def declare_placement(parser: argparse.ArgumentParser) -> None:
    """Where and in what precision is computed."""
    parser.add_argument("--device", metavar="NAME", help="cpu, cuda, cuda:1, mps (default: the best there is)")
    parser.add_argument(
        "--dtype", choices=DTYPES, help="precision of what is computed (default: float32 on a CPU, else bfloat16)"
    )


def text(value: str) -> str:
    """Text; what the shell hands over may be any bytes."""
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise argparse.ArgumentTypeError("the text holds bytes that are not UTF-8")
    return value


def whole(value: str) -> int:
    """A whole number, 0 or more."""
    return _at_least(0, value)


def count(value: str) -> int:
    """A whole number, 1 or more."""
    return _at_least(1, value)


def rate(value: str) -> float:
    """A number above 0 and up to 100."""
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number <= 100:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number above 0 and up to 100")
    return number


def _at_least(least: int, value: str) -> int:
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if not least <= number <= _LARGEST:
        raise argparse.ArgumentTypeError(f"{value!r} is not a whole number, {least} or more")
    return number
