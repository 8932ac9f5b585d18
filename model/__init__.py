"""The runner: a Qwen2.5-Omni checkpoint as streams. Knows neither Qt nor the desktop."""

from __future__ import annotations

import os

# Threads of torch that wait for their next work without sleeping keep our own products from their cores. It is read
# once, when torch is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
