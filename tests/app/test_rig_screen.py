"""The rig's screen: a window that opens there is seen and hears the keyboard."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.helpers.rig_screen import start_screen

WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit
application = QApplication([])
line = QLineEdit()
line.setWindowTitle("Rig")
line.setStyleSheet("background: #00c000")
line.resize(400, 100)
line.returnPressed.connect(lambda: (sys.stdout.write(line.text()), application.quit()))
line.show()
application.exec()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux")
def test_a_window_is_seen_and_typed_into(tmp_path: Path) -> None:
    with start_screen(640, 480) as screen:
        words = [sys.executable, "-c", WINDOW]
        environment = {**os.environ, **screen.environment}
        with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as window:
            screen.await_window("Rig")
            screen.write("Good morning")
            picture = np.asarray(Image.open(screen.picture(tmp_path / "screen.png")).convert("RGB"))
            screen.press("Return")
            said, _ = window.communicate()
    assert said == "Good morning"
    assert picture.shape == (480, 640, 3)
    assert (picture == [0, 192, 0]).all(axis=2).mean() > 0.1
