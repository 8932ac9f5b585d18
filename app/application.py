"""Composition root of the desktop: builds everything and joins its signals. Never imports torch."""

from __future__ import annotations

import signal
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.options import Options
from app.ui.window import Window


def run(options: Options) -> int:
    """Opens the window and returns the exit status once it is closed."""
    desktop = QApplication(["Sightline"])
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Qt's loop would keep Ctrl+C in the terminal waiting
    window = build_window(options)
    window.show()
    return desktop.exec()


def build_window(options: Options) -> Window:
    window = Window()
    window.folder_chosen.connect(lambda folder: window.tell(describe(folder, options.camera)))
    window.tell(describe(options.model, options.camera))
    return window


def describe(model: Path | None, camera: str | None) -> str:
    """The state of the desktop in words: which model, which camera, and what cannot be done yet."""
    seen = f"\n\nCamera: {camera}. It is not opened yet." if camera else ""
    return describe_model(model) + seen


def describe_model(model: Path | None) -> str:
    if model is None:
        return "No model has been chosen yet."
    if not (model / "config.json").is_file():
        return f"{model} is not a model folder: there is no config.json in it. Choose another one."
    return (
        f"Model folder: {model}\n\nThis window cannot hold a conversation yet. "
        "The model can be asked from a terminal, in Sightline's folder:\n"
        f'python -m model ask --model "{model}" --text "…"'
    )
