"""Sightline with a graphics card that fails: `python -m tests.helpers.cards DIR absent|broken`.

The child is the app's own, but believes in another card: `absent` is CUDA where torch has none, which fails as soon as
it is asked; `broken` is torch's meta device, which takes weights and raises once a result is wanted. Both errors are
torch's own. What a real card says when it fails was not seen here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from model.process import serve
from model.protocol import Report
from tests.helpers.fluent import run

if TYPE_CHECKING:
    from model.process import Partner, Pipe

CARD = "SIGHTLINE_TEST_CARD"
"""How the child learns which: it is spawned with the app's environment."""
DEVICES = {"absent": "cuda", "broken": "meta"}


def main(pipe: Pipe) -> None:
    """What the desktop spawns."""
    serve(pipe, _invite)


def _invite(tell: Callable[[Report], None], check: Callable[[], None]) -> Partner:
    from pytest import MonkeyPatch  # noqa: PLC0415 -- both only in a child: it brings torch

    from model import partner  # noqa: PLC0415

    card = DEVICES[os.environ[CARD]]

    def candidates(device: str | None = None) -> tuple[str, ...]:
        return (card, "cpu") if device is None else (device,)

    MonkeyPatch().setattr(partner, "candidates", candidates)  # as long as the child lives
    return partner.ModelPartner(tell, check)


if __name__ == "__main__":
    os.environ[CARD] = sys.argv[2]
    sys.exit(run(Path(sys.argv[1]), main))
