"""What the three systems would find: on Linux it is started for real, as a desktop would."""

from __future__ import annotations

import plistlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from app import autostart
from app.autostart import NAME, Entry, RunKey, command_line, desktop_entry, is_disabled, launch_agent, of_this_system

AWKWARD = ['a"b', "$HOME `id`", "back\\slash", "100 %", "plain"]


def exec_words(entry: str) -> list[str]:
    """As the Desktop Entry Specification reads it: as a string first, then as quoted words, then its fields."""
    (line,) = (line for line in entry.splitlines() if line.startswith("Exec="))
    unescaped = line.removeprefix("Exec=").replace("\\\\", "\\")
    quoted = re.findall(r'"((?:\\.|[^"\\])*)"', unescaped)
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in quoted]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


@pytest.mark.skipif(sys.platform != "linux", reason="desktop entries are Linux's")
def test_linux_is_told_by_a_file_that_comes_and_goes(config: Path) -> None:
    entry = of_this_system()
    assert not entry.is_on
    entry.switch(on=True)
    assert entry.is_on
    (file,) = (config / "autostart").iterdir()
    assert file.name == "sightline.desktop"
    assert exec_words(file.read_text()) == command_line()
    entry.switch(on=False)
    entry.switch(on=False)
    assert not entry.is_on
    assert not file.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="desktop entries are Linux's")
def test_the_command_of_the_entry_starts_sightline(config: Path) -> None:
    """With one word more, so that it says how it is used instead of opening a window."""
    of_this_system().switch(on=True)
    entry = (config / "autostart" / "sightline.desktop").read_text()
    said = subprocess.run([*exec_words(entry), "--help"], capture_output=True, text=True, check=True, cwd="/")
    assert "usage: sightline" in said.stdout
    assert autostart.IN_TRAY in said.stdout


def test_awkward_names_come_through() -> None:
    assert exec_words(desktop_entry(AWKWARD)) == AWKWARD


def test_macos_would_find_a_launch_agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    of_this_system("darwin").switch(on=True)
    file = tmp_path / "Library" / "LaunchAgents" / "org.sightline.desktop.plist"
    told = plistlib.loads(file.read_bytes())
    assert told == {"Label": "org.sightline.desktop", "ProgramArguments": command_line(), "RunAtLoad": True}
    assert plistlib.loads(launch_agent(AWKWARD))["ProgramArguments"] == AWKWARD


def test_windows_would_find_a_value_of_its_run_key(tmp_path: Path) -> None:
    file = str(tmp_path / "registry.ini")
    approved = QSettings(str(tmp_path / "approved.ini"), QSettings.Format.IniFormat)
    key = RunKey(
        QSettings(file, QSettings.Format.IniFormat),
        approved,
        ["C:\\Program Files\\Sightline\\Sightline.exe", "--in-tray"],
    )
    assert not key.is_on
    key.switch(on=True)
    assert key.is_on
    stored = QSettings(file, QSettings.Format.IniFormat).value(NAME)
    assert stored == '"C:\\Program Files\\Sightline\\Sightline.exe" --in-tray'
    for state, is_on in ((2, True), (3, False), (6, True), (7, False)):  # as the system's task manager notes it
        for stored in (QByteArray(bytes([state, *bytes(11)])), chr(state) + "\0" * 5):
            approved.setValue(NAME, stored)
            assert key.is_on is is_on
    key.switch(on=True)
    assert key.is_on
    key.switch(on=False)
    assert not key.is_on


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled = false"])
def test_an_entry_that_the_desktop_switched_off_is_off(tmp_path: Path, line: str) -> None:
    file = tmp_path / "sightline.desktop"
    entry = Entry(file, desktop_entry(["sightline"]).encode())
    entry.switch(on=True)
    kept = [kept for kept in file.read_text().splitlines() if not kept.startswith("X-GNOME")]
    file.write_text("\n".join([*kept, line]))
    assert not entry.is_on
    entry.switch(on=True)
    assert entry.is_on


@pytest.mark.parametrize(("state", "off"), [("disabled", True), ("true", True), ("enabled", False), ("false", False)])
def test_an_agent_that_the_user_switched_off_is_off(state: str, *, off: bool) -> None:
    listing = f'disabled services = {{\n\t"com.apple.x" => disabled\n\t"org.sightline.desktop" => {state}\n}}'
    assert is_disabled(listing) is off
    assert not is_disabled(listing.replace("sightline", "another"))


def test_what_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Entry(tmp_path / "file" / "autostart" / "entry", b"").switch(on=True)
