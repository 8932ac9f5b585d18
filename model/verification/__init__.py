"""Is this checkpoint, on this computer, the model that transformers runs? Knows the runner's parts one by one."""
