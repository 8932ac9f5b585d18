"""How smoothly a long conversation scrolls and grows: `python -m tests.app.scrolling [--lines 2000]`.

Opens the list on whatever screen there is, scrolls it from its end to its beginning by a wheel's step a frame, lets
an answer in markdown grow at its end, and prints what the frames took. Sixty a second leave 16.7 ms to each.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from time import perf_counter, process_time

import numpy as np
from PySide6.QtWidgets import QApplication

from app import thumbnails
from app.transcript import Attachment, Kind, Line, LineState, Transcript, Who
from app.ui.theme import Theme
from app.ui.transcript_view import TranscriptView

SIZE = (700, 560)
STEP = 120
FRAMES = 3000
FRAME_MILLISECONDS = 1000 / 60
PLAIN = "The answer goes on for a while, in plain words, over two or three lines of the list, and then it ends. " * 3
MARKED = """## Three things

1. **Bread**, fresh
2. *Butter*
3. `jam.py`

```python
def toast(bread: str) -> str:
    return f"{bread}, with butter"
```

| what | how much |
|---|---|
| bread | 500 g |
| butter | 250 g |
"""


def make_lines(count: int) -> list[Line]:
    """Questions, some with a picture or speech; answers, every second one in markdown."""
    noise = np.random.default_rng(0)
    picture = thumbnails.of_frame(noise.integers(0, 255, (240, 320, 3), dtype=np.uint8))
    speech = thumbnails.of_sound([float(level) for level in noise.random(200)])
    given = ((), (Attachment(Kind.CAMERA, thumbnail=picture),), (Attachment(Kind.SPEECH, "3 s", levels=speech),))
    lines: list[Line] = []
    for number in range(count // 2):
        lines.append(Line(Who.USER, datetime.now(), f"Question {number}?", given[number % 3]))
        lines.append(Line(Who.MODEL, datetime.now(), MARKED if number % 2 else PLAIN))
    return lines


def tell(what: str, frames: list[tuple[float, float]]) -> None:
    """Wall-clock time, and what the processor took, which a busy machine does not lengthen."""
    for name, seconds in zip(("wall", "processor"), zip(*frames, strict=True), strict=True):
        times = 1000 * np.array(seconds)
        p50, p99 = np.percentile(times, [50, 99])
        late = 100 * float((times > FRAME_MILLISECONDS).mean())
        figures = f"median {p50:.2f}, p99 {p99:.2f}, worst {times.max():.2f} ms; {late:.1f} % over a frame"
        sys.stdout.write(f"{what + ', ' + name:<52}{figures}\n")
    sys.stdout.flush()


def timed(act: Callable[[], object], desktop: QApplication, view: TranscriptView) -> tuple[float, float]:
    wall, processor = perf_counter(), process_time()
    act()
    desktop.processEvents()
    view.viewport().repaint()
    return perf_counter() - wall, process_time() - processor


def main() -> None:
    parser = argparse.ArgumentParser(description="How smoothly a long conversation scrolls and grows.")
    parser.add_argument("--lines", type=int, default=2000)
    count = parser.parse_args().lines
    desktop = QApplication(["Sightline"])
    Theme(desktop)
    transcript = Transcript()
    view = TranscriptView(transcript)
    view.resize(*SIZE)
    view.show()
    lines = make_lines(count)
    tell(f"opening {len(lines)} messages", [timed(partial(transcript.fill, lines), desktop, view)])
    bar = view.verticalScrollBar()
    places = range(bar.maximum(), 0, -max(STEP, bar.maximum() // FRAMES))
    frames = [timed(partial(bar.setValue, at), desktop, view) for at in places]
    tell(f"scrolling through, {len(places)} frames", frames)
    row = transcript.add(Line(Who.MODEL, datetime.now(), "", state=LineState.OPEN))
    bar.setValue(bar.maximum())
    words = (MARKED * 4).split(" ")
    grown = [timed(partial(transcript.append, row, f"{word} "), desktop, view) for word in words]
    tell(f"an answer growing at the end, {len(words)} pieces", grown)


if __name__ == "__main__":
    main()
