"""Widgets, one a file. Know neither devices nor the model."""
