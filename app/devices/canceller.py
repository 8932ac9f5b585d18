"""Takes out of the microphone's sound what the speaker plays, by WebRTC's echo canceller. Knows no device.

The canceller wants both in pieces of 10 ms, what was played before its echo. Here both lie on the clock, so that when
callbacks come is of no account: what leaves the speaker is given to it `LEAD` ahead.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app import logs
from app.devices.far_end import FarEnd, Wave
from app.senses import Block
from model.protocol import HEARING_RATE, SPEECH_RATE

if TYPE_CHECKING:
    from livekit.rtc import AudioFrame, AudioProcessingModule

STEP_SECONDS = 0.01
STEP_SAMPLES = round(STEP_SECONDS * HEARING_RATE)
"""Samples that the canceller takes at once."""
LEAD = 0.04
"""Seconds by which the streams' own accounts of their delays may be wrong to the canceller's disadvantage; to its
advantage it is some hundred milliseconds. Less than what a speaker is given in advance."""
LAG_SAMPLES = 128
LAG = LAG_SAMPLES / HEARING_RATE
"""Seconds by which what comes out of the canceller is behind what goes in."""
TAIL = 0.5
"""Seconds after a sound in which a room may still give it back."""
SILENCE = -90.0
"""Decibels of full scale of nothing at all."""
AUDIBLE = -75.0
"""Decibels of full scale from which what a speaker is given counts as sound."""
REST = 5.0
"""Seconds of silence of the speaker after which the canceller rests: it takes ten times what else is done here."""
TAPS = 800
"""Samples after which nothing is left of what the canceller's high pass remembers."""
FULL_SCALE = 32767


@dataclass(slots=True)
class Trace:
    """What went in and came out, step by step."""

    far: list[Wave] = field(default_factory=list)
    near: list[Wave] = field(default_factory=list)
    cleaned: list[Wave] = field(default_factory=list)
    far_rate: int = SPEECH_RATE


class Canceller:
    """A stream: `push` yields as much as it takes, 8 ms later by the sound's own time. One thread at a time.

    `trace` may be given by any thread, and taken away again.
    """

    def __init__(self, far_end: FarEnd) -> None:
        self.trace: Trace | None = None
        self.sounding = 0.0
        """Seconds for which the speaker has played, without a step in its time: how long there was to learn from."""
        self._steps = 0
        self._far_end = far_end
        self._module: AudioProcessingModule | None = None
        self._high_pass: NDArray[np.float32] = np.zeros((STEP_SAMPLES, TAPS + STEP_SAMPLES - 1), np.float32)
        """What the canceller does besides, for as long as it rests: a step's samples from those until then."""
        self._is_missing = False
        self._silent = 0.0
        self.is_needed = True
        """Whether anything of what is played comes back: of headphones it would take a voice for an echo. May be
        changed at any time, from any thread."""
        self._is_resting = False
        self._near: Wave = np.zeros(TAPS + STEP_SAMPLES - 1, np.float32)
        """The sound of the microphone up to now."""
        self._held: Wave = np.zeros(LAG_SAMPLES, np.float32)
        self._far_rate = SPEECH_RATE
        self._far_levels: deque[float] = deque([SILENCE], maxlen=round((LEAD + TAIL) / STEP_SECONDS))

    @property
    def works(self) -> bool:
        """Whether its library could be loaded, or was not tried yet."""
        return not self._is_missing

    @property
    def far_level(self) -> float:
        """Decibels of the loudest that the speaker was given lately: what may still come back."""
        return max(self._far_levels)

    @property
    def rests(self) -> bool:
        """Whether nothing was played for a while, nothing is to be, and nobody looks on."""
        is_quiet = self._silent >= REST and self._far_end.is_empty
        return self._is_resting and is_quiet and self.trace is None

    def push(self, block: Block) -> Iterator[Block]:
        """A block of one step, or of several while it `rests`: comes out cleaned; without the library as it is."""
        self._prepare()
        if self.rests:
            yield Block(self._rest(block.samples), block.time - LAG)
            return
        for start in range(0, len(block.samples), STEP_SAMPLES):  # several where it was woken just now
            step = block.samples[start : start + STEP_SAMPLES]
            yield from self._push(Block(step, block.time + start / HEARING_RATE))

    def _push(self, block: Block) -> Iterator[Block]:
        far = self._take_far(block.time + LEAD)
        cleaned = self._clean(far, block.samples)
        if self.trace is not None:
            self.trace.far_rate = self._far_rate
            for kept, samples in zip(
                (self.trace.far, self.trace.near, self.trace.cleaned), (far, block.samples, cleaned), strict=True
            ):
                kept.append(samples)
        is_changed = cleaned is not block.samples and not self._is_resting
        unclean = self._near[-STEP_SAMPLES - LAG_SAMPLES : -LAG_SAMPLES] if is_changed else None
        yield Block(cleaned, block.time - LAG, unclean)

    def _prepare(self) -> None:
        """With the first block, while sound is already waiting: not on the window's thread."""
        if self._module is not None or self._is_missing:
            return
        try:
            from livekit import rtc  # noqa: PLC0415 -- half a second, and a runtime with threads of its own

            self._module = rtc.AudioProcessingModule(echo_cancellation=True, high_pass_filter=True)
            self._module.set_stream_delay_ms(round(1000 * LEAD))
            self._high_pass = _steps_of(_response(rtc.AudioProcessingModule(high_pass_filter=True)))
        except Exception as error:  # noqa: BLE001 -- the library's own is a bare one where it knows no such system
            self._module = None
            self._is_missing = True
            logs.devices.warning("The echo canceller cannot be loaded: %s", error)

    def _take_far(self, time: float) -> Wave:
        if self._silent >= REST and self._far_end.is_empty:
            self._silent += STEP_SECONDS
            return np.zeros(round(STEP_SECONDS * self._far_rate), np.float32)
        far, rate = self._far_end.take(time, STEP_SECONDS)
        self._far_rate = rate or self._far_rate
        if not rate:
            far = np.zeros(round(STEP_SECONDS * self._far_rate), np.float32)
        self._far_levels.append(decibels(far))
        self._count()
        return far

    def _count(self) -> None:
        is_going_on = self.far_level >= AUDIBLE and self._far_end.steps == self._steps
        self.sounding = self.sounding + STEP_SECONDS if is_going_on else 0.0
        self._silent = 0.0 if self.far_level >= AUDIBLE else self._silent + STEP_SECONDS
        self._steps = self._far_end.steps

    def _clean(self, far: Wave, near: Wave) -> Wave:
        """Whatever was at rest is first given the step before, so that nothing is to be heard of the change."""
        if self._module is None or len(far) != STEP_SECONDS * self._far_rate:
            return near  # 10 ms of a speaker's own rate are no whole number of samples: a test for echo tells
        if self._is_resting != (self._silent >= REST or not self.is_needed):
            self._is_resting = not self._is_resting
            self._process(np.zeros_like(far))
        self._near = np.concatenate([self._near[STEP_SAMPLES:], near])
        return self._process(far)

    def _rest(self, near: Wave) -> Wave:
        """All steps in one product: what is done a hundred times a second costs more than it computes."""
        steps = len(near) // STEP_SAMPLES
        self._silent += steps * STEP_SECONDS
        heard = np.concatenate([self._near, near])
        pieces = np.lib.stride_tricks.sliding_window_view(heard, len(self._near))[STEP_SAMPLES::STEP_SAMPLES]
        self._near = heard[-len(self._near) :]
        return self._late(np.concatenate(pieces @ self._high_pass.T))

    def _late(self, filtered: Wave) -> Wave:
        late = np.concatenate([self._held, filtered])
        self._held = late[len(filtered) :]
        return late[: len(filtered)]

    def _process(self, far: Wave) -> Wave:
        near = self._near[-STEP_SAMPLES:]
        if self._is_resting:
            return self._late(self._high_pass @ self._near)
        from livekit.rtc import AudioFrame  # noqa: PLC0415 -- it is loaded by now

        assert self._module is not None
        heard = AudioFrame(_integers(near), HEARING_RATE, 1, len(near))
        self._module.process_reverse_stream(AudioFrame(_integers(far), self._far_rate, 1, len(far)))
        self._module.process_stream(heard)
        return _floats(heard)


def _response(module: AudioProcessingModule) -> Wave:
    """[TAPS] of a click: what a linear filter does to any sound."""
    from livekit.rtc import AudioFrame  # noqa: PLC0415 -- it is loaded by now

    click, answers = np.zeros(TAPS, np.float32), []
    click[0] = 1.0
    for step in click.reshape(-1, STEP_SAMPLES):
        heard = AudioFrame(_integers(step), HEARING_RATE, 1, STEP_SAMPLES)
        module.process_stream(heard)
        answers.append(_floats(heard))
    return np.concatenate(answers)


def _steps_of(response: Wave) -> NDArray[np.float32]:
    """[STEP_SAMPLES, TAPS + STEP_SAMPLES - 1]: convolution as a product, which takes a fifth of the library's time."""
    rows = np.zeros((STEP_SAMPLES, TAPS + STEP_SAMPLES - 1), np.float32)
    for row in range(STEP_SAMPLES):
        rows[row, row : row + TAPS] = response[::-1]
    return rows


def decibels(samples: NDArray[np.float32]) -> float:
    """The level, of full scale; of nothing at all `SILENCE`."""
    power = float(np.mean(np.square(samples))) if len(samples) else 0.0
    return max(SILENCE, 10.0 * float(np.log10(max(power, 1e-12))))


def _integers(wave: Wave) -> bytearray:
    return bytearray((np.clip(wave, -1.0, 1.0) * FULL_SCALE).astype(np.int16).tobytes())


def _floats(frame: AudioFrame) -> Wave:
    return np.frombuffer(frame.data, np.int16).astype(np.float32) / np.float32(FULL_SCALE)
