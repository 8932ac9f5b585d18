"""What torch raises when memory or a device fails, in sentences for the user. Knows no model and no message."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from model.errors import Cancelled, DeviceError, ExhaustedError, SightlineError

SIGNS = (
    "can't allocate memory",
    "not enough memory",
    "Cannot allocate memory",
    "can't start new thread",
    "bad_alloc",
)
"""Of memory that ran out, in what torch and the system say on a processor."""
EXHAUSTED = "The computer's memory ran out: close other programs, or use a smaller model or setting."
PROCESSOR = "cpu"


@contextmanager
def explained(device: torch.device) -> Iterator[None]:
    """Inside, what is computed on this device fails with ExhaustedError or DeviceError where it is to blame.

    What was being computed is in no known state then. All other errors pass as they are.
    """
    try:
        yield
    except (SightlineError, Cancelled):
        raise
    except (MemoryError, RuntimeError, OSError) as error:
        named = name(error, device)
        if named is None:
            raise
        raise named from error


def name(error: Exception, device: torch.device) -> SightlineError | None:
    """On any device but the processor every error of torch's counts as the device's: it may lack an operation, too."""
    if device.type != PROCESSOR and isinstance(error, RuntimeError):
        return DeviceError(f"The graphics card cannot go on ({first_line(error)}).")
    is_known = isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
    if is_known or any(sign in str(error) for sign in SIGNS):
        return ExhaustedError(EXHAUSTED)
    return None


def first_line(error: BaseException) -> str:
    """What it says, without the pages that torch adds, and without its full stop."""
    said = str(error).strip().splitlines()
    return said[0].strip().rstrip(".") if said else type(error).__name__
