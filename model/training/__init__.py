"""The model's own making: a corpus without end, and a tiny Qwen2.5-Omni trained on it in stages."""
