"""The built-in demonstration model in the window: `python -m tests.app.demonstration [--model DIR] [--out DIR]`.

Starts the app as a user does who has no other model, on the rigs: a virtual microphone and speaker, a drawn picture
before the camera. Somebody whose voice and whose picture no training had asks about it, hands-free. Each answer is
read in the window as a screen reader reads it, and recorded at the speaker; an independent recogniser, which knows the
small world's words only, tells what it hears of it. Ends with 1 where fewer answers are right, or fewer words heard,
than may be; of a model that does not speak nothing need be heard.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from app.paths import built_in_model
from model.loading import Checkpoint
from model.training.corpus.chance import chance
from model.training.corpus.drawing import draw
from model.training.corpus.questions import about
from model.training.corpus.scenes import Scene, scene
from model.training.corpus.sentences import spoken_words
from model.training.judging import Judge
from model.training.scores import word_errors
from tests.helpers.clips import Clip, write_clip, write_sound
from tests.helpers.desktop import Desktop, MissingError, start_desktop
from tests.helpers.rig import RATE
from tests.helpers.stage import Room, keep_full_duplex, open_room, until

VOICE = "en+f4"
"""Held out of all training."""
WIDTH, HEIGHT = 640, 480
FPS, SECONDS = 10, 8
LEAST_RIGHT, LEAST_HEARD = 0.6, 0.8
"""Of the answers, to the last letter; of their words, by the recogniser."""


@dataclass(frozen=True)
class Answer:
    """To a question: what was wanted and written, and what was heard of that."""

    asked: str
    wanted: str
    written: str
    heard: str
    text: float
    sound: float
    """Seconds after the question."""


def film(shown: Scene, seed: str, path: Path) -> Path:
    """What a camera gives that looks at a picture."""
    frame = draw(shown, chance("camera", seed), width=WIDTH, height=HEIGHT)
    count = SECONDS * FPS
    return write_clip(path, Clip(frames=[frame] * count, times=[number / FPS for number in range(count)]))


def ask(room: Room, desktop: Desktop, judge: Judge, asked: str, wanted: str) -> Answer:
    """An answer may be empty, and is silent then."""
    before = len(desktop.watch.looks[-1].of("Sightline"))
    end = room.say(asked, VOICE)[1]
    first = desktop.watch.wait(lambda look: len(look.of("Sightline")) > before, after=end)
    written = desktop.watch.wait(lambda look: look.phase == "Ready", after=first.time).of("Sightline")[-1]
    if (sound := room.heard.onset(end)) is None:
        return Answer(asked, wanted, written, "", first.time - end, 0.0)
    silent = until(lambda: room.heard.silence(sound, 1.0))
    heard = judge.hears(room.heard.cut(sound - 0.1, silent + 0.1), RATE)
    return Answer(asked, wanted, written, " ".join(heard), first.time - end, sound - end)


def hold(room: Room, choice: argparse.Namespace, judge: Judge, number: int) -> list[Answer]:
    """A picture, and questions about it."""
    shown = scene(chance("demonstrated", number), "held-out", least=2)
    rng = chance("demonstrated", number, "asked")
    questions = {exchange.said: exchange.reply for exchange in (about(shown, rng) for _ in range(choice.questions))}
    video = film(shown, str(number), room.folder / f"{number}.mp4")
    model = ("--model", str(choice.model.absolute())) if choice.model else ()
    environment = room.environment | {"OMP_NUM_THREADS": "1"}
    with start_desktop(room.eye, environment, *model, "--camera", str(video)) as desktop:
        desktop.watch.wait(lambda look: look.phase == "Ready")
        room.screen.await_window("Sightline")
        if number == 0:
            room.screen.press("ctrl+shift+t")  # hands-free, which is remembered
        answers = [ask(room, desktop, judge, asked, wanted) for asked, wanted in questions.items()]
        room.photograph(choice.out / f"demonstration-{number}.png")
        desktop.rest()
    return answers


def tell(answers: list[Answer]) -> tuple[float, float]:
    """Shares that are right, and that are heard."""
    words = [word_errors(answer.heard, answer.written) for answer in answers]
    for answer, (errors, of) in zip(answers, words, strict=True):
        verdict = "right" if answer.written == answer.wanted else f"wrong: {answer.wanted!r} was wanted"
        sys.stdout.write(
            f"{answer.asked}\n    {answer.written}  ({verdict}; text after {1000 * answer.text:.0f} ms, sound after"
            f" {1000 * answer.sound:.0f} ms)\n    heard: {answer.heard}  ({errors} of {of} words otherwise)\n"
        )
    right = sum(answer.written == answer.wanted for answer in answers) / len(answers)
    heard = 1 - sum(errors for errors, _ in words) / max(1, sum(len(spoken_words(each.written)) for each in answers))
    sys.stdout.write(f"right: {right:.0%} of {len(answers)}; words heard as written: {heard:.0%}\n")
    return right, heard


def main() -> None:
    parser = argparse.ArgumentParser(description="The built-in demonstration model, asked before the camera.")
    parser.add_argument("--model", type=Path, help="another model of the small world")
    parser.add_argument("--out", type=Path, default=Path("build/demonstration"), help="where pictures and sound go")
    parser.add_argument("--pictures", type=int, default=2)
    parser.add_argument("--questions", type=int, default=4, help="for each picture")
    choice = parser.parse_args()
    if choice.model is None and built_in_model() is None:
        parser.error("this copy has no built-in model: name one with --model")
    choice.out.mkdir(parents=True, exist_ok=True)
    judge, answers = Judge(), []
    try:
        with open_room() as room:
            keep_full_duplex(room.folder / "home" / ".config" / "sightline" / "settings.json")
            began = time.monotonic()
            for number in range(choice.pictures):
                answers += hold(room, choice, judge, number)
            write_sound(choice.out / "demonstration.flac", room.heard.cut(began, time.monotonic()))
    except MissingError as error:
        sys.exit(f"Missing: {error}")
    right, heard = tell(answers)
    folder = choice.model or built_in_model()
    speaks = folder is not None and Checkpoint.open(folder).speaks
    if right < LEAST_RIGHT or heard < (LEAST_HEARD if speaks else 0.0):
        sys.exit(1)


if __name__ == "__main__":
    main()
