"""Choices are kept as they change, and what could not be read is never written over."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import settings
from app.application import Application
from app.choices import Choices
from app.options import Options
from app.paths import Home
from app.settings import Loaded, Settings
from app.voice import engine
from app.voice.system_voice import SystemVoice

REAL = Settings(patience=2.5)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "settings.json"
    settings.save(REAL, file)
    return file


@pytest.fixture
def unread(file: Path, monkeypatch: pytest.MonkeyPatch) -> Loaded:
    """The disk has failed for a moment."""

    def fail(_file: Path, **_: object) -> str:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "read_text", fail)
        return settings.load(file)


def test_what_could_not_be_read_is_used_at_the_next_start(file: Path, unread: Loaded) -> None:
    assert unread.settings == Settings()
    assert "settings.unread.json" in unread.sentence
    assert settings.load(file) == Loaded(REAL)


def test_what_could_not_be_read_is_kept_when_something_is_chosen(qtbot: QtBot, file: Path, unread: Loaded) -> None:
    choices = Choices(unread.settings, file, is_unread=unread.is_unread)
    choices.take_context(4096)
    choices.take_model(Path("model"))
    assert settings.load(file).settings == Settings(context=4096, model=Path("model"))
    assert settings.load(file.with_name("settings.unread.json")).settings == REAL


def test_where_it_cannot_be_kept_nothing_is_written_over_it(
    qtbot: QtBot, file: Path, unread: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_file: Path, _to: Path) -> Path:
        raise PermissionError(errno.EACCES, "Permission denied")

    choices = Choices(unread.settings, file, is_unread=unread.is_unread)
    with monkeypatch.context() as broken, qtbot.waitSignal(choices.complained):
        broken.setattr(Path, "replace", refuse)
        choices.take_context(4096)
    assert settings.load(file).settings == REAL


def test_the_desktop_keeps_what_it_could_not_read(qtbot: QtBot, tmp_path: Path) -> None:
    """A folder in its place cannot be read as a file, by whatever user."""
    home = Home(tmp_path / "settings" / "settings.json", tmp_path / "data" / "history.sqlite")
    (home.settings / "inner").mkdir(parents=True)
    application = Application(Options(None, None), home, system_voice=SystemVoice(engine.main_for_tests))
    application.choices.take_context(4096)
    assert (home.settings.with_name("settings.unread.json") / "inner").is_dir()
    assert settings.load(home.settings).settings.context == 4096
    application.close()
    qtbot.addWidget(application.window)
