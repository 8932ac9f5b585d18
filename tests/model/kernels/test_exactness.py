"""The C library against its own definition, bit by bit: here, under sanitizers, and on emulated Arm processors."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted((ROOT / "model" / "kernels" / "native").glob("*.c"))
PROGRAM = [Path(__file__).parent / name for name in ("exactness.c", "layers.c")]
FLAGS = ("-std=gnu11", "-ffp-contract=off", "-fno-math-errno", "-Wall", "-Wextra", "-Werror", "-pthread")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the compilers and the emulator are Linux's")


def build(compiler: str, folder: Path, *flags: str) -> Path:
    """The program and the library as one file."""
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not installed: `installer/dev.py test` brings it on Debian")
    program = folder / "exactness"
    subprocess.run(
        [compiler, *FLAGS, *flags, f"-I{SOURCES[0].parent}", *SOURCES, *PROGRAM, "-o", program, "-lm"], check=True
    )
    return program


def ways(command: list[str | Path], environment: dict[str, str] | None = None) -> list[str]:
    """Names of what ran; fails with the program's own sentence."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout.splitlines()


def test_optimised_as_it_is_shipped(tmp_path: Path) -> None:
    found = ways([build("gcc", tmp_path, "-O3"), "1", "500"])
    assert {"portable", "layers: portable"} <= set(found)
    if platform.machine() == "x86_64":
        assert {"AVX2", "layers: AVX2"} <= set(found)


def test_no_byte_outside_the_buffers_and_nothing_undefined(tmp_path: Path) -> None:
    program = build("gcc", tmp_path, "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    assert "layers: portable" in ways([program, "2", "20"])


def test_threads_do_not_race(tmp_path: Path) -> None:
    program = build("gcc", tmp_path, "-O1", "-fsanitize=thread")
    assert "layers: portable" in ways([program, "3", "20"], {**os.environ, "TSAN_OPTIONS": "halt_on_error=1"})


ARM_WAYS = {
    "max": ["Arm matrix product", "Arm dot product", "portable"],
    "neoverse-n1": ["Arm dot product", "portable"],
    "cortex-a53": ["portable"],
}


@pytest.fixture(scope="module")
def arm_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("aarch64-linux-gnu-gcc", tmp_path_factory.mktemp("arm"), "-O2", "-static")


@pytest.mark.parametrize("processor", ARM_WAYS)
def test_arm_under_emulation(processor: str, arm_program: Path) -> None:
    if shutil.which("qemu-aarch64") is None:
        pytest.skip("qemu-user is not installed: `installer/dev.py test` brings it on Debian")
    assert ways(["qemu-aarch64", "-cpu", processor, arm_program, "4", "30"]) == [
        *ARM_WAYS[processor],
        "layers: Arm NEON",
        "layers: portable",
    ]
