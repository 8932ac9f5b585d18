"""A video's sheet shows its beginning, middle and end."""

from __future__ import annotations

from pathlib import Path

from app.stills import sheet
from tests.helpers.clips import Clip, shade, write_clip


def test_four_moments_of_a_video_on_one_sheet(tmp_path: Path) -> None:
    count = 20
    frames = [shade((240 * number // (count - 1), 0, 0), 160, 90) for number in range(count)]
    file = write_clip(tmp_path / "rising.mp4", Clip(frames=frames, times=[0.1 * number for number in range(count)]))
    shown = sheet(file)
    assert shown is not None
    assert shown.shape == (360, 480, 3)
    reds = [int(shown[top, left, 0]) for top in (90, 270) for left in (120, 360)]
    assert reds == sorted(reds)
    assert reds[0] < 40
    assert reds[3] > 200


def test_what_is_no_video_has_none(tmp_path: Path) -> None:
    file = tmp_path / "letter.mp4"
    file.write_text("Dear reader")
    assert sheet(file) is None
    assert sheet(tmp_path / "nowhere.mp4") is None
