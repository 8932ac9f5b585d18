"""When the echo is tested and what holds then: devices that only tell, a room that is simulated, the real canceller."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from app.devices.canceller import STEP_SAMPLES, Canceller
from app.devices.device import Device
from app.devices.far_end import FarEnd
from app.devices.guard import MOST_LEFT, Guard
from app.duplex import Duplex, Echo, EchoState, Trouble
from app.echo_check import EchoCheck
from app.phase import Phase
from app.senses import Block, Stirred
from model.protocol import HEARING_RATE
from tests.helpers.echo import EchoRoom, pass_through
from tests.helpers.rig_voice import Samples, murmur

MIC, SPEAKER, HEADSET = Device("mic", "Mic"), Device("speaker", "Speaker"), Device("headset", "Headset")
KNOWN = Echo("mic", "speaker", Duplex.GUARDED, -10.0, 15.0, 0.06)
QUIET = murmur(1.2, level=0.0005)
STUMBLE = np.zeros(round(0.05 * HEARING_RATE), np.float32)


class Quiet:
    """A detector that hears no speech in anything."""

    def probability(self, _samples: Samples) -> float:
        return 0.0

    def reset(self) -> None:
        pass


class Microphone(QObject):
    """Tells what it is made to tell."""

    heard = Signal(object)
    speech = Signal(object)
    lost = Signal(str)
    is_muted = False


class Speaker(QObject):
    """Notes what it is told."""

    drained = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.wave: Samples = np.zeros(0, np.float32)

    def begin(self) -> None:
        self.told.append("begin")

    def play(self, wave: Samples) -> None:
        self.wave = wave

    def finish(self) -> None:
        self.told.append("finish")

    def hush(self) -> float:
        self.told.append("hush")
        return 0.0


class Desk:
    """A check with its devices, and time that passes when something is heard."""

    def __init__(self) -> None:
        self.far_end = FarEnd()
        self.guard = Guard(Quiet(), Canceller(self.far_end))
        self.microphone, self.speaker = Microphone(), Speaker()
        self.devices: list[Device | None] = [MIC, SPEAKER]
        self.check = EchoCheck(
            self.microphone,  # type: ignore[arg-type]  # as far as the check knows it
            self.speaker,  # type: ignore[arg-type]
            self.guard,
            lambda: (self.devices[0], self.devices[1]),
        )
        self.states: list[EchoState] = []
        self.found: list[Echo] = []
        self.check.changed.connect(self.states.append)
        self.check.found.connect(self.found.append)
        self.check.take_phase(Phase.LISTENING)

    def hear(self, near: Samples, played: Samples | None = None) -> None:
        """As the microphone does while the speaker plays; each time on a clock that begins anew."""
        far = np.zeros(0, np.float32) if played is None else played
        for block in pass_through(self.guard.canceller, self.far_end, far, near):
            self.microphone.heard.emit(block)

    def sound(self, room: EchoRoom, *, stumbles: int = 0) -> None:
        """The whole of what the speaker was given, then quiet; so many times all that follows comes later."""
        near = room.echo(self.speaker.wave)
        if stumbles:
            parts = np.array_split(near, stumbles)
            near = np.concatenate([part for kept in parts for part in (STUMBLE, kept)])[: len(near)]
        self.hear(near, self.speaker.wave)
        self.speaker.drained.emit()
        self.hear(murmur(0.6, level=room.hiss))


@pytest.fixture
def desk(qapp: object) -> Desk:
    return Desk()


def test_before_any_test_the_safe_way_holds(desk: Desk) -> None:
    desk.check.use(None, ())
    assert desk.states[-1] == EchoState(Duplex.PUSH)
    assert desk.guard.duplex is Duplex.PUSH
    assert not desk.check.needs_microphone


def test_a_test_finds_what_holds_and_tells_it_once(desk: Desk) -> None:
    desk.check.use(None, ())
    desk.check.test()
    assert desk.check.needs_microphone
    assert desk.states[-1].is_testing
    desk.hear(QUIET)
    assert desk.speaker.told == ["begin", "finish"]
    assert desk.guard.duplex.value == "push"  # the sound is nobody's speech
    desk.sound(EchoRoom())
    (echo,) = desk.found
    assert echo.pair == ("mic", "speaker")
    assert echo.duplex is Duplex.FULL
    assert desk.guard.duplex is echo.duplex
    assert desk.guard.left == echo.left
    assert desk.states[-1] == EchoState(Duplex.FULL, echo)
    assert not desk.check.needs_microphone


def test_sound_that_stumbles_is_tested_once_more_and_the_better_result_holds(desk: Desk) -> None:
    found = {}
    for stumbles in ((12, 0), (4, 12), (12, 12)):
        desk.check.test()
        for number, times in enumerate(stumbles, 1):
            assert desk.check.needs_microphone
            desk.hear(QUIET)
            assert desk.speaker.told == number * ["begin", "finish"]
            desk.sound(EchoRoom(), stumbles=times)
        desk.speaker.told.clear()
        assert not desk.check.needs_microphone
        (found[stumbles],) = desk.found
        desk.found.clear()
    assert [echo.duplex is Duplex.FULL for echo in found.values()] == [True, False, False]
    assert found[4, 12].removed > found[12, 12].removed + 1.0


@pytest.mark.parametrize("how", ["stopped", "a turn", "muted"])
def test_what_a_first_test_has_found_is_kept_where_the_second_is_broken_off(desk: Desk, how: str) -> None:
    desk.check.test()
    desk.hear(QUIET)
    desk.sound(EchoRoom(), stumbles=12)
    assert not desk.found
    desk.hear(QUIET)
    if how == "stopped":
        desk.check.stop()
    elif how == "a turn":
        desk.check.take_phase(Phase.HEARING)
    else:
        desk.check.take_mute(on=True)
    (echo,) = desk.found
    assert echo.duplex is not Duplex.FULL
    assert desk.states[-1].echo == echo
    assert desk.speaker.told[-1] == "hush"
    assert not desk.check.needs_microphone


def test_hands_free_tests_devices_that_are_not_known_and_those_only(desk: Desk) -> None:
    desk.check.use(None, [KNOWN])
    desk.check.listen_hands_free(on=True)
    assert not desk.check.needs_microphone
    assert desk.guard.duplex is Duplex.GUARDED
    desk.devices[1] = HEADSET
    desk.check.review()
    assert desk.check.needs_microphone
    desk.hear(QUIET)
    desk.sound(EchoRoom(gain=0.0))
    assert desk.found[-1].pair == ("mic", "headset")
    desk.devices[1] = SPEAKER
    desk.check.review()
    assert not desk.check.needs_microphone
    assert desk.guard.duplex is Duplex.GUARDED


def test_what_the_user_chooses_needs_no_test(desk: Desk) -> None:
    desk.check.use(Duplex.FULL, ())
    desk.check.listen_hands_free(on=True)
    assert not desk.check.needs_microphone
    assert desk.guard.duplex is Duplex.FULL
    assert desk.guard.left == MOST_LEFT


def test_a_test_waits_until_nothing_is_being_said(desk: Desk) -> None:
    desk.check.take_phase(Phase.SPEAKING)
    desk.check.use(None, ())
    desk.check.listen_hands_free(on=True)
    assert desk.states[-1].is_testing
    assert not desk.check.needs_microphone
    desk.check.take_phase(Phase.LISTENING)
    assert desk.check.needs_microphone


def test_muted_nothing_can_be_tested_and_it_is_made_up_for(desk: Desk) -> None:
    """It would wait for quiet for ever, and say that a sound is played."""
    desk.check.use(None, ())
    desk.microphone.is_muted = True
    desk.check.listen_hands_free(on=True)
    assert desk.states[-1].trouble is Trouble.DEAF
    assert not desk.states[-1].is_testing
    desk.microphone.is_muted = False
    desk.check.take_mute(on=False)
    assert desk.check.needs_microphone
    desk.hear(QUIET)
    desk.microphone.is_muted = True
    desk.check.take_mute(on=True)
    assert desk.speaker.told == ["begin", "finish", "hush"]
    assert desk.states[-1].trouble is Trouble.DEAF
    assert not desk.check.needs_microphone


@pytest.mark.parametrize(("phase", "hushes"), [(Phase.HEARING, ["hush"]), (Phase.THINKING, [])])
def test_a_turn_breaks_it_off_and_it_begins_again(desk: Desk, phase: Phase, hushes: list[str]) -> None:
    """A reply has taken the speaker by then: it must not be hushed."""
    desk.check.test()
    desk.hear(QUIET)
    desk.speaker.told.clear()
    desk.check.take_phase(phase)
    assert desk.speaker.told == hushes
    assert not desk.check.needs_microphone
    desk.check.take_phase(Phase.LISTENING)
    desk.hear(QUIET)
    desk.sound(EchoRoom())
    assert len(desk.found) == 1


def test_it_begins_only_once_it_was_quiet_for_a_second(desk: Desk) -> None:
    desk.check.test()
    desk.hear(QUIET[: round(0.8 * HEARING_RATE)])
    desk.microphone.speech.emit(Stirred(0.0))
    desk.hear(QUIET[: round(0.8 * HEARING_RATE)])
    assert desk.speaker.told == []
    desk.hear(QUIET[: round(0.4 * HEARING_RATE)])
    assert desk.speaker.told == ["begin", "finish"]


def test_the_button_ends_a_test_too(desk: Desk) -> None:
    desk.check.test()
    desk.hear(QUIET)
    desk.check.test()
    assert desk.speaker.told[-1] == "hush"
    assert not desk.states[-1].is_testing
    desk.speaker.drained.emit()
    desk.hear(QUIET)
    assert desk.found == []


def test_of_headphones_the_canceller_rests_but_for_a_test(desk: Desk) -> None:
    """It would take the voice for an echo, of which there is none."""
    desk.check.use(Duplex.FULL, (Echo(MIC.identity, SPEAKER.identity, Duplex.FULL, -80.0, 0.0, 0.0),))
    assert not desk.guard.canceller.is_needed
    desk.check.test()
    assert desk.guard.canceller.is_needed
    desk.check.use(Duplex.FULL, (Echo(MIC.identity, SPEAKER.identity, Duplex.FULL, -20.0, 20.0, 0.0),))
    desk.check.stop()
    assert desk.guard.canceller.is_needed


def test_a_test_that_the_user_ended_does_not_begin_again_by_itself(desk: Desk) -> None:
    desk.check.use(None, ())
    desk.check.listen_hands_free(on=True)
    assert desk.check.needs_microphone
    desk.check.test()
    assert not desk.check.needs_microphone
    desk.check.test()
    assert desk.check.needs_microphone


def lose(desk: Desk) -> None:
    desk.microphone.lost.emit("It is gone.")


def test_a_microphone_that_is_lost_takes_the_blame_not_the_one_in_its_place(desk: Desk) -> None:
    """By the time that the loss is told, another one may be in use already: it is tested like any other."""
    desk.check.use(None, ())
    desk.check.listen_hands_free(on=True)
    desk.devices[0] = HEADSET
    desk.microphone.lost.emit("It is gone.")
    assert desk.check.needs_microphone
    desk.hear(QUIET)
    desk.sound(EchoRoom())
    assert [echo.pair for echo in desk.found] == [("headset", "speaker")]


def test_what_was_found_of_other_devices_is_not_kept(desk: Desk) -> None:
    desk.check.use(None, ())
    desk.check.test()
    desk.hear(QUIET)
    desk.devices[1] = HEADSET
    desk.sound(EchoRoom())
    assert desk.found == []


def fall_silent(desk: Desk) -> None:
    desk.hear(np.zeros(3 * STEP_SAMPLES, np.float32))
    desk.speaker.drained.emit()
    desk.hear(np.zeros(HEARING_RATE, np.float32))


@pytest.mark.parametrize(("happens", "trouble"), [(lose, Trouble.NO_MICROPHONE), (fall_silent, Trouble.SILENT)])
def test_a_test_that_comes_to_nothing_is_told_and_not_repeated_by_itself(
    desk: Desk, happens: Callable[[Desk], None], trouble: Trouble
) -> None:
    desk.check.use(None, ())
    desk.check.listen_hands_free(on=True)
    desk.hear(QUIET)
    happens(desk)
    assert desk.states[-1] == EchoState(Duplex.PUSH, trouble=trouble)
    desk.check.review()
    assert not desk.check.needs_microphone
    desk.check.listen_hands_free(on=True)
    assert desk.check.needs_microphone


@pytest.mark.parametrize(("place", "trouble"), [(0, Trouble.NO_MICROPHONE), (1, Trouble.NO_SPEAKER)])
def test_without_a_device_there_is_no_test(desk: Desk, place: int, trouble: Trouble) -> None:
    desk.devices[place] = None
    desk.check.test()
    assert desk.states[-1] == EchoState(Duplex.PUSH, trouble=trouble)
    assert not desk.check.needs_microphone


def test_blocks_of_no_test_change_nothing(desk: Desk) -> None:
    desk.microphone.heard.emit(Block(np.zeros(512, np.float32), 0.0))
    assert desk.states == []


def test_a_voice_past_the_speaker_cannot_be_broken_into_by_speaking(desk: Desk) -> None:
    desk.check.use(Duplex.FULL, (KNOWN,))
    demands = []
    for past in (True, False):
        desk.check.take_voice(past=past)
        demands.append((desk.guard.duplex, desk.states[-1].duplex, desk.states[-1].is_past))
    assert demands == [(Duplex.PUSH, Duplex.PUSH, True), (Duplex.FULL, Duplex.FULL, False)]
