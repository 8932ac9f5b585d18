"""What the user chose, kept from one start to the next. Knows nothing of who acts on it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from pathlib import Path

from app.duplex import Duplex, Echo
from app.first_steps import PAGES, Profile, Step
from app.hotkeys import Action, Hotkey
from app.senses import Size
from app.wake_phrase import WakePhrase
from app.words import translate

LEAST_PATIENCE = 0.5
MOST_PATIENCE = 5.0
LEAST_TEXT, MOST_TEXT = 100, 200
LEAST_SPEED, MOST_SPEED = 0.75, 2.0
LEAST_CONTEXT, MOST_CONTEXT = 2048, 32_768
VERSION = 1
"""Of the file; one with a higher number was written by a newer Sightline."""
MARK = "settings"
SENSES = ("camera", "microphone", "speaker", "camera_size", "mirror", "preview", "remarks")
"""What the page of devices is about."""
FOLDERS = ("model", "models")


class Look(StrEnum):
    """In which colours."""

    SYSTEM = "system"
    """As the rest of the desktop, light or dark."""
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Language(StrEnum):
    """In which words; the values are as Qt's files of translations are called."""

    SYSTEM = "system"
    """The system's, if Sightline speaks it."""
    ENGLISH = "en"
    SPANISH = "es"


class Speech(StrEnum):
    """Who speaks the answers."""

    AUTOMATIC = "automatic"
    """The model, unless it is too slow: then the system."""
    MODEL = "model"
    SYSTEM = "system"
    NOBODY = "nobody"


KINDS: Mapping[str, type[StrEnum]] = {
    "look": Look,
    "language": Language,
    "speech": Speech,
    "duplex": Duplex,
    "wake_phrase": WakePhrase,
    "first_run": Step,
    "profile": Profile,
}
"""Of what is one of a few."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Raises ValueError for a value that cannot be."""

    model: Path | None = None
    camera: str | None = None
    """The identity of a camera, or in its place a number or file as OpenCV reads it; None is the system's default."""
    speech: Speech = Speech.AUTOMATIC
    voice: str = "Chelsie"
    """Of the model's voices."""
    system_voice: str | None = None
    """Of the system's voices; None is its usual one."""
    speed: float = 1.0
    """Of speech; 2 takes half the time."""
    hands_free: bool = False
    """Whether speech begins a turn without a click."""
    patience: float = 1.6
    """Seconds of silence that end what a person says, at the latest: one that sounds complete is over sooner."""
    volume: float = 1.0
    """Of the voice, 0 to 1."""
    look: Look = Look.SYSTEM
    text_percent: int = 100
    """Size of all text, of what the system has."""
    keep_days: int | None = None
    """After how many days without a word a conversation is deleted; None never."""
    private: bool = False
    """Whether a new conversation is a private one."""
    language: Language = Language.SYSTEM
    """Taken when Sightline starts."""
    reduce_motion: bool = False
    """Whether nothing moves by itself."""
    tray: bool = False
    """Whether Sightline goes on in the tray when its window is closed."""
    autostart: bool = False
    """Whether it starts when the user logs in."""
    microphone: str | None = None
    """Its identity, as the next one; None is the system's default."""
    speaker: str | None = None
    camera_size: Size | None = None
    """What the camera is asked for; None is enough to read a page of print."""
    mirror: bool = False
    """Whether the user sees the camera's picture as in a mirror; the model never does."""
    preview: bool = True
    """Whether what the model sees is shown."""
    remarks: bool = False
    """Whether the model is asked about changes by itself."""
    duplex: Duplex | None = None
    """What it takes to break into an answer by speaking; None is what the test for echo found."""
    echoes: tuple[Echo, ...] = ()
    """What was found, by pairs of devices, the latest first."""
    wake_phrase: WakePhrase | None = None
    """What must be said before Sightline listens hands-free; None is nothing."""
    models: Path | None = None
    """Where downloaded models lie; None where the system keeps data."""
    moved_to: tuple[Path, ...] = ()
    """Where models lie besides, of moves that were not finished."""
    idle_minutes: int | None = None
    """After how many minutes without a question the model's memory is freed; None never."""
    licences: tuple[str, ...] = ()
    """Of which models the licence was accepted."""
    hotkeys: tuple[Hotkey, ...] = ()
    """Keys that work while another program has the keyboard: one an action at most, and each for one only."""
    first_run: Step = Step.OVER
    """Which page of the first run comes next; where nothing was ever kept it is the first one."""
    profile: Profile = Profile.STANDARD
    """Whom it was set up for; what that means is in the other settings."""
    signals: bool = False
    """Whether a short sound tells that it is one's turn again."""
    guidance: bool = False
    """Whether the system's voice reads the pages of the first run aloud."""
    context: int | None = None
    """How many tokens of a conversation the model keeps in mind; None as many as it can."""

    @property
    def made_voice(self) -> str | None:
        """Of the model's voices the one that it is loaded with; None where it need not speak."""
        return self.voice if self.speech in {Speech.AUTOMATIC, Speech.MODEL} else None

    def __post_init__(self) -> None:
        _check(isinstance(self.model, Path | None), "model")
        _check(isinstance(self.camera, str | None), "camera")
        _check(isinstance(self.speech, Speech), "speech")
        _check(isinstance(self.voice, str), "voice")
        _check(isinstance(self.system_voice, str | None), "system_voice")
        _check(isinstance(self.speed, float) and LEAST_SPEED <= self.speed <= MOST_SPEED, "speed")
        _check(isinstance(self.hands_free, bool), "hands_free")
        _check(isinstance(self.patience, float) and LEAST_PATIENCE <= self.patience <= MOST_PATIENCE, "patience")
        _check(isinstance(self.volume, float) and 0.0 <= self.volume <= 1.0, "volume")
        _check(isinstance(self.look, Look), "look")
        _check(type(self.text_percent) is int and LEAST_TEXT <= self.text_percent <= MOST_TEXT, "text_percent")
        _check(self.keep_days is None or _is_count(self.keep_days), "keep_days")
        _check(isinstance(self.language, Language), "language")
        for name in ("private", "reduce_motion", "tray", "autostart", "mirror", "preview", "remarks"):
            _check(isinstance(getattr(self, name), bool), name)
        for name in ("microphone", "speaker"):
            _check(isinstance(getattr(self, name), str | None), name)
        _check(isinstance(self.camera_size, Size | None), "camera_size")
        _check(isinstance(self.duplex, Duplex | None), "duplex")
        _check(isinstance(self.wake_phrase, WakePhrase | None), "wake_phrase")
        _check(isinstance(self.echoes, tuple) and all(isinstance(echo, Echo) for echo in self.echoes), "echoes")
        _check(isinstance(self.models, Path | None), "models")
        _check(isinstance(self.moved_to, tuple) and all(isinstance(one, Path) for one in self.moved_to), "moved_to")
        _check(self.idle_minutes is None or _is_count(self.idle_minutes), "idle_minutes")
        _check(self.context is None or _is_context(self.context), "context")
        _check(isinstance(self.licences, tuple) and all(isinstance(name, str) for name in self.licences), "licences")
        _check(isinstance(self.hotkeys, tuple) and all(isinstance(key, Hotkey) for key in self.hotkeys), "hotkeys")
        _check(len({key.action for key in self.hotkeys}) == len(self.hotkeys), "hotkeys")
        _check(len({key.keys for key in self.hotkeys}) == len(self.hotkeys), "hotkeys")
        _check(isinstance(self.first_run, Step), "first_run")
        _check(isinstance(self.profile, Profile), "profile")
        _check(isinstance(self.signals, bool), "signals")
        _check(isinstance(self.guidance, bool), "guidance")


def with_senses(settings: Settings, senses: Settings) -> Settings:
    """All of the first but for what is listened to, looked at and spoken through, which is of the second."""
    return replace(settings, **{name: getattr(senses, name) for name in SENSES})


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and a sentence for the user where they are not what the file held."""

    settings: Settings
    sentence: str = ""
    is_unread: bool = False
    """Whether the file holds settings still that nobody could read."""


def language_in(file: Path) -> Language:
    """What can be read of it: in this language is said what else cannot."""
    try:
        return Language(json.loads(file.read_text(encoding="utf-8"))["language"])
    except (OSError, ValueError, KeyError, TypeError):
        return Language.SYSTEM


def load(file: Path) -> Loaded:
    """Without a file there are the usual settings, and the first run is still to come.

    Of a damaged one, or one of a newer Sightline, what can be used is; it is kept under another name, and said so.
    One that cannot be read stays, since it may be whole: `set_aside` comes before anything is saved in its place.
    """
    try:
        return _parse(file.read_text(encoding="utf-8"), file)
    except (FileNotFoundError, NotADirectoryError):
        return Loaded(Settings(first_run=PAGES[0]))
    except OSError as error:
        return _leave(file, error)
    except ValueError:
        return _mend(Settings(), file, translate("Settings", "Your settings were damaged: the usual ones are used"))


def set_aside(file: Path) -> None:
    """Gives what could not be read another name, so that saving loses none of it. Raises OSError."""
    with suppress(FileNotFoundError):
        file.replace(_unread(file))


def save(settings: Settings, file: Path) -> None:
    """Readable by the user alone; the file is whole at every moment. Raises OSError."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    stored = {"version": VERSION} | asdict(settings)
    number, name = tempfile.mkstemp(dir=file.parent, prefix=MARK, text=True)  # made for its owner alone
    fresh = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as opened:
            json.dump(stored, opened, indent=2, default=os.fspath)
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _parse(text: str, file: Path) -> Loaded:
    """Raises ValueError where nothing can be used."""
    stored = json.loads(text)
    if not isinstance(stored, dict):
        raise ValueError("no settings")  # noqa: TRY004 -- of a file every damage is alike
    if stored.get("voice", "") is None:  # as silence was kept once
        stored = {**stored, "voice": Settings().voice, "speech": Speech.NOBODY}
    settings, is_whole = _read(stored)
    version = stored.get("version", VERSION)
    if type(version) is not int or version > VERSION:
        said = translate("Settings", "Your settings are of a newer Sightline: those that are known here are used")
        return Loaded(settings, _copy(file, "newer", said))
    if not is_whole:
        return _mend(
            settings,
            file,
            translate("Settings", "Some of your settings were damaged: in their place the usual ones are used"),
        )
    return Loaded(settings)


def _read(stored: Mapping[str, object]) -> tuple[Settings, bool]:
    """One value after the other, and whether all could be used; what is missing is as usual."""
    values = asdict(Settings())
    is_whole = True
    for field in fields(Settings):
        if field.name in stored:
            before = values[field.name]
            try:
                values[field.name] = _typed(field.name, stored[field.name])
                Settings(**values)
            except (ValueError, TypeError, KeyError):
                values[field.name], is_whole = before, False
    return Settings(**values), is_whole


def _typed(name: str, value: object) -> object:
    """JSON has neither paths nor enumerations, and writes a whole number without a point.

    Raises ValueError, TypeError or KeyError.
    """
    if name in FOLDERS and isinstance(value, str):
        return Path(value)
    if isinstance(value, list | dict):
        return _composed(name, value)
    if name in {"patience", "volume", "speed"} and type(value) is int:
        return float(value)
    return KINDS[name](str(value)) if name in KINDS and value is not None else value


def _composed(name: str, value: object) -> object:
    """Of several values. Raises ValueError, TypeError or KeyError."""
    match name, value:
        case "licences", list(names):
            return tuple(names)
        case "moved_to", list(folders):
            return tuple(map(Path, folders))
        case "camera_size", dict(sides):
            return Size(**sides)
        case "hotkeys", list(hotkeys):
            return tuple(Hotkey(Action(stored["action"]), stored["keys"]) for stored in hotkeys)
        case "echoes", list(echoes):
            return tuple(Echo(**{**stored, "duplex": Duplex(stored["duplex"])}) for stored in echoes)
        case _:
            return value


def _leave(file: Path, error: OSError) -> Loaded:
    words = translate(
        "Settings",
        "Your settings in {file} cannot be read ({reason}): the usual ones are used. Once you change one, that file is "
        "kept as {aside}.",
    )
    said = words.format(file=file, reason=error.strerror, aside=_unread(file).name)
    return Loaded(Settings(), said, is_unread=True)


def _unread(file: Path) -> Path:
    return file.with_suffix(".unread.json")


def _mend(settings: Settings, file: Path, said: str) -> Loaded:
    """The file becomes what could be used of it, so that this is said once."""
    sentence = _copy(file, "damaged", said)
    with suppress(OSError):  # what cannot be written is told when something is chosen
        save(settings, file)
    return Loaded(settings, sentence)


def _copy(file: Path, mark: str, said: str) -> str:
    aside = file.with_suffix(f".{mark}.json")
    try:
        shutil.copy2(file, aside)
    except OSError as error:
        return translate("Settings", "{said}; those in {file} cannot be copied ({reason}).").format(
            said=said, file=file, reason=error.strerror
        )
    return translate("Settings", "{said}; the file as it was is kept in {aside}.").format(said=said, aside=aside)


def _is_context(value: object) -> bool:
    return type(value) is int and LEAST_CONTEXT <= value <= MOST_CONTEXT


def _is_count(value: object) -> bool:
    return type(value) is int and value > 0


def _check(holds: bool, name: str) -> None:  # noqa: FBT001 -- reads as assert does
    if not holds:
        raise ValueError(f"{name} cannot be that")
