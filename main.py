"""Front door: reads the command line and hands over to the desktop, or to the terminal where no display is."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from pathlib import Path

from app import display
from app.first_steps import Profile
from app.options import Options


def main(arguments: list[str]) -> int:
    options = read_options(arguments)
    # Imported late: a child of multiprocessing imports this file too and needs neither.
    if display.is_present():
        from app.desktop import run  # noqa: PLC0415

        return run(options)
    from app.terminal import hold_turn  # noqa: PLC0415

    return hold_turn(options.model)


def read_options(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="sightline", description="An assistant that hears, sees and speaks.")
    parser.add_argument("--model", type=Path, metavar="DIR", help="folder of a Qwen2.5-Omni checkpoint")
    parser.add_argument("--camera", metavar="SOURCE", help="number of a camera, or a video file to see instead")
    parser.add_argument("--verbose", action="store_true", help="tell on standard error what happens, and how fast")
    parser.add_argument("--in-tray", action="store_true", help="open no window at first, if the tray may be used")
    parser.add_argument(
        "--hub", metavar="URL", help="download models from another server that is laid out like the hub"
    )
    parser.add_argument(
        "--profile",
        type=Profile,
        choices=list(Profile),
        metavar="NAME",
        help="set it up for standard, blind or deaf users",
    )
    choice = parser.parse_args(arguments)
    return Options(
        model=choice.model,
        camera=choice.camera,
        verbose=choice.verbose,
        in_tray=choice.in_tray,
        hub=choice.hub,
        profile=choice.profile,
    )


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main(sys.argv[1:]))
