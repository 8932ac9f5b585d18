"""The runner: a Qwen2.5-Omni checkpoint as streams. Knows neither Qt nor the desktop."""
