"""What a spoken chat takes in memory, in a process of its own. Knows nothing of speed."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import psutil
import torch

from model.benchmark.figures import Bar, Figure
from model.omni import Omni, place
from model.protocol import HEARING_RATE
from model.sampling import GREEDY
from model.session import Session, SessionSettings

HELD_TOKENS = 8192
SPEECH_TOKENS, SPEECH_CODES = 12, 40


def spoken_chat(folder: Path, voice: str, threads: int) -> Iterator[Figure]:
    """C13: hearing, thinking and speaking with a context of 8k tokens held; nothing is seen."""
    here, there = multiprocessing.get_context("spawn").Pipe(duplex=False)
    child = multiprocessing.get_context("spawn").Process(target=_chat, args=(there, folder, voice, threads))
    child.start()
    there.close()
    try:
        peak, start = here.recv()
    except EOFError:
        raise RuntimeError("the measured process died before it could tell its memory") from None
    finally:
        child.join()
        here.close()
    words = f"{peak / 1e9:.2f} GB peak", f"{start / 1e9:.2f} GB of it before loading"
    yield Figure("C13", "memory of a spoken chat, 8k tokens held", *words, peak / 1e9, "GB", Bar(4.8, 4.0, most=True))


def _chat(pipe: Connection, folder: Path, voice: str, threads: int) -> None:
    torch.set_flush_denormal(True)
    torch.set_num_threads(threads)
    start = psutil.Process().memory_info().rss
    omni = Omni.load(folder, place("cpu"), speaks=True)
    settings = SessionSettings(voice=voice, thinker=GREEDY, max_tokens=SPEECH_TOKENS, max_codes=SPEECH_CODES)
    session = Session(omni, settings)
    session.hear(np.zeros(3 * HEARING_RATE, dtype=np.float32))
    session.close_clip()
    session.read(" a" * max(0, HELD_TOKENS - session.context_tokens))
    for _ in session.reply():
        pass
    pipe.send((_peak(), start))


def _peak() -> int:
    """Bytes, the most that this process ever held."""
    if psutil.WINDOWS:
        return int(psutil.Process().memory_info().peak_wset)
    if psutil.LINUX:  # getrusage would tell the parent's peak if that was higher
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    import resource  # noqa: PLC0415 -- not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
