"""Which commands there are, and what every one of them does alike: sentences for errors, exit codes, leaving quietly.

A new command is a module with `declare`, named in `_parser`. What a command needs beyond the standard
library it imports when it runs, so that help and wrong arguments are answered at once.
"""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from model.cli import (
    ask,
    assemble,
    benchmark,
    blend,
    catalogue,
    download,
    evaluate,
    history,
    info,
    make_small,
    quantize,
    train,
    tune,
    verify,
)
from model.cli.arguments import UsageError
from model.cli.output import ReaderLeftError, complain, finish_output, prepare_output
from model.errors import Cancelled, CheckpointError, ContextFullError, MediaError, MemoryFullError, SightlineError

DONE, FAILED, WRONG_INPUT, INTERRUPTED, READER_LEFT = 0, 1, 2, 130, 141
"""Exit codes; the last two are what a shell shows of a program that a signal ended."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence; the usage is a `--help` away."""

    def error(self, message: str) -> NoReturn:
        """Exits with the code for wrong input."""
        complain(f"{self.prog}: {message} (see --help)")
        sys.exit(WRONG_INPUT)


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    prepare_output()
    try:
        choice = _parser().parse_args(arguments)
        choice.run(choice)
    except SightlineError as error:
        complain(str(error))
        return exit_code(error)
    except OSError as error:
        complain(f"The system refused to go on: {error}.")
        return FAILED
    except (Cancelled, KeyboardInterrupt):
        complain("Stopped.")
        return INTERRUPTED
    except ReaderLeftError:
        return READER_LEFT
    else:
        return DONE
    finally:
        finish_output()


def exit_code(error: SightlineError) -> int:
    """Whether other input would help, or a second try might."""
    if isinstance(error, MemoryFullError):
        return FAILED
    return WRONG_INPUT if isinstance(error, UsageError | MediaError | CheckpointError | ContextFullError) else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m model",
        description="Qwen2.5-Omni hears, sees, thinks and speaks as a stream.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    using = (ask, info, catalogue, download, quantize, verify, make_small, benchmark)
    for command in (*using, train, blend, assemble, evaluate, history, tune):
        command.declare(commands)
    return parser
