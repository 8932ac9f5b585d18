"""What was asked for on the command line. Knows nothing of who acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.first_steps import Profile


@dataclass(frozen=True, slots=True)
class Options:
    """model: the checkpoint's folder; camera: a device number or a file's path; None where not given.

    verbose: whether the log is shown; in_tray: whether no window opens at first, where it was chosen that none must.
    hub: where models are downloaded from, None for the usual one. profile: whom to set Sightline up for at once.
    """

    model: Path | None
    camera: str | None
    verbose: bool = False
    in_tray: bool = False
    hub: str | None = None
    profile: Profile | None = None
