"""Who speaks when: `python -m tests.app.turn_taking [--rounds N] [--model DIR]`; prints what it measured.

First generated speech with pauses goes through the endpointer, by voices that its rule was not made with. Then the
whole app (with a stand-in for the model, unless there is `--model`), on the virtual microphone and speaker, is broken
into while it answers: by sentences, by nods, coughs and knocks, by a hum, and by the word that stops it. Times are by
the samples at the two cables, which work in steps of 50 ms.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from scipy.signal import lfilter

from app.devices.endpointer import Endpointer
from app.devices.prosody import is_complete
from app.devices.voice_activity import BLOCK_SAMPLES, VoiceActivity
from app.senses import Block, Ended
from app.settings import Settings
from model.protocol import HEARING_RATE
from tests.app.spoken_loop import NOISE_FLOOR, QUESTIONS, milliseconds, say
from tests.helpers.desktop import Desktop, MissingError, start_desktop
from tests.helpers.loudness import STEP
from tests.helpers.pausing import SENTENCES, phrases
from tests.helpers.rig import RATE
from tests.helpers.rig_eye import EyeError
from tests.helpers.rig_voice import Samples, murmur, silence, speak
from tests.helpers.stage import Room, enter, open_room, until

HELD_OUT = ("en-us+f4", "en-gb-scotland", "en+m3", "en-gb+f5")
LONGEST_PAUSE = 1.5
LOWERED = 0.5
"""Of its level before, what an answer is below once it is lowered."""
NODS = ("mm-hmm", "yeah", "okay", "uh-huh", "right")
SETTLED = 1.6
"""Seconds after a sound in which the answer must have come back."""


# Pauses


def cut_ins(patience: float, pauses: int) -> tuple[int, int, list[float]]:
    """How many pauses, up to 1.5 s, ended a turn, of how many; and after which silence those ended that were over."""
    detector, dice = VoiceActivity.load(), np.random.default_rng(0)
    early, count, waits = 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(pauses):
            text, voice = SENTENCES[number % len(SENTENCES)], HELD_OUT[number % len(HELD_OUT)]
            parts = phrases(text, Path(folder) / "spoken.wav", voice)
            sound = [silence(0.5)]
            for part in parts[:-1]:
                sound += [part, silence(dice.uniform(0.2, LONGEST_PAUSE))]
                count += 1
            spoken = np.concatenate([*sound, parts[-1]])
            ends = ended(detector, np.concatenate([spoken, silence(patience + 1.0)]), patience)
            last = len(spoken) / HEARING_RATE
            early += sum(end < last for end in ends)
            waits.append(ends[-1] - last)
    return early, count, waits


def ended(detector: VoiceActivity, sound: Samples, patience: float) -> list[float]:
    """When in this sound, seconds, the endpointer told that a turn was over."""
    detector.reset()
    endpointer = Endpointer(detector, patience, is_complete=is_complete)
    noisy = sound + murmur(len(sound) / HEARING_RATE, level=0.001)[: len(sound)]
    ends = []
    for start in range(0, len(noisy) - BLOCK_SAMPLES + 1, BLOCK_SAMPLES):
        block = Block(noisy[start : start + BLOCK_SAMPLES], start / HEARING_RATE)
        if any(isinstance(event, Ended) for event in endpointer.push(block)):
            ends.append((start + BLOCK_SAMPLES) / HEARING_RATE)
    return ends


def measure_pauses(pauses: int) -> None:
    patience = Settings().patience
    early, count, waits = cut_ins(patience, pauses)
    say(f"patience {patience:g} s: cut-ins in pauses up to 1.5 s", f"{early} of {count}, {100 * early / count:.1f} %")
    sooner = sum(wait < 0.8 * patience for wait in waits)
    say("turns that were over noticed before patience was", f"{sooner} of {len(waits)}")
    say("end of speech to end of turn: median, longest", milliseconds(float(np.median(waits)), max(waits)))


# Sounds that are no words


def cough() -> Samples:
    """Two bursts of coloured noise, a quarter of a second in all."""
    dice = np.random.default_rng(2)
    burst = lfilter([1.0], [1.0, -1.2, 0.6], dice.standard_normal(2000)) * np.exp(-np.arange(2000) / 500)
    return np.asarray(0.4 * np.concatenate([burst, burst]) / np.abs(burst).max(), np.float32)


def knock() -> Samples:
    times = np.arange(2400) / HEARING_RATE
    return np.asarray(0.7 * np.exp(-times * 60) * np.sin(2 * np.pi * 180 * times), np.float32)


def hum(room: Room) -> Samples:
    """Somebody who hums for a second and a half: it is taken for a voice, and has no words."""
    return speak("[[m:m:m:m:m:m:m:m:]]", room.folder / "hum.wav")


# Scenes


def make_sound(room: Room, sound: Samples) -> tuple[float, float]:
    """To the microphone; returns when it began and ended there."""
    before = time.monotonic()
    with room.rig.playing(sound, HEARING_RATE) as player:
        player.wait()
        begin = until(lambda: room.said.onset(before))
    return begin, begin + len(sound) / HEARING_RATE


def await_answer(room: Room, desktop: Desktop, seconds: float = 1.5) -> None:
    """Asks, where nothing is being answered, and listens to the answer for a while."""
    if desktop.watch.looks[-1].phase != "Answering":
        _, end = room.say(QUESTIONS[0])
        desktop.watch.wait(lambda look: look.phase == "Answering", after=end - 2.0)
    room.await_sound(seconds, time.monotonic())


def level(room: Room, begin: float, end: float) -> float:
    times, peaks = room.heard.peaks()
    return float(np.median(peaks[(times >= begin) & (times < end)]))


def lowered(room: Room, onset: float) -> float:
    """How long after a moment the answer was below half of its level, for 50 ms and more."""
    usual = level(room, onset - 1.0, onset)
    times, peaks = room.heard.peaks()
    after = peaks[times >= onset]
    window = int(0.05 * RATE / STEP)
    quiet = np.lib.stride_tricks.sliding_window_view(after, window).max(axis=1) < LOWERED * usual
    return float(np.flatnonzero(quiet)[0]) * STEP / RATE if quiet.any() else float("nan")


def silent(room: Room, onset: float) -> float:
    """How long after a moment the answer fell silent."""
    return until(lambda: room.heard.silence(onset, 0.2)) - onset


def gap(room: Room, begin: float, end: float) -> float:
    """The longest silence between two moments."""
    times, peaks = room.heard.peaks()
    loud = times[(times >= begin) & (times < end) & (peaks > 0.001)]
    return float(np.diff([begin, *loud, end]).max())


def survives(room: Room, desktop: Desktop, sound: Samples) -> tuple[bool, float]:
    """Whether the answer goes on after a sound, and how long its silence was."""
    await_answer(room, desktop)
    rows = len(desktop.watch.looks[-1].lines)
    begin, end = make_sound(room, sound)
    until(lambda: time.monotonic() > end + SETTLED)
    look = desktop.watch.looks[-1]
    goes_on = look.phase == "Answering" and len(look.lines) == rows and room.sounded(end + SETTLED - 0.5) > 0.05
    return goes_on, gap(room, begin, end + SETTLED)


def break_in(room: Room, desktop: Desktop) -> tuple[float, float]:
    """A sentence into an answer; how long after its onset that was lowered, and silent."""
    await_answer(room, desktop)
    begin, _ = room.say(QUESTIONS[1])
    desktop.watch.wait(lambda look: look.of("You") and look.phase in {"Listening to you", "Thinking"}, after=begin)
    return lowered(room, begin), silent(room, begin)


def stop(room: Room, desktop: Desktop, words: str, voice: str) -> bool:
    """Whether a spoken word ends the answer and begins no other turn."""
    await_answer(room, desktop)
    rows = len(desktop.watch.looks[-1].lines)
    _, end = make_sound(room, speak(words, room.folder / "stop.wav", voice=voice))
    until(lambda: time.monotonic() > end + Settings().patience + 1.0)
    look = desktop.watch.looks[-1]
    cut = any(line.endswith("Interrupted.") for line in look.lines[rows - 1 : rows])
    return cut and look.phase == "Ready" and room.heard.decibels(time.monotonic() - 0.5, time.monotonic()) < NOISE_FLOOR


def is_at_rest(desktop: Desktop) -> bool:
    """Whether the window can be looked at: while its lists are filled, what was just there is gone."""
    try:
        return bool(desktop.watch)
    except EyeError:
        return False


@contextmanager
def come_in(room: Room, folder: Path, model: Path | None) -> Iterator[Desktop]:
    """Sightline with this model, or with one that speaks as fast as it is heard on any machine."""
    if model is not None:
        with enter(room, model.absolute(), 1) as desktop:
            yield desktop
        return
    with start_desktop(room.eye, room.environment, str(folder), main=("-m", "tests.helpers.fluent")) as desktop:
        room.screen.await_window("Sightline")
        until(lambda: is_at_rest(desktop))
        desktop.watch.wait(lambda look: look.phase == "Ready")
        yield desktop


def converse(room: Room, desktop: Desktop, rounds: int) -> None:
    times = [break_in(room, desktop) for _ in range(rounds)]
    say("a sentence: onset to lowered", milliseconds(*(each[0] for each in times)))
    say("a sentence: onset to silent", milliseconds(*(each[1] for each in times)))
    nods = [(word, speak(word, room.folder / "nod.wav")) for word in NODS]
    for name, sound in [*nods, ("cough", cough()), ("knock", knock()), ("hum of 1.6 s", hum(room))]:
        told = [survives(room, desktop, sound) for _ in range(rounds)]
        figures = f"{sum(each[0] for each in told)} of {rounds}, silent meanwhile {milliseconds(*(s for _, s in told))}"
        say(f"{name}, {len(sound) / HEARING_RATE:.2f} s: the answer went on", figures)
    cases = [(words, voice) for words in ("stop", "please stop", "stop it") for voice in ("en", "en-us+m7", "en-gb+f2")]
    stopped = [stop(room, desktop, *case) for case in cases]
    say("“stop”, alone or with another word: stopped", f"{sum(stopped)} of {len(cases)}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Who speaks when: scenes, and what was measured.")
    parser.add_argument("--model", type=Path, help="a checkpoint's folder, to be answered by it")
    parser.add_argument("--rounds", type=int, default=3, help="how often each scene is played")
    parser.add_argument("--pauses", type=int, default=64, help="sentences with pauses")
    parser.add_argument("--only-pauses", action="store_true", help="no app: the endpointer alone")
    choice = parser.parse_args()
    say("processors, load", f"{os.cpu_count()}, {os.getloadavg()[0]:.1f}")
    measure_pauses(choice.pauses)
    if choice.only_pauses:
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            with open_room() as room, come_in(room, Path(folder), choice.model) as desktop:
                room.screen.press("ctrl+shift+t")
                converse(room, desktop, choice.rounds)
        except MissingError as error:
            sys.exit(f"Missing: {error}")
    say("load at the end", f"{os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
