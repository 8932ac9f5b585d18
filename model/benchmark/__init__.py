"""How fast the runner is beside transformers, on this computer, in one run. Knows no quality: weights may be random."""
