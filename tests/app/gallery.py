"""Pictures of the window's pages, to be looked at: `python -m tests.app.gallery DIR` on a screen of its own.

Every page in every look at 100 % and 200 % text, with an invented conversation; `es` after DIR: in Spanish.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtWidgets import QApplication

from app import language, thumbnails
from app.application import Application
from app.history import History, Write
from app.model_choice import NO_MODEL
from app.options import Options
from app.paths import Home
from app.phase import Phase
from app.senses import Origin
from app.settings import Language, Look, Settings
from app.transcript import Attachment, Kind, Line, Who
from app.ui.theme import Theme
from app.voice import engine
from app.voice.system_voice import SystemVoice
from app.words import translate

TITLES = (
    "What is on my desk?",
    "Explain rainbows to a child",
    "Notes for Monday",
    "A poem about rain",
    "Words in Finnish",
)
ANSWER = """There is a **green cup**, a plant in a clay pot, and a window:

1. The cup is in *front*
2. The plant stands behind it

```python
def water(plant: str) -> str:
    return f"{plant}: half a cup a week"
```"""


def write_history(file: Path) -> None:
    base = History(file)
    rows, columns = np.mgrid[0:240, 0:320]
    picture = np.stack([rows // 2 + 90, columns // 2 + 60, 160 - rows // 3], axis=-1).astype(np.uint8)
    speech = [abs(float(np.sin(place / 3) * np.sin(place / 17))) for place in range(120)]
    given = (
        Attachment(Kind.CAMERA, thumbnail=thumbnails.of_frame(picture)),
        Attachment(Kind.SPEECH, "3 s of speech", levels=thumbnails.of_sound(speech)),
    )
    now = datetime.now()
    for number, title in enumerate(TITLES):
        moment = now - timedelta(days=3 * number, minutes=7)
        lines = (Line(Who.USER, moment, title, given), Line(Who.MODEL, moment, ANSWER))
        base.apply([Write(str(number), place, line) for place, line in enumerate(lines)])
    base.close()


def pages(application: Application) -> Iterator[str]:
    window = application.window
    yield "chat"
    application.keeping.begin(private=False)
    yield "new"
    window.model.ask(translate("ModelChoice", NO_MODEL))
    yield "no-model"
    window.model.hide()
    window.history.opened.emit("0")
    window.transcript.setCurrentIndex(application.transcript.index(1))
    for name, page in (
        ("settings", window.settings),
        ("devices", window.devices),
        ("log", window.log),
        ("models", window.models),
    ):
        window.show_page(page)
        yield name
        window.show_page(page)
    window.top.live.show_microphone(on=True)
    window.top.live.show_sight(Origin.CAMERA)
    yield "live"
    window.resize(520, 760)
    yield "narrow"
    window.top.live.show_microphone(on=False)
    window.top.live.show_sight(None)
    window.resize(1040, 700)


def main(out: Path, words: Language) -> None:
    desktop = QApplication(["Sightline"])
    language.speak(words, desktop)
    with TemporaryDirectory() as folder:
        home = Home(Path(folder) / "settings.json", Path(folder) / "data" / "history.sqlite")
        write_history(home.history)
        application = Application(Options(None, None), home, system_voice=SystemVoice(engine.main_for_tests))
        theme = Theme(desktop)
        application.window.show()
        application.keeping.start()
        application.window.show_phase(Phase.LISTENING)
        while not application.window.history.entries.rowCount():
            desktop.processEvents()
        application.window.history.opened.emit("0")
        application.window.transcript.setCurrentIndex(application.transcript.index(1))
        for look in (Look.LIGHT, Look.DARK, Look.CONTRAST):
            for percent in (100, 200):
                theme.follow(Settings(look=look, text_percent=percent))
                for name in pages(application):
                    for _ in range(5):
                        desktop.processEvents()
                    application.window.grab().save(str(out / f"{name}-{look.value}-{percent}.png"))
        application.close()


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    main(Path(sys.argv[1]), Language(*sys.argv[2:] or [Language.ENGLISH]))
