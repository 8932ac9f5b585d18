"""The window: says what state Sightline is in and lets a model folder be chosen. Knows no state of its own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QMainWindow, QPushButton, QVBoxLayout, QWidget


class Window(QMainWindow):
    folder_chosen = Signal(Path)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Sightline")
        self.resize(640, 280)
        self.state = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.state.setAccessibleName("State")
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.choose = QPushButton("&Choose a model folder…")
        self.choose.clicked.connect(self._ask_for_folder)
        self._lay_out()

    def tell(self, state: str) -> None:
        self.state.setText(state)

    def _lay_out(self) -> None:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.addWidget(self.state, stretch=1)
        layout.addWidget(self.choose, alignment=Qt.AlignmentFlag.AlignLeft)
        self.setCentralWidget(page)

    def _ask_for_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose the folder of a Qwen2.5-Omni checkpoint")
        if folder:
            self.folder_chosen.emit(Path(folder))
