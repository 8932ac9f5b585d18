"""The runner without a desktop: `python -m model`."""

from __future__ import annotations

import sys

from model.cli.program import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
