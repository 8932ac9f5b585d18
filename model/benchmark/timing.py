"""Fair times: two candidates in turn, warmed up, median and 95th percentile. Knows nothing of what is timed."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

import psutil
import torch

from model.loading import Placement

PROBE_BYTES = 1 << 30
BURNING = "import os, sys\nwhile os.getppid() == int(sys.argv[1]):\n    pass"
"""Keeps a core busy until its parent, whose number it is given, has ended, however that ends."""


@dataclass(slots=True)
class Times:
    """Seconds of every counted run."""

    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """The slowest one but for a twentieth, by linear interpolation; of few runs nearly the slowest."""
        if len(self.seconds) == 1:
            return self.seconds[0]
        return statistics.quantiles(self.seconds, n=20, method="inclusive")[-1]


@dataclass(frozen=True, slots=True)
class Plan:
    """How often: `warmups` runs of each that do not count, then `runs` of each in turn."""

    runs: int = 5
    warmups: int = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is timed, and what must be done before each time without counting."""

    run: Callable[[], object]
    prepare: Callable[[], object] = lambda: None


def alternate(plan: Plan, *candidates: Candidate) -> list[Times]:
    """A B A B …: what the machine does meanwhile meets all alike."""
    times = [Times() for _ in candidates]
    for number in range(plan.warmups + plan.runs):
        for candidate, kept in zip(candidates, times, strict=True):
            candidate.prepare()
            began = perf_counter()
            candidate.run()
            if number >= plan.warmups:
                kept.seconds.append(perf_counter() - began)
    return times


def read_bandwidth(placement: Placement) -> float:
    """Bytes a second that a sum over a gigabyte reads, best of five: what decoding cannot exceed."""
    data = torch.ones(PROBE_BYTES // 4, device=placement.device)
    best = float("inf")
    for _ in range(5):
        began = perf_counter()
        data.sum().item()
        best = min(best, perf_counter() - began)
    return PROBE_BYTES / best


@dataclass(slots=True)
class Condition:
    """Inside, torch computes with so many threads, beside another process that keeps one core busy if wanted."""

    threads: int
    beside_load: bool = False
    _before: int = 0
    _burner: subprocess.Popen[bytes] | None = None

    @property
    def words(self) -> str:
        """For a table."""
        count = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        return f"{count}, one core busy" if self.beside_load else count

    def __enter__(self) -> None:
        self._before = torch.get_num_threads()
        torch.set_num_threads(self.threads)
        if self.beside_load:
            self._burner = subprocess.Popen([sys.executable, "-c", BURNING, str(os.getpid())])

    def __exit__(self, *_: object) -> None:
        torch.set_num_threads(self._before)
        if self._burner is not None:
            self._burner.kill()
            self._burner.wait()
            self._burner = None


@contextmanager
def threads(count: int | None) -> Iterator[int]:
    """Inside, torch computes with `count` threads (None: as many as it chose)."""
    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield torch.get_num_threads()
    finally:
        torch.set_num_threads(before)


def machine(placement: Placement, thread_count: int) -> str:
    """One line to stand beside every figure."""
    load = psutil.getloadavg()[0]
    memory = psutil.virtual_memory().total / 1e9
    name = torch.cuda.get_device_name(placement.device) if placement.device.type == "cuda" else _processor()
    return (
        f"{name}, {psutil.cpu_count(logical=False)} cores, {thread_count} threads, {memory:.0f} GB, "
        f"load {load:.1f}, read bandwidth {read_bandwidth(placement) / 1e9:.1f} GB/s, torch {torch.__version__}"
    )


def _processor() -> str:
    return f"{torch.backends.cpu.get_cpu_capability()} processor"
