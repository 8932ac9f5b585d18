"""`download`: a model of the catalogue into a folder; what an earlier try left is taken up. Knows no HTTP."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from model.catalogue import HUB, Licence, find, gigabytes
from model.cli.arguments import Commands, UsageError, declare_command
from model.cli.output import Output, StatusLine, complain
from model.cli.stopping import Interrupt
from model.errors import Cancelled
from model.jobs import Advanced, Fetch, Hindered

PERCENT = 100


def declare(commands: Commands) -> None:
    """The command and its options."""
    parser = declare_command(commands, "download", "Download a model; Ctrl-C pauses, the same command resumes", run)
    parser.add_argument("name", metavar="NAME", help="as `catalogue` lists it, for example Qwen2.5-Omni-7B")
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="the model's folder, which is new")
    parser.add_argument("--accept-licence", action="store_true", help="you have read the licence and accept it")
    parser.add_argument("--hub", default=HUB, metavar="URL", help="another server that is laid out like the hub")


def run(choice: argparse.Namespace) -> None:
    """Raises DownloadError in one sentence; what was fetched stays."""
    from model.workshop import quiet_hub  # noqa: PLC0415 -- before the hub's client

    published = find(choice.name)
    if not choice.accept_licence:
        _ask(published.licence)
    quiet_hub()
    from model.download import download  # noqa: PLC0415 -- brings the hub's client

    status = StatusLine()
    job = Fetch(published.repository, choice.to.absolute(), published.revision, choice.hub)
    with Interrupt() as interrupt:
        try:
            download(job, lambda told: _tell(status, told), interrupt.check)
        except (Cancelled, KeyboardInterrupt):
            status.clear()
            complain("Paused: the same command goes on from here.")
            raise
        finally:
            status.clear()
    Output().write(f"{choice.to}\n")


def _ask(licence: Licence) -> None:
    """Before the first byte. Raises UsageError where it is not accepted."""
    complain(f"{licence.name}: {licence.text}\nThe whole of it: {licence.url}")
    if not sys.stdin.isatty():
        raise UsageError("The licence must be accepted first: add --accept-licence.")
    sys.stderr.write("Do you accept it? (yes or no) ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise UsageError("The licence was not accepted, so nothing was fetched.")


def _tell(status: StatusLine, told: Advanced | Hindered) -> None:
    match told:
        case Hindered(sentence):
            status.clear()
            complain(sentence)
        case Advanced(step, done, total, rate):
            percent = done * PERCENT // total if total else 0
            speed = "" if rate is None else f", {rate / 1e6:.1f} MB a second"
            status.show(f"{step}: {gigabytes(done)} of {gigabytes(total)}, {percent} %{speed}")
