"""Pictures of the window's pages, to be looked at: `python -m tests.app.gallery DIR` on a screen of its own.

Every page, those of the first run too, in every look at 100 % and 200 % text, with an invented conversation; `es` after
DIR: in Spanish; `--curated`: those of docs/screens.md (`python -m tests.app.gallery docs/screens --curated`).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app import language, thumbnails
from app.application import Application
from app.first_steps import PAGES
from app.history import History, Write
from app.model_choice import NO_MODEL
from app.options import Options
from app.paths import Home
from app.phase import Phase
from app.senses import Origin
from app.settings import Language, Look, Settings
from app.transcript import Attachment, Kind, Line, Who
from app.ui.theme import Theme
from app.ui.window import Window
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
FEW_COLOURS = 96
USUALLY = {(Look.LIGHT, 100), (Look.DARK, 100)}
"""In which looks and sizes the documentation shows a page."""
LARGE = {(Look.LIGHT, 100), (Look.DARK, 200)}
SHOWN = {
    "chat": {*USUALLY, (Look.CONTRAST, 200)},
    "first-profile": {*USUALLY, (Look.CONTRAST, 200)},
    "settings": LARGE,
    "models": LARGE,
    "first-sound": LARGE,
    "first-model": LARGE,
    "narrow": {(Look.LIGHT, 200)},
    "no-model": {(Look.LIGHT, 100)},
    "live": {(Look.LIGHT, 100)},
}
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
    yield from first_pages(window)
    window.top.live.show_microphone(on=True)
    window.top.live.show_sight(Origin.CAMERA)
    yield "live"
    window.resize(520, 760)
    yield "narrow"
    window.top.live.show_microphone(on=False)
    window.top.live.show_sight(None)
    window.resize(1040, 700)


def first_pages(window: Window) -> Iterator[str]:
    """Of the first run, before there is a model."""
    window.show_first_run()
    window.show_phase(Phase.STOPPED)
    window.model.ask(translate("ModelChoice", NO_MODEL))
    for step in PAGES:
        window.first_run.show_step(step)
        yield f"first-{step}"
    window.show_phase(Phase.LISTENING)
    window.model.hide()
    window.show_chat()


def keep(picture: QImage, file: Path, *, is_small: bool) -> None:
    """As it is, or in so few colours that the eye does not miss any."""
    picture.save(str(file))
    if is_small:
        with Image.open(file) as whole:
            few = whole.convert("RGB").quantize(FEW_COLOURS, dither=Image.Dither.NONE)
        few.save(file, optimize=True)


def take(application: Application, out: Path, look: Look, percent: int, *, is_curated: bool) -> None:
    """One of each page."""
    for name in pages(application):
        if is_curated and (look, percent) not in SHOWN.get(name, USUALLY):
            continue
        for _ in range(5):
            QApplication.processEvents()
        picture = application.window.grab().toImage()
        keep(picture, out / f"{name}-{look.value}-{percent}.png", is_small=is_curated)


def main(out: Path, words: Language, *, is_curated: bool) -> None:
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
        wanted = USUALLY.union(*SHOWN.values())
        for look, percent in product((Look.LIGHT, Look.DARK, Look.CONTRAST), (100, 200)):
            if is_curated and (look, percent) not in wanted:
                continue
            theme.follow(Settings(look=look, text_percent=percent))
            take(application, out, look, percent, is_curated=is_curated)
        application.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Pictures of the window's pages, to be looked at.")
    parser.add_argument("out", type=Path, help="the folder that they go to")
    parser.add_argument("language", type=Language, nargs="?", default=Language.ENGLISH)
    parser.add_argument("--curated", action="store_true", help="those that docs/screens.md shows, as small files")
    choice = parser.parse_args()
    choice.out.mkdir(parents=True, exist_ok=True)
    main(choice.out, choice.language, is_curated=choice.curated)
