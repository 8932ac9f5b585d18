"""What is done and found in the scripted conversation: its room, its turns, what is said into answers.

Knows no gate. Everything is told by the two cables, and by what the app's parts told one another.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from app.devices.waves import DUCKED
from app.interruption import MEANT
from app.saying import CLAUSE_GAP
from app.settings import Settings, save
from app.voice.shortfall import Measure
from model.protocol import HEARING_RATE, SPEECH_RATE
from tests.app.turn_taking import cough, knock
from tests.helpers.clips import Clip, shade, tone, write_clip, write_sound
from tests.helpers.desktop import MissingError, start_desktop
from tests.helpers.loudness import AUDIBLE
from tests.helpers.pausing import phrases
from tests.helpers.rig import RATE
from tests.helpers.rig_screen import Screen
from tests.helpers.rig_voice import Samples, murmur, silence, speak
from tests.helpers.scenery import film_desk
from tests.helpers.stage import Room, until
from tests.helpers.witness import Trace, find, moment, played

LONGEST_PAUSE = 1.5
LISTENED = 2.0
"""Seconds of an answer that are listened to before something is said into it."""
SETTLED = 1.8
"""Seconds after a sound in which the answer must have come back."""
LATENESS = 0.05
"""Seconds by which the two cables may differ: one of their steps."""
CHUNK = 0.5
"""Seconds of speech that are looked for together."""
HISS, HISS_SECONDS = 0.0005, 900.0
SPOKEN = (
    "What can you see on the desk in front of you?",
    "And where has the sun gone since this morning?",
    "I would like to hear | something about | the mountains.",
    "Tell me what else | there is to know about it.",
    "Could you say that again in a few other words?",
    "How long does it take to walk | from the mill to the river?",
    "Let us talk about the garden behind the house.",
    "Which of the villages is the largest one?",
    "When I was a child | my uncle had | a boat like that.",
    "Do you think that it will rain before the evening?",
    "Please explain to me how the bridge was built.",
    "Who lives over there on the island?",
)
VOICES = ("en", "en-us+m7", "en-gb+f2", "en-gb-scotland", "en-us+f4", "en+m3", "en-gb-x-rp", "en-us+f1")
STOPS = ("stop", "please stop", "stop it", "stop please", "stop")
NODS = ("mm-hmm", "yeah", "okay", "uh-huh", "right")
LONG_NOD = "yeah, okay"
SPEECH = "(spoken)"
SURE = 0.25
"""Of a perfect match; chance gives 0.1."""
JUDGED = 1.5
"""Seconds of a question in which the answer must have fallen silent: later its own answer may begin."""
MOST_SECONDS = 60.0
"""Until something happens, on a machine however busy."""
CLOSING_SECONDS = 5.0
PAUSE = 0.5
"""Seconds between an answer and the next question."""


def hum(room: Room) -> tuple[str, Samples]:
    return "hum", speak("[[m:m:m:m:m:m:m:m:]]", room.folder / "hum.wav")


def long_nod(room: Room) -> tuple[str, Samples]:
    return LONG_NOD, speak(LONG_NOD, room.folder / "hum.wav", rate=175)


SOUNDS: dict[str, Callable[[Room], tuple[str, Samples]]] = {
    "cough": lambda _: ("cough", cough()),
    "knock": lambda _: ("knock", knock()),
    "hum": hum,
    "long nod": long_nod,
}


@dataclass(frozen=True)
class Turn:
    """How it is put, and then what is said into its answer; the answer is heard to its end where nothing is."""

    typed: str = ""
    show: str = ""
    """The kind of a file that it takes along."""
    into: tuple[str, ...] = ()
    """nod, long nod, cough, knock, hum, stop; after anything but a stop the next turn breaks in."""


WHOLE = 4
"""Each fourth answer is a short one, and heard to its end."""


@dataclass
class Figures:
    """What was found."""

    silent: list[float] = field(default_factory=list)
    lowered: list[float] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)
    """The same in words."""
    stopped: list[float] = field(default_factory=list)
    """Seconds from the desktop's Cancel to the model's rest, where it was still at work."""
    decided: list[float] = field(default_factory=list)
    """Seconds from the voice's onset to the Cancel."""
    cut: list[float] = field(default_factory=list)
    """Seconds by which what the model was told to be heard differs from what was."""
    cuts: list[str] = field(default_factory=list)
    """The same in words."""
    remembered: list[bool] = field(default_factory=list)
    """Whether the transcript shows what the model remembers."""
    nods: dict[str, list[tuple[bool, float]]] = field(default_factory=dict)
    """By kind of sound: whether the answer went on, and the seconds of silence."""
    stops: list[tuple[str, bool, float]] = field(default_factory=list)
    resumed: list[bool] = field(default_factory=list)
    """Whether an answer that was held for long went on at a clause."""
    ahead: list[float] = field(default_factory=list)
    """Seconds by which the sound of a sentence was ahead of its words."""
    words: list[tuple[int, int]] = field(default_factory=list)
    """Pieces of an answer's speech that were to be heard, in their order, once; and how many there were."""
    short: int = 0
    """Answers that the app's own measure finds too short of words."""
    waits: list[float] = field(default_factory=list)
    """Seconds from the end of a spoken turn until it was over."""
    turns: int = 0
    """Lines of the user that are there, in the order in which they were asked, each with its answer."""
    phantoms: int = 0
    """Lines of the user that nobody said."""
    interrupted: int = 0
    """Answers that were broken off though nobody broke in."""
    broken: str = ""
    """Why the conversation came to no end."""


# The room


@dataclass(frozen=True)
class Answer:
    """Which turn's it is, and when its sound began."""

    turn: int
    begun: float


class Stage:
    """The app in its room, and everything that a person does."""

    def __init__(self, room: Room, trace: Trace) -> None:
        self.room, self.trace, self.figures = room, trace, Figures()
        self._spoken = self._nods = self._stops = 0
        self.asking = ""
        """Who asks what, aloud."""
        self.planned_cuts = 0
        self.asked: list[str] = []
        """What the user's lines must be, in order: their words, or that they were spoken."""

    def make_sound(self, sound: Samples) -> tuple[float, float]:
        """To the microphone; when it began and ended there."""
        before = time.monotonic()
        with self.room.rig.playing(sound, HEARING_RATE) as player:
            player.wait()
        begin = until(lambda: moment(self.room.said, sound, before - 0.2, time.monotonic()), MOST_SECONDS)
        return begin, begin + len(sound) / HEARING_RATE

    def next_question(self) -> Samples:
        """Spoken by one voice after the other; where it has pauses, the last one lasts 1.5 s."""
        text, voice = SPOKEN[self._spoken % len(SPOKEN)], VOICES[self._spoken % len(VOICES)]
        self._spoken += 1
        self.asking = f"“{text}” ({voice})"
        file = self.room.folder / "question.wav"
        if "|" not in text:
            return speak(text, file, voice=voice)
        first, *others = phrases(text, file, voice)
        pauses = np.linspace(LONGEST_PAUSE, 0.5, len(others))[::-1]
        return np.concatenate(
            [first, *(np.concatenate([silence(float(p)), o]) for p, o in zip(pauses, others, strict=True))]
        )

    def next_nod(self) -> tuple[str, Samples]:
        word, voice = NODS[self._nods % len(NODS)], VOICES[self._nods % len(VOICES)]
        self._nods += 1
        return word, speak(word, self.room.folder / "nod.wav", voice=voice)

    def next_stop(self) -> tuple[str, Samples]:
        words, voice = STOPS[self._stops % len(STOPS)], VOICES[(3 * self._stops) % len(VOICES)]
        self._stops += 1
        return f"{words} ({voice})", speak(words, self.room.folder / "stop.wav", voice=voice)

    def await_answer(self, after: float) -> Answer:
        """Once a second of it was told."""
        said = self.trace.wait(lambda note: note.what == "phase" and note.name == "SPEAKING", after)
        turn = int(self.trace.of("Begin")[-1].turn)
        until(lambda: len(self.trace.wave(turn)) > SPEECH_RATE, MOST_SECONDS)
        first = self.trace.wave(turn)[: round(0.8 * SPEECH_RATE)]
        begun = until(lambda: played(self.room.heard, first, said.time - 0.3, time.monotonic()), MOST_SECONDS)
        return Answer(turn, begun)

    def place(self, answer: Answer, end: float, seconds: float = 0.6) -> tuple[float, float]:
        """Second of an answer that was to be heard at a moment, by what was heard before it; and how sure that is."""
        heard = self.room.heard.cut(end - seconds, end)[:: RATE // SPEECH_RATE]
        at, fit = find(heard, self.trace.wave(answer.turn))
        return at / SPEECH_RATE + seconds, fit

    def user_lines(self) -> int:
        return sum(line["who"] == "USER" for line in self.trace.lines)


# What is done


def speak_turn(stage: Stage) -> tuple[Answer, tuple[float, float]]:
    """A spoken turn, and its answer."""
    begin, end = stage.make_sound(stage.next_question())
    stage.asked.append(SPEECH)
    over = stage.trace.wait(lambda note: note.what == "Ended", end - 0.2)
    stage.figures.waits.append(over.time - end)
    return stage.await_answer(end - 0.2), (begin, end)


def type_turn(stage: Stage, turn: Turn, files: dict[str, Path]) -> Answer:
    """By the keyboard alone."""
    screen, before = stage.room.screen, time.monotonic()
    if turn.show:
        open_dialog(screen)
        screen.write(str(files[turn.show]))
        close_dialog(screen)
        screen.await_window("Sightline")
    screen.write(turn.typed)
    screen.press("Return")
    stage.asked.append(turn.typed)
    return stage.await_answer(before)


def open_dialog(screen: Screen) -> None:
    """For files. Another key press where the first came before the window had the keyboard."""
    for _ in range(3):
        screen.await_window("Sightline")
        screen.press("ctrl+o")
        with suppress(subprocess.TimeoutExpired):
            screen.await_window("Attach")
            return
    raise MissingError("the dialog for files did not open")


def close_dialog(screen: Screen) -> None:
    """What it proposes may take the first key press for itself."""
    for _ in range(3):
        screen.press("Return")
        with suppress(MissingError):
            until(lambda: not screen.shows("Attach"), CLOSING_SECONDS)
            return
    raise MissingError("the dialog for files did not close")


def break_in(stage: Stage, answer: Answer) -> Answer:
    """The next turn is said into an answer."""
    stage.planned_cuts += 1
    following, (begin, end) = speak_turn(stage)
    figures = stage.figures
    figures.silent.append(stage.room.heard.last(begin, min(end, begin + JUDGED)) - begin)
    figures.lowered.append(lowered(stage, answer, begin))
    quiet, low = (1000 * found[-1] for found in (figures.silent, figures.lowered))
    figures.breaks.append(f"lowered after {low:.0f} ms, silent after {quiet:.0f} ms: {stage.asking}")
    take_cut(stage, answer, begin)
    return following


def stop(stage: Stage, answer: Answer) -> None:
    """A word that ends the answer, and begins no turn."""
    name, sound = stage.next_stop()
    rows = stage.user_lines()
    stage.planned_cuts += 1
    begin, end = stage.make_sound(sound)
    until(lambda: time.monotonic() > end + Settings().patience + 1.0)
    if stage.trace.phase == "LISTENING" and stage.user_lines() == rows:
        stage.figures.stops.append((name, True, stage.room.heard.last(begin, end + 1.0) - begin))
        take_cut(stage, answer, begin)
    else:
        stage.figures.stops.append((name, False, float("nan")))
        stage.room.screen.press("Escape")
        until(lambda: stage.trace.phase == "LISTENING")


def say_into(stage: Stage, kind: str, answer: Answer) -> Answer:
    """A sound that is no turn; returns the answer that is heard then, another one if it was taken for a turn."""
    name, sound = stage.next_nod() if kind == "nod" else SOUNDS[kind](stage.room)
    rows, cuts = stage.user_lines(), len(stage.trace.of("Cancel"))
    begin, end = stage.make_sound(sound)
    until(lambda: time.monotonic() > end + SETTLED)
    is_same = stage.user_lines() == rows and len(stage.trace.of("Cancel")) == cuts
    goes_on = is_same and stage.trace.phase == "SPEAKING" and stage.room.sounded(end + SETTLED - 0.5) > LATENESS
    quiet = longest_gap(stage, begin, end + SETTLED)
    stage.figures.nods.setdefault(f"{name}, {len(sound) / HEARING_RATE:.2f} s", []).append((goes_on, quiet))
    if goes_on and kind == "long nod" and quiet > MEANT:
        stage.figures.resumed.append(resumed_at_clause(stage, answer, begin, end))
    return answer if stage.trace.of("Begin")[-1].turn == answer.turn else stage.await_answer(begin)


def hear_whole(stage: Stage, answer: Answer) -> None:
    """Nobody says anything until it is over."""
    over = stage.trace.wait(lambda note: note.what == "phase" and note.name == "LISTENING", answer.begun)
    until(lambda: time.monotonic() > over.time + PAUSE)
    wave, figures = stage.trace.wave(answer.turn), stage.figures
    told = 0
    begun = max((note.time for note in stage.trace.of("Reply", turn=answer.turn)), default=0.0)
    for note in stage.trace.of("Said", "Voiced", turn=answer.turn, after=begun):
        if note.what == "Said":
            figures.ahead.append(note.time - (answer.begun + told / SPEECH_RATE))
        else:
            told += note.samples
    text = "".join(note.text for note in stage.trace.of("Said", turn=answer.turn, after=begun)).rstrip()
    figures.short += Measure().said(text, len(wave) / SPEECH_RATE) < len(text)
    figures.words.append(in_order(stage, answer, wave))


# What is found


def in_order(stage: Stage, answer: Answer, wave: Samples) -> tuple[int, int]:
    """How many pieces of an answer were to be heard at their time, of how many that are no silence."""
    size = round(CHUNK * SPEECH_RATE)
    pieces = [(begin, wave[begin : begin + size]) for begin in range(0, len(wave) - size, size)]
    spoken = [(begin, piece) for begin, piece in pieces if np.abs(piece).max() > 0.05]
    right, shift = 0, 0.0
    for begin, piece in spoken:
        at = answer.begun + begin / SPEECH_RATE + shift
        found = played(stage.room.heard, piece, at - 0.4, at + CHUNK + 0.4)
        if found is not None:
            right += 1
            shift += found - at  # a gap moves all that follows
    return right, len(spoken)


def take_cut(stage: Stage, answer: Answer, onset: float) -> None:
    """How soon the model rested, and whether it remembers what was heard."""
    cancel = stage.trace.wait(lambda note: note.what == "Cancel" and note.turn == answer.turn, onset)
    cut = stage.trace.wait(lambda note: note.what == "Cut" and note.turn == answer.turn, cancel.time)
    figures = stage.figures
    figures.decided.append(cancel.time - onset)
    finished = stage.trace.of("Finished", turn=answer.turn)
    if not finished or finished[0].time > cancel.time:
        figures.stopped.append(cut.time - cancel.time)
    place, fit = stage.place(answer, stage.room.heard.last(onset - 1.0, cancel.time + 0.3))
    if fit > SURE and "heard_up_to" in cancel.facts:
        told = cancel.heard_up_to
        figures.cut.append(min(told, max(place, sounded_until(stage.trace.wave(answer.turn), told))) - place)
        figures.cuts.append(
            f"turn {answer.turn}: told {told:.2f} s, heard {place:.2f} s (fit {fit:.2f}), off by"
            f" {1000 * figures.cut[-1]:.0f} ms of sound"
        )


def sounded_until(wave: Samples, told: float) -> float:
    """Second at which the last sound of a wave ends that is told to have been heard: of a pause behind it nothing is to
    be found at the speaker. As quiet as a lowered answer may be.
    """
    loud = np.flatnonzero(np.abs(wave[: round(told * SPEECH_RATE)]) > AUDIBLE / DUCKED)
    return float(loud[-1] + 1) / SPEECH_RATE if len(loud) else 0.0


def longest_gap(stage: Stage, begin: float, end: float) -> float:
    """Of silence at the speaker."""
    times, peaks = stage.room.heard.peaks()
    loud = times[(times >= begin) & (times < end) & (peaks > AUDIBLE)]
    return float(np.diff([begin, *loud, end]).max())


def lowered(stage: Stage, answer: Answer, onset: float) -> float:
    """How long after a moment the answer was below 0.6 of its level, by what it should have been."""
    place, fit = stage.place(answer, onset)
    step = SPEECH_RATE // 50
    begin = round((place - 0.6) * SPEECH_RATE)
    given = levels(stage.trace.wave(answer.turn)[begin : begin + round(1.2 * SPEECH_RATE)], step)
    heard = levels(stage.room.heard.cut(onset - 0.6, onset + 0.6)[:: RATE // SPEECH_RATE], step)[: len(given)]
    told = given[: len(heard)] > 0.1 * given.max(initial=0.0)
    ratio = np.where(told, heard / np.maximum(given[: len(heard)], 1e-6), np.inf)
    usual = np.median(ratio[:30][told[:30]]) if told[:30].any() else np.nan
    low = np.flatnonzero(ratio[30:] < 0.6 * usual)
    return float(low[0]) / 50 if fit > SURE and len(low) else float("nan")


def levels(sound: Samples, step: int) -> Samples:
    steps = sound[: len(sound) // step * step].reshape(-1, step)
    return np.sqrt(np.square(steps).mean(axis=1)) if len(steps) else np.zeros(0, np.float32)


def resumed_at_clause(stage: Stage, answer: Answer, begin: float, end: float) -> bool:
    """Whether what is to be heard after a silence begins where a clause does, and not after what was heard before."""
    back = until(lambda: stage.room.heard.onset(end + 0.1))
    place, fit = stage.place(answer, back + 0.8, 0.8)
    start = place - 0.8
    wave = stage.trace.wave(answer.turn)
    before = wave[max(0, round((start - CLAUSE_GAP) * SPEECH_RATE)) : max(0, round((start - 0.03) * SPEECH_RATE))]
    reached, _ = stage.place(answer, stage.room.heard.last(begin - 1.0, begin + 0.6))
    return fit > SURE and start < reached and float(np.abs(before).max(initial=0.0)) < 0.05


def count_lines(stage: Stage) -> None:
    """The whole conversation, as it is shown."""
    lines = [line for line in stage.trace.lines if line["who"] != "NOTICE"]
    questions = [line for line in lines if line["who"] == "USER"]
    told = [line["text"] or SPEECH for line in questions]
    answered = [
        one["who"] == "USER" and two["who"] == "MODEL" for one, two in zip(lines[::2], lines[1::2], strict=False)
    ]
    figures = stage.figures
    shown = {line["text"].rstrip() for line in lines if line["who"] == "MODEL"}
    figures.remembered = [cut.text.rstrip() in shown for cut in stage.trace.of("Cut") if cut.facts.get("text")]
    rest = iter(told)
    figures.turns = sum(asked in rest for asked in stage.asked) if all(answered) else 0
    figures.phantoms = len(questions) - len(stage.asked)
    figures.interrupted = sum(line["state"] == "CUT" for line in lines if line["who"] == "MODEL") - stage.planned_cuts


def converse(stage: Stage, script: tuple[Turn, ...], files: dict[str, Path]) -> None:
    """All turns; whatever does not happen ends it."""
    answer: Answer | None = None
    try:
        for turn in script:
            if turn.typed:
                answer = type_turn(stage, turn, files)
            elif answer is not None:
                answer = break_in(stage, answer)
            else:
                answer, _ = speak_turn(stage)
            answer = go_through(stage, turn, answer)
    except MissingError as error:
        stage.figures.broken = f"{error}, in turn {len(stage.asked)}"
    count_lines(stage)


def rest(seconds: float) -> None:
    """Nobody says anything."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end)


def go_through(stage: Stage, turn: Turn, answer: Answer) -> Answer | None:
    """What is said into the answer; None once it is over."""
    if not turn.into:
        hear_whole(stage, answer)
        return None
    for kind in turn.into:
        rest(LISTENED)
        if kind == "stop":
            stop(stage, answer)
            return None
        answer = say_into(stage, kind, answer)
    return answer


def make_files(folder: Path) -> dict[str, Path]:
    """A picture, a sound and a film to be shown."""
    Image.fromarray(shade((180, 60, 40), 320, 240)).save(folder / "red.png")
    frames = [shade((20 * number, 90, 160), 160, 120) for number in range(10)]
    film = Clip(frames=frames, times=[number / 5 for number in range(10)])
    return {
        "picture": folder / "red.png",
        "sound": write_sound(folder / "tone.flac", tone(1.0, HEARING_RATE)),
        "video": write_clip(folder / "film.mp4", film),
    }


@contextmanager
def come_in(room: Room, folder: Path, settings: Settings) -> Iterator[Trace]:
    """Sightline with the teller and a camera, hands-free and ready; the microphone hears the speaker."""
    save(settings, room.folder / "home" / ".config" / "sightline" / "settings.json")
    video = film_desk(room.folder / "desk.mp4")
    hiss = murmur(HISS_SECONDS, level=HISS)
    words = ("-m", "tests.helpers.teller", str(folder), str(video))
    with (
        room.rig.echoing(seconds=0.06, percent=60),
        room.rig.playing(hiss, HEARING_RATE),
        start_desktop(room.eye, room.environment, main=words),
    ):
        room.screen.await_window("Sightline")
        trace = Trace(folder)
        trace.wait(lambda note: note.what == "phase" and note.name == "LISTENING", 0.0, 120.0)
        if settings.duplex is None and not settings.echoes:
            trace.wait(lambda note: note.what == "echo" and note.testing, 0.0)
            trace.wait(lambda note: note.what == "echo" and not note.testing and note.duplex != "push", 0.0)
        yield trace
