"""Whether there is a screen to open a window on. Knows nothing of the window."""

from __future__ import annotations

import os
import sys


def is_present() -> bool:
    """Windows and macOS always have a desktop; elsewhere X or Wayland says so in the environment."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def is_within_wayland() -> bool:
    """Whether the session is Wayland's, whatever a program's own windows are on."""
    return os.environ.get("XDG_SESSION_TYPE") == "wayland" or bool(os.environ.get("WAYLAND_DISPLAY"))
