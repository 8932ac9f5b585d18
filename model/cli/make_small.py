"""`make-small`: a random checkpoint of the true architecture, from a toy to the full size. Knows no tensor."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.cli.arguments import DTYPES, Commands, UsageError, declare_command, whole
from model.cli.output import Output, StatusLine
from model.cli.stopping import Interrupt
from model.errors import SightlineError

SHAPES = ("small", "3b", "7b")
FRESH = ".random.unfinished"
"""What the name of a folder ends with while it is made: the desktop takes none with such an end for a model."""


def declare(commands: Commands) -> None:
    """The command and its options."""
    parser = declare_command(commands, "make-small", "Make a random checkpoint to try things with", run)
    parser.add_argument("destination", type=Path, metavar="DST", help="a folder that is new or empty")
    parser.add_argument("--shape", choices=SHAPES, default="small", help="a toy (default) or a published model's sizes")
    parser.add_argument("--tokenizer", type=Path, metavar="DIR", help="folder with the published vocabulary")
    parser.add_argument("--seed", type=whole, default=0, metavar="N", help="of the random weights (default: 0)")
    parser.add_argument("--dtype", choices=DTYPES, default="float32", help="precision to store (default: float32)")


def run(choice: argparse.Namespace) -> None:
    """Either the whole folder is there afterwards or nothing of it."""
    if choice.tokenizer is not None:
        check_tokenizer(choice.tokenizer)
    with all_or_nothing(choice.destination) as folder:
        _make(choice, folder)
    from model.small import LABEL  # noqa: PLC0415 -- help must not wait for it

    Output().write(f"{choice.destination} ({LABEL})\n")


def _make(choice: argparse.Namespace, folder: Path) -> None:
    import torch  # noqa: PLC0415 -- help must not wait for it
    from safetensors import SafetensorError  # noqa: PLC0415

    from model.cli.quiet import hush_libraries  # noqa: PLC0415
    from model.small import Written, make_small  # noqa: PLC0415

    hush_libraries()
    status, destination = StatusLine(), choice.destination
    free = shutil.disk_usage(destination.absolute().parent).free

    def tell(written: Written) -> None:
        if written.total > free:
            raise SightlineError(
                f"{destination} needs {_gigabytes(written.total)} and {_gigabytes(free)} are free there."
            )
        status.show(f"Writing {destination}: {written.done * 100 // written.total} %")

    with Interrupt() as interrupt:
        try:
            make_small(
                folder,
                seed=choice.seed,
                shape=choice.shape,
                tokenizer=choice.tokenizer,
                dtype=getattr(torch, choice.dtype),
                progress=tell,
                check=interrupt.check,
            )
        except (OSError, SafetensorError) as error:
            raise SightlineError(f"{destination} could not be written: {error}.") from error
        finally:
            status.clear()


def check_tokenizer(folder: Path) -> None:
    """Raises UsageError where there is no vocabulary."""
    file = folder / "tokenizer.json"
    try:
        json.loads(file.read_text(encoding="utf-8"))["model"]["vocab"]
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}): name a folder with a tokenizer.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{file} is damaged: fetch it again.") from error


@contextmanager
def all_or_nothing(folder: Path) -> Iterator[Path]:
    """A folder to write into, which takes the name of a new or empty one once all is written, and else goes again.

    Killed it is still there: the next try clears it away, and the name that is wanted is free.
    """
    target = folder.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{folder} is not an empty folder: name a new one.")
    fresh = target.with_name(f"{target.name}{FRESH}")
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        yield fresh
        if target.exists():
            target.rmdir()
        fresh.rename(target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _gigabytes(nbytes: int) -> str:
    return f"{nbytes / 1e9:.1f} GB"
