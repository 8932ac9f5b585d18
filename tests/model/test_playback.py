"""Encoded files played to a session: the very tokens, places and logits of decoded samples and frames fed by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import ExifTags, Image

from model.clip import ClipKind
from model.errors import Cancelled, MediaError, never_cancelled
from model.loading import Placement
from model.media import Frame, Samples, read_sound, read_video
from model.omni import Omni
from model.pictures import Pixels, read_picture
from model.playback import SOUND_BLOCK, Player
from model.protocol import HEARING_RATE
from model.sampling import GREEDY
from model.session import Session, SessionSettings
from tests.helpers.clips import Clip, shade, write_clip

SETTINGS = SessionSettings(system="Be brief.", thinker=GREEDY, max_tokens=12)


@pytest.fixture(scope="module")
def omni(small_folder: Path, placement: Placement) -> Omni:
    return Omni.load(small_folder, placement, speaks=False)


def no_damage(sentence: str) -> None:
    raise AssertionError(sentence)


def warble(seconds: float, rate: int) -> NDArray[np.float32]:
    """No two blocks alike; [1, samples]."""
    time = np.arange(round(seconds * rate)) / rate
    return (0.4 * np.sin(2 * np.pi * (200 + 60 * time) * time)).astype(np.float32)[None]


def shades(count: int) -> list[NDArray[np.uint8]]:
    return [shade((10 * number, 200 - 5 * number, 90), 98, 70) for number in range(count)]


def sounding(path: Path) -> Path:
    """4.3 quiet seconds whose frames, at a rate of their own, come close to the ends of the two-second chunks."""
    times = [0.0, 0.51, 1.02, 1.53, 1.97, 2.5, 3.0, 3.5, 3.98]
    return write_clip(path, Clip(sound=0.01 * warble(4.3, 48_000), frames=shades(len(times)), times=times))


def silent(path: Path) -> Path:
    return write_clip(path, Clip(frames=shades(7), times=[number / 2 for number in range(7)]))


def spoken(path: Path) -> Path:
    return write_clip(path, Clip(sound=warble(37.3, 24_000), rate=24_000, sound_codec="flac"))


def decoded(path: Path) -> tuple[list[Frame], Samples]:
    moments = list(read_video(path, SETTINGS.sight.fps, report=no_damage))
    frames = [moment for moment in moments if isinstance(moment, Frame)]
    blocks = [moment.samples for moment in moments if not isinstance(moment, Frame)]
    return frames, np.concatenate(blocks or [np.zeros(0, np.float32)])


def by_hand(session: Session, kind: ClipKind, frames: list[Frame], samples: Samples) -> None:
    """All frames at their exact times and only then all sound, at once: no block can come too early."""
    ear = session._omni.ear
    session.open_clip(kind, maximum=ear.loudest([samples]) if len(samples) else None)
    for frame in frames:
        session.see(frame.pixels, frame.time)
    if len(samples):
        session.hear(samples)
    session.close_clip()


def assert_same_conversation(played: Session, fed: Session) -> None:
    """Token for token and place for place; what follows is as likely; and so is the answer."""
    played.read("Well?")
    fed.read("Well?")
    answers = [[*session.reply()][-1] for session in (played, fed)]
    contexts = [session._context for session in (played, fed)]
    assert contexts[0].ids == contexts[1].ids
    assert torch.equal(contexts[0]._placed, contexts[1]._placed)
    torch.testing.assert_close(contexts[0].logits(), contexts[1].logits(), atol=1e-4, rtol=1e-4)
    assert answers[0].text == answers[1].text  # type: ignore[union-attr]  # the last event is Finished


def test_sound_is_that_of_the_decoded_samples(omni: Omni, tmp_path: Path) -> None:
    path = spoken(tmp_path / "a.flac")
    played, fed = Session(omni, SETTINGS), Session(omni, SETTINGS)
    progress = list(Player(omni, played, no_damage).sound(path))
    by_hand(fed, ClipKind.SOUND, [], np.concatenate(list(read_sound(path))))
    assert_same_conversation(played, fed)
    assert [entry.seconds for entry in progress] == pytest.approx([16.0, 32.0, 37.3], abs=0.01)
    assert [entry.total for entry in progress] == pytest.approx([37.3] * 3, abs=0.01)
    assert SOUND_BLOCK == 16 * HEARING_RATE


def test_quiet_sound_follows_the_rule_of_whole_clips(omni: Omni, tmp_path: Path) -> None:
    """Played live, without the first pass, its features would be floored higher."""
    path = write_clip(tmp_path / "a.wav", Clip(sound=0.001 * warble(3, 16_000), rate=16_000, sound_codec="pcm_s16le"))
    played, live = Session(omni, SETTINGS), Session(omni, SETTINGS)
    list(Player(omni, played, no_damage).sound(path))
    for block in read_sound(path):
        live.hear(block)
    live.close_clip()
    logits = []
    for session in (played, live):
        session.read("Well?")
        next(session.reply())
        logits.append(session._context.logits())
    assert float((logits[0] - logits[1]).abs().max()) > 1e-3


@pytest.mark.parametrize(
    ("make", "kind"), [(sounding, ClipKind.SOUNDING_VIDEO), (silent, ClipKind.SILENT_VIDEO)], ids=["sounding", "silent"]
)
def test_video_is_that_of_the_decoded_frames_and_samples(
    make: Callable[[Path], Path], kind: ClipKind, omni: Omni, tmp_path: Path
) -> None:
    path = make(tmp_path / "a.mp4")
    played, fed = Session(omni, SETTINGS), Session(omni, SETTINGS)
    list(Player(omni, played, no_damage).video(path))
    frames, samples = decoded(path)
    assert len(frames) > 6
    by_hand(fed, kind, frames, samples)
    assert_same_conversation(played, fed)


def test_no_block_is_heard_before_the_frames_shown_during_it(
    omni: Omni, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = 0.0
    seen: list[float | None] = []
    early: list[float] = []
    hear, see = Session.hear, Session.see
    path = sounding(tmp_path / "a.mp4")
    times = [frame.time for frame in decoded(path)[0]]

    def hearing(session: Session, samples: Samples) -> None:
        nonlocal heard
        heard += len(samples) / HEARING_RATE
        early.extend(time for time in times if time < heard - 1e-6 and time not in seen)
        hear(session, samples)

    def seeing(session: Session, frame: Pixels, at: float | None = None) -> None:
        seen.append(at)
        see(session, frame, at)

    monkeypatch.setattr(Session, "hear", hearing)
    monkeypatch.setattr(Session, "see", seeing)
    list(Player(omni, Session(omni, SETTINGS), no_damage).video(path))
    assert seen == times
    assert heard == pytest.approx(4.3, abs=0.05)
    assert not early


def test_video_without_moving_picture_is_heard(omni: Omni, tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", Clip(sound=warble(3, 48_000)))
    played, fed = Session(omni, SETTINGS), Session(omni, SETTINGS)
    list(Player(omni, played, no_damage).video(path))
    by_hand(fed, ClipKind.SOUND, [], np.concatenate(list(read_sound(path))))
    assert_same_conversation(played, fed)


def test_picture_is_seen_upright(omni: Omni, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (84, 140, 3), np.uint8)).save(path, exif=exif)
    played, fed = Session(omni, SETTINGS), Session(omni, SETTINGS)
    list(Player(omni, played, no_damage).picture(path))
    assert read_picture(path).shape == (140, 84, 3)
    fed.see(read_picture(path))
    assert_same_conversation(played, fed)


def test_sound_that_is_too_short_is_told_and_can_be_abandoned(omni: Omni, tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.wav", Clip(sound=warble(0.01, 16_000), rate=16_000, sound_codec="pcm_s16le"))
    played, fresh = Session(omni, SETTINGS), Session(omni, SETTINGS)
    played.read("Listen: ")
    with pytest.raises(MediaError, match="too short to be heard"):
        list(Player(omni, played, no_damage).sound(path))
    played.abandon()
    assert_same_conversation(played, fresh)


def test_damage_is_told_once(omni: Omni, tmp_path: Path) -> None:
    path = spoken(tmp_path / "a.flac")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    told: list[str] = []
    list(Player(omni, Session(omni, SETTINGS), told.append).sound(path))
    assert len(told) == 1
    assert "cut short" in told[0]


@pytest.mark.parametrize("after", [1, 40, 46])
def test_cancelled_play_can_be_abandoned(after: int, omni: Omni, tmp_path: Path) -> None:
    """In the first pass, between blocks, and inside the encoder."""
    path, left = spoken(tmp_path / "a.flac"), after

    def check() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Cancelled

    played, fresh = Session(omni, SETTINGS, check), Session(omni, SETTINGS)
    with pytest.raises(Cancelled):
        list(Player(omni, played, no_damage, check).sound(path))
    played._check = never_cancelled
    played.abandon()
    assert_same_conversation(played, fresh)
