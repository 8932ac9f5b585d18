"""Takes a bare machine to a running Sightline: environment, pinned packages, system libraries.

Standard library only. Knows nothing of the app beyond where its front door is and how it is checked.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)

CPU_WHEELS = "https://download.pytorch.org/whl/cpu"
WINDOWS_CUDA_WHEELS = "https://download.pytorch.org/whl/cu130"

# What Qt's window plugins, its sound, its text to speech and PortAudio load at run time and a bare Debian or Ubuntu
# lacks, and what compiles the kernels.
SYSTEM_PACKAGES = (
    "fonts-dejavu-core",
    "gcc",
    "libasound2-plugins",
    "libc6-dev",
    "libdbus-1-3",
    "libegl1",
    "libfontconfig1",
    "libgl1",
    "libglib2.0-0",
    "libportaudio2",
    "libpulse0",
    "libspeechd2",
    "libwayland-client0",
    "libwayland-cursor0",
    "libwayland-egl1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-sync1",
    "libxcb-xfixes0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
    "libxrandr2",
    "speech-dispatcher",
    "speech-dispatcher-espeak-ng",
)

# What the tests' rigs are made of: a sound server and voices, a screen, a keyboard and a mouse, a screen reader's bus,
# and Arm's compiler with an emulator of its processors.
RIG_PACKAGES = (
    "at-spi2-core",
    "dbus",
    "espeak-ng",
    "flite",
    "gcc-aarch64-linux-gnu",
    "imagemagick",
    "libc6-dev-arm64-cross",
    "pulseaudio",
    "pulseaudio-utils",
    "qemu-user",
    "x11-utils",
    "x11-xserver-utils",
    "xdotool",
    "xvfb",
)

DOORS = {"run": "main.py", "test": "installer/checks.py"}
"""What is started for each command."""


class BootstrapError(Exception):
    """Its text is one sentence: what failed and what to do."""


@dataclass(frozen=True)
class Requirements:
    """The exactly pinned packages that the app needs (torch apart) and those that only its checks need."""

    torch: str
    app: tuple[str, ...]
    checks: tuple[str, ...]

    @classmethod
    def read(cls, project_file: Path) -> Requirements:
        import tomllib  # noqa: PLC0415 -- an older Python must get as far as being told that it is too old

        project = tomllib.loads(project_file.read_text(encoding="utf-8"))["project"]
        app = project["dependencies"]
        (torch,) = (requirement for requirement in app if requirement.startswith("torch=="))
        checks = (package for extra in project["optional-dependencies"].values() for package in extra)
        return cls(torch, tuple(app), tuple(checks))

    def packages(self, command: str) -> tuple[str, ...]:
        """What a command needs."""
        return self.app + (self.checks if command == "test" else ())

    def fingerprint(self) -> str:
        """Changes whenever something else would have to be installed."""
        facts = [*self.app, *self.checks, *SYSTEM_PACKAGES, *RIG_PACKAGES, platform.python_version(), sys.platform]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def fingerprint(root: Path) -> str:
    """Changes whenever something else would have to be installed, or the kernels built again."""
    digest = hashlib.sha256()
    sources = (root / "model" / "kernels" / "native").glob("*.[ch]")
    for file in [root / "pyproject.toml", *sorted((root / "installer").glob("build_kernels.py")), *sorted(sources)]:
        digest.update(file.name.encode() + file.read_bytes())
    return Requirements.read(root / "pyproject.toml").fingerprint() + digest.hexdigest()


@dataclass(frozen=True)
class Environment:
    """The project's own Python environment and the stamp that says how far it was filled."""

    folder: Path

    UNFINISHED = "unfinished"

    @property
    def python(self) -> str:
        return str(self.folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))

    @property
    def pip(self) -> list[str]:
        """The beginning of a command that installs."""
        return [self.python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]

    @property
    def was_filled(self) -> bool:
        """Whether all that was needed at some time is in it, untouched since."""
        return self.read_stamp() not in {"", self.UNFINISHED}

    @property
    def stamp(self) -> Path:
        return self.folder / "sightline-stamp"

    def is_usable(self) -> bool:
        """Whether its Python starts, is of our version and has pip, and no install was broken off in it."""
        if self.read_stamp() == self.UNFINISHED:
            return False
        question = "import sys, importlib.util as u; print(u.find_spec('pip') and sys.version_info[:2])"
        try:
            answer = subprocess.run([self.python, "-c", question], stdout=subprocess.PIPE, text=True, check=False)
        except OSError:
            return False
        return answer.stdout.strip() == str(sys.version_info[:2])

    def read_stamp(self) -> str:
        return self.stamp.read_text(encoding="utf-8") if self.stamp.is_file() else ""

    def mark_unfinished(self) -> None:
        self.stamp.write_text(self.UNFINISHED, encoding="utf-8")

    def mark_filled(self, fingerprint: str, command: str) -> None:
        self.stamp.write_text(f"{fingerprint} {command}", encoding="utf-8")

    def is_filled(self, fingerprint: str, command: str) -> bool:
        """Whether everything that `command` needs is there; the checks need all that the app needs."""
        return self.read_stamp() in {f"{fingerprint} {command}", f"{fingerprint} test"}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Prepare this folder, then run or test Sightline.")
    parser.add_argument("command", choices=tuple(DOORS), help="start the app, or run every check")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="handed on to main.py, or to pytest")
    choice = parser.parse_args(arguments)
    try:
        environment = prepare(ROOT, choice.command)
    except BootstrapError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped before everything was installed; the next start makes it good.\n")
        return 130
    return start(environment, [str(ROOT / DOORS[choice.command]), *choice.rest])


def prepare(root: Path, command: str) -> Environment:
    """Installs what `command` needs and is not there yet; raises BootstrapError.

    The app starts with what was installed before where nothing else is to be had now, as without a network.
    """
    if sys.version_info < OLDEST_PYTHON:
        raise BootstrapError(f"This is Python {platform.python_version()} and Sightline needs 3.11 or newer.")
    environment = Environment(root / ".venv")
    wanted = fingerprint(root)
    usable = environment.is_usable()
    if usable and environment.is_filled(wanted, command):
        return environment
    try:
        fill(environment, root, command, usable=usable)
    except BootstrapError as error:
        if command != "run" or not environment.was_filled:
            raise
        headline(f"{error} Sightline starts with what was installed before.")
        return environment
    environment.mark_filled(wanted, command)
    return environment


def fill(environment: Environment, root: Path, command: str, *, usable: bool) -> None:
    """Nothing in the environment is touched before it is known that all can be had."""
    requirements = Requirements.read(root / "pyproject.toml")
    install_system_packages(system_packages(command) + (() if usable else venv_packages()))
    if not usable:
        make_environment(environment)
    options = torch_options(ask_pip_for_torch(environment, requirements.torch), nvidia=has_nvidia_gpu())
    if environment.was_filled:
        look_for_packages(environment, requirements.packages(command), options)
    environment.mark_unfinished()
    install_packages(environment, requirements, command, options)
    install_project(environment, root)


def system_packages(command: str) -> tuple[str, ...]:
    """What apt has to bring for a command."""
    return SYSTEM_PACKAGES + (RIG_PACKAGES if command == "test" else ())


def venv_packages() -> tuple[str, ...]:
    """Debian ships what makes environments apart from Python."""
    if importlib.util.find_spec("ensurepip") is not None:
        return ()
    return (f"python{sys.version_info.major}.{sys.version_info.minor}-venv",)


def make_environment(environment: Environment) -> None:
    headline("Making .venv")
    demand(
        [sys.executable, "-m", "venv", "--clear", str(environment.folder)],
        f"The Python environment {environment.folder} could not be made: is its folder writable, "
        "and is Python's venv module installed?",
    )


def look_for_packages(environment: Environment, packages: tuple[str, ...], options: list[str]) -> None:
    """Whether all of them are to be had now; installs nothing."""
    headline("Looking for packages")
    demand(
        [*environment.pip, "--dry-run", "--quiet", *options, *packages],
        "The packages named in pyproject.toml are not to be had now: is the network there?",
    )


def install_packages(environment: Environment, requirements: Requirements, command: str, options: list[str]) -> None:
    """torch comes first, in the build for this machine (`options`), so that no other package pulls in another."""
    advice = "see pip's own words above; is the network there, and is there room on the disk?"
    headline(f"Installing {requirements.torch}")
    demand([*environment.pip, *options, requirements.torch], f"{requirements.torch} could not be installed: {advice}")
    headline("Installing the other packages")
    demand(
        [*environment.pip, *requirements.packages(command)],
        f"The packages named in pyproject.toml could not be installed: {advice}",
    )


def install_project(environment: Environment, root: Path) -> None:
    """Compiles the kernels, in place; without a compiler the app runs on torch's, and says so."""
    headline("Building the kernels")
    demand(
        [*environment.pip, "--quiet", "--no-deps", "--editable", str(root)],
        "The project could not be installed into its environment: see pip's own words above.",
    )
    if not any((root / "model" / "kernels").glob("_native.*")):
        headline("No compiler was found: torch's kernels are used, which are slower")


def ask_pip_for_torch(environment: Environment, torch: str) -> str:
    """pip's report (JSON) on the file it would choose by itself; installs nothing."""
    question = ["--dry-run", "--quiet", "--ignore-installed", "--no-deps", "--report", "-", torch]
    answer = subprocess.run([*environment.pip, *question], stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode != 0:
        raise BootstrapError(
            f"pip found no {torch} for this machine: is the network there, and has this Python a build of it?"
        )
    return answer.stdout


def torch_options(report: str, *, nvidia: bool, system: str = sys.platform) -> list[str]:
    """Where pip shall look for torch besides its own index, given its report on what it would choose there.

    The common index has CUDA builds for Linux and CPU builds for Windows; PyTorch's own has the others. A
    version such as 2.13.0+cpu means that this machine's pip was given a build on purpose, so it stays.
    """
    version = json.loads(report)["install"][0]["metadata"]["version"]
    if "+" in version:
        return []
    if system == "linux" and not nvidia:
        return ["--extra-index-url", CPU_WHEELS]
    if system == "win32" and nvidia:
        return ["--extra-index-url", WINDOWS_CUDA_WHEELS]
    return []


def has_nvidia_gpu() -> bool:
    if Path("/proc/driver/nvidia/version").exists():
        return True
    program = shutil.which("nvidia-smi")
    return program is not None and succeeds([program, "-L"])


def install_system_packages(wanted: tuple[str, ...]) -> None:
    """Asks apt for those that are missing; on a system without apt they are the user's to install."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-query") is None:
        return
    missing = missing_packages(wanted, query_installed(wanted))
    if not missing:
        return
    sudo = become_administrator(missing)
    headline("Installing system packages: " + " ".join(missing))
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    subprocess.run([*apt, "update"], check=False)  # one unreachable source of several need not matter
    demand(
        [*apt, "install", "--yes", "--no-install-recommends", *missing],
        f"apt could not install {' '.join(missing)}: see its own words above.",
    )


def query_installed(names: tuple[str, ...]) -> str:
    """dpkg's lines "name status" for those of the packages that it knows, under their old and new names."""
    both = [name + suffix for name in names for suffix in ("", "t64")]
    question = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Abbrev}\n", *both]
    return subprocess.run(question, capture_output=True, text=True, check=False).stdout


def missing_packages(wanted: tuple[str, ...], installed_lines: str) -> list[str]:
    """Those of `wanted` that dpkg did not call installed; libx under its later name libxt64 counts."""
    lines = (line.split() for line in installed_lines.splitlines())
    installed = {name.removesuffix("t64") for name, status in lines if status.endswith("i")}
    return [name for name in wanted if name not in installed]


def become_administrator(packages: list[str]) -> list[str]:
    """What goes before a command that needs an administrator: nothing, or sudo if it works here."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and succeeds([sudo, "-n", "true"]):
        return [sudo, "-n"]
    if sudo and sys.stdin.isatty():
        return [sudo]
    raise BootstrapError(
        f"System packages are missing: run 'sudo apt-get install {' '.join(packages)}', then start again."
    )


def start(environment: Environment, words: list[str]) -> int:
    """Python with these words, in the environment; returns its status."""
    try:
        ended = subprocess.run([environment.python, *words], check=False)
    except KeyboardInterrupt:  # it got that too and has closed
        return 130
    return ended.returncode


def succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def demand(command: list[str], sentence: str) -> None:
    """Runs a command whose words the user may read; raises BootstrapError(sentence) if it fails."""
    if subprocess.run(command, check=False).returncode != 0:
        raise BootstrapError(sentence)


def headline(words: str) -> None:
    sys.stdout.write(f"== {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
