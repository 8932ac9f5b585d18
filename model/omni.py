"""A checkpoint's five parts, each loaded when it is first needed. Knows no conversation."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil
import torch

from model.errors import CheckpointError, DeviceError, MemoryFullError, never_cancelled
from model.hearing import Ear
from model.kernels.choice import kernel_class
from model.kernels.kernel import PortableKernel
from model.loading import Checkpoint, Placement
from model.note import Note
from model.packing import Scheme
from model.prompts import Vocabulary
from model.protocol import Loading
from model.sight import Eye
from model.talker import Talker
from model.thinker import Thinker
from model.vocoder import Voice

PartT = TypeVar("PartT")

PREFIXES = {
    "thinker": ("thinker.model", "thinker.lm_head"),
    "talker": ("talker",),
    "voice": ("token2wav",),
    "ear": ("thinker.audio_tower",),
    "eye": ("thinker.visual",),
}
"""The parts and where their tensors lie."""
SPARE_BYTES = 256_000_000
"""Left free beside the weights for caches and for everything else that runs."""


def candidates(device: str | None = None) -> tuple[str, ...]:
    """The device that is asked for, or without one those that there are, the best first; the processor always goes."""
    if device is not None:
        return (device,)
    found = (("cuda", torch.cuda.is_available()), ("mps", torch.backends.mps.is_available()), ("cpu", True))
    return tuple(name for name, is_there in found if is_there)


def place(device: str | None = None, dtype: str | None = None, note: Note | None = None) -> Placement:
    """A placement by name; without one the best device there is and the precision that it computes well in.

    A CPU computes well in single precision and reads keys and values faster in half, and where it has a product for it,
    it rounds the language models' weights to the bits that the folder's `note` asks for; a precision that was asked for
    is used for everything.

    Raises DeviceError for a device that there is not, CheckpointError for such a precision.
    """
    name = candidates(device)[0]
    try:
        chosen = torch.device(name)
        torch.empty(1, device=chosen)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise DeviceError(f"This computer cannot compute on {name!r}: leave the device out to use the best.") from error
    precision = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
    if dtype is not None and dtype not in precision:
        raise CheckpointError(f"{dtype!r} is no precision that is supported: choose float32, bfloat16 or float16.")
    if dtype is not None:
        return Placement(chosen, precision[dtype])
    if chosen.type == "cpu":
        bits = None if note is None or kernel_class(Scheme.INT8) is PortableKernel else note.bits
        return Placement(chosen, torch.float32, torch.float16, bits)
    return Placement(chosen, torch.bfloat16)


class Omni:
    """The model. Thinker, Talker and voice come with `load`; ear and eye when something is first heard or seen."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        placement: Placement,
        progress: Callable[[Loading], None] = lambda _: None,
        check: Callable[[], None] = never_cancelled,
    ) -> None:
        """Loads nothing yet. `progress` is told of every tensor, and `check` may raise Cancelled between two."""
        self.checkpoint = checkpoint
        self.placement = placement
        self.vocabulary = Vocabulary(checkpoint.path)
        self._progress = progress
        self._check = check
        self._parts: dict[str, object] = {}

    @classmethod
    def load(
        cls,
        folder: Path,
        placement: Placement,
        *,
        speaks: bool,
        adapters: Path | None = None,
        progress: Callable[[Loading], None] = lambda _: None,
        check: Callable[[], None] = never_cancelled,
    ) -> Omni:
        """Open a folder and load what answers need: the Thinker, and if it `speaks` Talker and voice.

        `adapters` is a folder of low-rank adapters for the Thinker.

        Raises CheckpointError in one sentence, before anything large is read if the memory does not suffice.
        """
        omni = cls(Checkpoint.open(folder, adapters), placement, progress, check)
        omni.require_memory("thinker", *(("talker", "voice") if speaks else ()))
        omni.thinker  # noqa: B018 -- loads it
        if speaks:
            omni.talker, omni.voice  # noqa: B018
        return omni

    @property
    def thinker(self) -> Thinker:
        """The language model."""
        return self._part("thinker", lambda: Thinker(self.checkpoint, self.placement))

    @property
    def talker(self) -> Talker:
        """The speech-code model."""
        return self._part("talker", lambda: Talker(self.checkpoint, self.placement))

    @property
    def voice(self) -> Voice:
        """Speech codes to sound."""
        return self._part("voice", lambda: Voice(self.checkpoint, self.placement))

    @property
    def ear(self) -> Ear:
        """Sound to tokens."""
        return self._part("ear", lambda: Ear(self.checkpoint, self.placement))

    @property
    def eye(self) -> Eye:
        """Frames to tokens."""
        return self._part("eye", lambda: Eye(self.checkpoint, self.placement))

    @property
    def loaded(self) -> tuple[str, ...]:
        """Names of the parts that are in memory."""
        return tuple(self._parts)

    def _part(self, name: str, load: Callable[[], PartT]) -> PartT:
        if name not in self._parts:
            self.require_memory(name)
            self._parts[name] = self._watched(name, load)
        return self._parts[name]  # type: ignore[return-value]  # `load` of this name made it

    def _watched(self, name: str, load: Callable[[], PartT]) -> PartT:
        total, done = sum(map(self.checkpoint.stored_bytes, PREFIXES[name])), 0

        def read(count: int) -> None:
            nonlocal done
            done += count
            self._progress(Loading(name, min(done, total), total))
            self._check()

        self.checkpoint.watch = read
        try:
            part = load()
        finally:
            self.checkpoint.watch = lambda _bytes: None
        if done < total:  # what the folder has and nobody asks for
            self._progress(Loading(name, total, total))
        _give_back_freed_memory()
        return part

    def require_memory(self, *parts: str) -> None:
        """Raises MemoryFullError if the parts that are not loaded yet do not fit into what is free now."""
        missing = [part for part in parts if part not in self._parts]
        needed = sum(self.resident_bytes(part) for part in missing) + SPARE_BYTES
        free = free_bytes(self.placement.device)
        if missing and needed > free:
            raise MemoryFullError(
                f"{self.checkpoint.path.name} needs {needed / 1e9:.1f} GB of memory ({', '.join(missing)}) and "
                f"{free / 1e9:.1f} GB are free: close other programs, or use a quantised or smaller model."
            )

    def resident_bytes(self, part: str) -> int:
        """What a part takes in memory once loaded."""
        prefixes = PREFIXES[part]
        return sum(self.checkpoint.resident_bytes(prefix, self.placement.dtype) for prefix in prefixes)


def _give_back_freed_memory() -> None:
    """Loading frees what it converted, and the C library of Linux keeps all but the largest of that until asked."""
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


def free_bytes(device: torch.device) -> int:
    """Memory that is free on a device now; an Apple GPU shares the computer's."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    return int(psutil.virtual_memory().available)
