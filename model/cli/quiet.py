"""The libraries' own log lines, warnings and progress bars stay away from whoever uses the command line."""

from __future__ import annotations

import sys
import warnings

from transformers.utils import logging


def hush_libraries() -> None:
    """For the whole process; warnings that the interpreter was started with (`-W`) are still shown."""
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
