"""The bootstrap's decisions, and the bootstrap itself run as a command in small folders of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installer import dev

ROOT = Path(__file__).resolve().parent.parent.parent
NOWHERE = {"PATH": "", "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}  # no apt, no sudo, no packages
PROJECT = """
[project]
dependencies = ["torch==0.0.1"]
[project.optional-dependencies]
dev = []
"""


@pytest.fixture(scope="module")
def made_environment(tmp_path_factory: pytest.TempPathFactory) -> dev.Environment:
    """A real, empty environment; tests change a copy of hard links and only add or remove files."""
    environment = dev.Environment(tmp_path_factory.mktemp("made") / ".venv")
    dev.make_environment(environment)
    return environment


@pytest.fixture
def project(tmp_path: Path, made_environment: dev.Environment) -> Path:
    """A folder with the bootstrap, a project that nothing can satisfy and a usable environment."""
    (tmp_path / "installer").mkdir()
    for file in ("dev.py", "checks.py"):
        shutil.copy(ROOT / "installer" / file, tmp_path / "installer")
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    shutil.copytree(made_environment.folder, tmp_path / ".venv", symlinks=True, copy_function=os.link)
    return tmp_path


def bootstrap(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(project / "installer" / "dev.py"), *arguments],
        env={**os.environ, **NOWHERE},
        capture_output=True,
        text=True,
        check=False,
    )


def fill(project: Path, command: str) -> None:
    dev.Environment(project / ".venv").mark_filled(dev.fingerprint(project), command)


def report(version: str) -> str:
    return json.dumps({"version": "1", "install": [{"metadata": {"name": "torch", "version": version}}]})


def test_every_requirement_is_pinned_exactly() -> None:
    requirements = dev.Requirements.read(ROOT / "pyproject.toml")
    assert requirements.torch in requirements.app
    assert all("==" in requirement for requirement in requirements.app + requirements.checks)


def test_fingerprint_follows_the_packages() -> None:
    ours = dev.Requirements("torch==1", ("torch==1", "numpy==1"), ("pytest==1",))
    same = dev.Requirements("torch==1", ("torch==1", "numpy==1"), ("pytest==1",))
    newer = dev.Requirements("torch==1", ("torch==1", "numpy==2"), ("pytest==1",))
    assert ours.fingerprint() == same.fingerprint() != newer.fingerprint()


def test_fingerprint_follows_the_sources_of_the_kernels(project: Path) -> None:
    before = dev.fingerprint(project)
    assert dev.fingerprint(project) == before
    native = project / "model" / "kernels" / "native"
    native.mkdir(parents=True)
    (native / "pool.c").write_text("int x;")
    first = dev.fingerprint(project)
    (native / "pool.c").write_text("int y;")
    assert len({before, first, dev.fingerprint(project)}) == 3


@pytest.mark.parametrize(
    ("filled_for", "wanted", "filled"),
    [("run", "run", True), ("test", "run", True), ("test", "test", True), ("run", "test", False)],
)
def test_stamp_covers_what_was_installed(tmp_path: Path, filled_for: str, wanted: str, *, filled: bool) -> None:
    environment = dev.Environment(tmp_path)
    environment.mark_filled("these packages", filled_for)
    assert environment.is_filled("these packages", wanted) == filled
    assert not environment.is_filled("other packages", wanted)


def test_environment_without_stamp_is_not_filled(tmp_path: Path) -> None:
    assert not dev.Environment(tmp_path).is_filled("these packages", "run")


def test_environment_is_usable_only_while_whole(project: Path) -> None:
    environment = dev.Environment(project / ".venv")
    assert environment.is_usable()
    environment.mark_unfinished()
    assert not environment.is_usable()
    environment.mark_filled("these packages", "run")
    assert environment.is_usable()
    Path(environment.python).unlink()
    assert not environment.is_usable()


def test_environment_without_pip_is_not_usable(project: Path) -> None:
    environment = dev.Environment(project / ".venv")
    (pip,) = environment.folder.rglob("site-packages/pip")
    shutil.rmtree(pip)
    assert not environment.is_usable()


@pytest.mark.skipif(sys.platform == "win32", reason="stands a shell script in for another version of Python")
def test_environment_of_another_python_is_not_usable(project: Path) -> None:
    python = Path(dev.Environment(project / ".venv").python)
    python.unlink()
    python.write_text('#!/bin/sh\necho "(3, 10)"\n')
    python.chmod(0o755)
    assert not dev.Environment(project / ".venv").is_usable()


def test_broken_environment_is_made_anew(project: Path) -> None:
    environment = dev.Environment(project / ".venv")
    Path(environment.python).unlink()
    environment.mark_unfinished()
    dev.make_environment(environment)
    assert environment.is_usable()
    assert environment.read_stamp() == ""


def test_filled_environment_starts_the_app_at_once_and_passes_its_status_on(project: Path) -> None:
    (project / "main.py").write_text("import sys; print(sys.argv[1:], sys.prefix); sys.exit(7)")
    fill(project, "run")
    before = os.times()
    ended = bootstrap(project, "run", "--model", "a folder")
    after = os.times()
    worked = after.children_user + after.children_system - before.children_user - before.children_system
    assert worked < 1  # of processors: a busy machine may keep it waiting
    assert ended.stdout.strip() == f"['--model', 'a folder'] {project / '.venv'}"
    assert ended.returncode == 7


@pytest.mark.parametrize(
    ("arguments", "tests"),
    [
        (
            (),
            "tests of the app, tests of conversations, tests of the runner, tests of training and kernels, {static}, "
            "tests of the window",
        ),
        (("tests/app",), "{static}, pytest"),
    ],
)
def test_every_check_is_run_and_every_failure_named(project: Path, arguments: tuple[str, ...], tests: str) -> None:
    fill(project, "test")
    ended = bootstrap(project, "test", *arguments)  # the empty environment has none of the tools
    assert ended.returncode == 1
    static = "ruff format, ruff check, mypy, import contracts, dead code"
    assert ended.stdout.splitlines()[-1] == f"== Failed: {tests.format(static=static)}"


def test_failed_install_gives_one_sentence_and_is_not_taken_for_done(project: Path) -> None:
    ended = bootstrap(project, "run")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("pip found no torch==0.0.1 for this machine:")
    assert "Traceback" not in ended.stderr
    assert not dev.Environment(project / ".venv").was_filled


def test_without_a_network_the_app_starts_with_what_was_installed_before(project: Path) -> None:
    (project / "main.py").write_text("print('started')")
    fill(project, "test")
    (project / "pyproject.toml").write_text(PROJECT.replace("torch==0.0.1", "torch==0.0.2"))
    for _ in range(2):  # nor is anything lost for the next start
        ended = bootstrap(project, "run")
        assert ended.returncode == 0
        *_, sentence, said = ended.stdout.splitlines()
        assert said == "started"
        assert sentence.endswith("Sightline starts with what was installed before.")
    checked = bootstrap(project, "test")
    assert checked.returncode == 1
    assert "pip found no torch==0.0.2" in checked.stderr


def test_what_is_not_to_be_had_is_known_before_anything_changes(project: Path) -> None:
    environment = dev.Environment(project / ".venv")
    with pytest.raises(dev.BootstrapError, match="not to be had now"):
        dev.look_for_packages(environment, ("no-such-package==1",), ["--no-index"])


@pytest.mark.parametrize(
    ("version", "system", "nvidia", "index"),
    [
        ("2.13.0", "linux", False, dev.CPU_WHEELS),
        ("2.13.0", "linux", True, None),
        ("2.13.0+cpu", "linux", False, None),
        ("2.13.0", "win32", True, dev.WINDOWS_CUDA_WHEELS),
        ("2.13.0", "win32", False, None),
        ("2.13.0", "darwin", False, None),
    ],
)
def test_torch_comes_in_the_build_for_the_machine(
    version: str, system: str, *, nvidia: bool, index: str | None
) -> None:
    options = dev.torch_options(report(version), nvidia=nvidia, system=system)
    assert options == ([] if index is None else ["--extra-index-url", index])


def test_missing_packages_are_those_that_dpkg_does_not_call_installed() -> None:
    lines = "libgl1 ii \nlibglib2.0-0 un \nlibglib2.0-0t64 ii \nlibpulse0 rc \nlibegl1 hi \n"
    wanted = ("libgl1", "libglib2.0-0", "libpulse0", "libportaudio2", "libegl1")
    assert dev.missing_packages(wanted, lines) == ["libpulse0", "libportaudio2"]


def test_the_app_does_not_bring_what_only_its_tests_need() -> None:
    assert not set(dev.system_packages("run")) & {"pulseaudio", "xvfb", "espeak-ng", "qemu-user"}
    assert set(dev.system_packages("run")) | {"pulseaudio", "xvfb", "espeak-ng", "qemu-user"} <= set(
        dev.system_packages("test")
    )


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="needs a system with dpkg")
def test_dpkg_is_asked_in_words_that_it_knows() -> None:
    wanted = ("dpkg", "no-such-package")
    assert dev.missing_packages(wanted, dev.query_installed(wanted)) == ["no-such-package"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sudo on Windows")
@pytest.mark.parametrize(("status", "prefix"), [(0, ["-n"]), (1, None)])
def test_sudo_is_used_only_where_it_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, prefix: list[str] | None
) -> None:
    sudo = tmp_path / "sudo"
    sudo.write_text(f"#!/bin/sh\nexit {status}\n")
    sudo.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    if prefix is None:
        with pytest.raises(dev.BootstrapError, match="run 'sudo apt-get install libgl1 libegl1'"):
            dev.become_administrator(["libgl1", "libegl1"])
    else:
        assert dev.become_administrator(["libgl1", "libegl1"]) == [str(sudo), *prefix]
