"""What the user chose, kept from one start to the next. Knows nothing of who acts on it."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path

LEAST_PATIENCE = 0.5
MOST_PATIENCE = 5.0
MARK = "settings"


@dataclass(frozen=True, slots=True)
class Settings:
    """Raises ValueError for a value that cannot be."""

    model: Path | None = None
    camera: str | None = None
    """The number of a camera, or a file to see in its place."""
    voice: str | None = "Chelsie"
    """Who speaks; None is silent."""
    hands_free: bool = False
    """Whether speech begins a turn without a click."""
    patience: float = 0.7
    """Seconds of silence that end what a person says."""

    def __post_init__(self) -> None:
        _check(isinstance(self.model, Path | None), "model")
        _check(isinstance(self.camera, str | None), "camera")
        _check(isinstance(self.voice, str | None), "voice")
        _check(isinstance(self.hands_free, bool), "hands_free")
        _check(isinstance(self.patience, float) and LEAST_PATIENCE <= self.patience <= MOST_PATIENCE, "patience")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and a sentence for the user where they are not what the file held."""

    settings: Settings
    sentence: str = ""


def load(file: Path) -> Loaded:
    """Without a file there are the usual settings; a damaged one is put aside under another name, and said so."""
    try:
        text = file.read_text(encoding="utf-8")
        return Loaded(_parse(text))
    except FileNotFoundError:
        return Loaded(Settings())
    except OSError as error:
        return Loaded(
            Settings(), f"Your settings in {file} cannot be read ({error.strerror}): the usual ones are used."
        )
    except ValueError:
        return Loaded(Settings(), _put_aside(file))


def save(settings: Settings, file: Path) -> None:
    """Readable by the user alone; the file is whole at every moment. Raises OSError."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    stored = asdict(settings) | {"model": None if settings.model is None else str(settings.model)}
    number, name = tempfile.mkstemp(dir=file.parent, prefix=MARK, text=True)  # made for its owner alone
    fresh = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as opened:
            json.dump(stored, opened, indent=2)
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _parse(text: str) -> Settings:
    """Raises ValueError. What a newer Sightline added is passed over, what is missing is as usual."""
    stored = json.loads(text)
    if not isinstance(stored, dict):
        raise ValueError("no settings")  # noqa: TRY004 -- of a file every damage is alike
    known = {field.name: stored[field.name] for field in fields(Settings) if field.name in stored}
    if isinstance(known.get("model"), str):
        known["model"] = Path(known["model"])
    if type(known.get("patience")) is int:
        known["patience"] = float(known["patience"])
    return Settings(**known)


def _put_aside(file: Path) -> str:
    aside = file.with_suffix(".damaged.json")
    try:
        file.replace(aside)
    except OSError as error:
        return f"Your settings in {file} are damaged ({error.strerror}): the usual ones are used."
    return f"Your settings were damaged: the usual ones are used, and the damaged ones are kept in {aside}."


def _check(holds: bool, name: str) -> None:  # noqa: FBT001 -- reads as assert does
    if not holds:
        raise ValueError(f"{name} cannot be that")
