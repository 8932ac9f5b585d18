"""When the echo is tested, by the microphone and the speaker in use, and what holds after it. Knows no window."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from app import logs
from app.devices.canceller import Trace
from app.devices.device import Device
from app.devices.echo_test import QUIET_SECONDS, TAIL_SECONDS, Finding, judge, make_sound
from app.devices.guard import MOST_LEFT, MOST_RETURNED, NOTHING, Guard
from app.devices.microphone import Microphone
from app.devices.speaker import Speaker
from app.duplex import Duplex, Echo, EchoState, Trouble
from app.phase import Phase
from app.senses import Block, SpeechEvent, Stirred
from model.protocol import HEARING_RATE

Pair = tuple[Device | None, Device | None]
NOBODY = ("", "")
"""Where a device is missing."""


class Step(Enum):
    """How far a test is."""

    RESTING = auto()
    WAITING = auto()
    """For the end of what is being said."""
    QUIET = auto()
    """It is listened to what the room is like by itself."""
    SOUNDING = auto()
    FADING = auto()


class EchoCheck(QObject):
    """A test runs by itself where there is none of the devices in use, hands-free is on and nothing is being said.

    `changed` carries an EchoState, `found` an Echo to be kept. `listening` tells whether a microphone is needed.
    """

    changed = Signal(object)
    found = Signal(object)
    listening = Signal()

    def __init__(
        self,
        microphone: Microphone,
        speaker: Speaker,
        guard: Guard,
        devices: Callable[[], Pair],
        parent: QObject | None = None,
    ) -> None:
        """`devices` tells which microphone and which speaker are in use, or would be."""
        super().__init__(parent)
        self._microphone = microphone
        self._speaker = speaker
        self._guard = guard
        self._devices = devices
        self._choice: Duplex | None = None
        self._known: dict[tuple[str, str], Echo] = {}
        self._failed: dict[tuple[str, str], Trouble] = {}
        self._declined: tuple[str, str] | None = None
        """Whose test the user ended: it does not begin again by itself."""
        self._tested: tuple[str, str] | None = None
        """Which devices the test is about; they may be others at its end."""
        self._is_hands_free = False
        self._is_past = False
        self._phase = Phase.STOPPED
        self._step = Step.RESTING
        self._seconds = 0.0
        self._earlier: Finding | None = None
        """Of a test that is made once more."""
        microphone.heard.connect(self._take_block)
        microphone.speech.connect(self._take_speech)
        microphone.lost.connect(self._lose_microphone)
        speaker.drained.connect(self._fade)

    @property
    def needs_microphone(self) -> bool:
        """Whether it is being tested just now."""
        return self._step in {Step.QUIET, Step.SOUNDING, Step.FADING}

    @property
    def state(self) -> EchoState:
        """What holds."""
        pair = self._pair()
        echo = self._known.get(pair) if pair is not None else None
        found = echo.duplex if echo is not None else Duplex.PUSH
        is_testing = self._step is not Step.RESTING
        duplex = Duplex.PUSH if self._is_past else self._choice or found
        return EchoState(duplex, echo, is_testing, self._trouble(pair), self._is_past)

    # What is told

    def use(self, choice: Duplex | None, known: Iterable[Echo]) -> None:
        """What the user has chosen, None to leave it to the tests, and what those have found."""
        self._choice = choice
        self._known = {echo.pair: echo for echo in known}
        self.review()

    def take_voice(self, *, past: bool) -> None:
        """Whether answers are spoken past the speaker, so that nothing of them can be taken away."""
        if past is not self._is_past:
            self._is_past = past
            self.review()

    def listen_hands_free(self, *, on: bool) -> None:
        """Whether speech begins a turn."""
        self._is_hands_free = on
        self._declined = None
        self._failed.clear()
        self.review()

    def take_mute(self, *, on: bool) -> None:
        """Of the microphone: a test would wait for ever, and is made once it hears again."""
        if on and self.needs_microphone:
            if self._step is Step.SOUNDING:
                self._speaker.hush()
            self._end(self._earlier or Trouble.DEAF)
        elif not on:
            self._failed = {pair: trouble for pair, trouble in self._failed.items() if trouble is not Trouble.DEAF}
            self.review()

    def take_phase(self, phase: Phase) -> None:
        """What the conversation does: a turn breaks a test off, which begins again afterwards."""
        self._phase = phase
        if phase.can_be_stopped and self.needs_microphone:
            if self._earlier is not None:
                self._end(self._earlier)
            else:
                self._break_off(Step.WAITING)
            if phase is Phase.HEARING:  # an answer, or the wait for it, has taken the speaker already
                self._speaker.hush()
        elif not phase.can_be_stopped and self._step is Step.WAITING:
            self._begin()

    def review(self) -> None:
        """The devices in use may be others, or what is known of them."""
        state = self.state
        echo = state.echo
        self._guard.returned, self._guard.left = (echo.returned, echo.left) if echo else (MOST_RETURNED, MOST_LEFT)
        self._guard.canceller.is_needed = self.needs_microphone or self._guard.returned > NOTHING
        self._guard.duplex = Duplex.PUSH if self.needs_microphone else state.duplex  # the sound is nobody's speech
        pair = self._pair()
        is_unknown = pair not in {None, self._declined} and pair not in self._known and pair not in self._failed
        if self._is_hands_free and self._choice is None and is_unknown and self._step is Step.RESTING:
            self.test()
        else:
            self.changed.emit(state)

    def test(self) -> None:
        """As soon as nothing is being said; if one is going on, that ends instead."""
        if self._step is not Step.RESTING:
            self.stop()
            return
        self._failed.clear()
        self._declined = None
        self._step = Step.WAITING
        if self._phase.can_be_stopped:
            self.changed.emit(self.state)
        else:
            self._begin()

    def stop(self) -> None:
        """No test any more."""
        if self._step is Step.SOUNDING:
            self._speaker.hush()
        if self._earlier is not None:
            self._end(self._earlier)
            return
        self._declined = self._pair()
        self._break_off(Step.RESTING)

    # How a test goes

    def _begin(self) -> None:
        microphone, speaker = self._devices()
        self._tested = self._pair()
        if microphone is None or speaker is None:
            self._end(Trouble.NO_MICROPHONE if microphone is None else Trouble.NO_SPEAKER)
            return
        if self._microphone.is_muted:
            self._end(Trouble.DEAF)
            return
        self._earlier = None
        self._listen_to_quiet()
        self.listening.emit()
        self.review()

    def _listen_to_quiet(self) -> None:
        self._step, self._seconds = Step.QUIET, 0.0
        self._guard.canceller.trace = Trace()

    def _take_block(self, block: Block) -> None:
        self._seconds += len(block.samples) / HEARING_RATE
        if self._step is Step.QUIET and self._seconds >= QUIET_SECONDS:
            self._step = Step.SOUNDING
            self._speaker.begin()
            self._speaker.play(make_sound())
            self._speaker.finish()
        elif self._step is Step.FADING and self._seconds >= TAIL_SECONDS:
            self._weigh(self._judge())

    def _take_speech(self, event: SpeechEvent) -> None:
        if self._step is Step.QUIET and isinstance(event, Stirred):
            self._listen_to_quiet()  # anew

    def _fade(self) -> None:
        if self._step is Step.SOUNDING:
            self._step, self._seconds = Step.FADING, 0.0

    def _lose_microphone(self) -> None:
        if self._step is Step.SOUNDING:
            self._speaker.hush()
        if self.needs_microphone:
            self._fail(Trouble.NO_MICROPHONE)
            self.listening.emit()  # one that took its place is no longer needed
            self.review()

    def _weigh(self, result: Finding | Trouble) -> None:
        """Where a canceller that works better would change what holds, the better of two tests counts: sound that
        stumbles once, on a busy computer, sets it back for a while.
        """
        earlier = self._earlier
        if earlier is not None:
            again = isinstance(result, Finding) and result.is_better_than(earlier)
            self._end(result if again else earlier)
        elif isinstance(result, Finding) and result.is_improvable and self._pair() == self._tested:
            self._earlier = result
            self._listen_to_quiet()
        else:
            self._end(result)

    def _judge(self) -> Finding | Trouble:
        trace = self._guard.canceller.trace
        return judge(trace) if trace is not None and trace.near else Trouble.DEAF

    def _end(self, result: Finding | Trouble) -> None:
        if isinstance(result, Trouble):
            self._fail(result)
        else:
            self._keep(result)
        self.listening.emit()
        self.review()

    def _keep(self, finding: Finding) -> None:
        self._rest()
        pair = self._pair()
        if pair is None or pair != self._tested:  # nothing is known of those in use now
            return
        echo = Echo(*pair, finding.duplex, finding.returned, finding.removed, finding.delay)
        self._known[pair] = echo
        logs.devices.info("The test for echo: %s.", echo)
        self.found.emit(echo)

    def _fail(self, trouble: Trouble) -> None:
        self._rest()
        self._failed[self._tested or NOBODY] = trouble
        logs.devices.info("The test for echo came to nothing: %s.", trouble.name)

    def _rest(self) -> None:
        self._guard.canceller.trace = None
        self._step = Step.RESTING
        self._earlier = None

    def _break_off(self, step: Step) -> None:
        self._guard.canceller.trace = None
        self._step = step
        self.listening.emit()
        self.review()

    def _pair(self) -> tuple[str, str] | None:
        microphone, speaker = self._devices()
        return None if microphone is None or speaker is None else (microphone.identity, speaker.identity)

    def _trouble(self, pair: tuple[str, str] | None) -> Trouble | None:
        return self._failed.get(pair or NOBODY)
