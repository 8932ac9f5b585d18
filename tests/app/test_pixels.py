"""Pictures made smaller."""

from __future__ import annotations

import numpy as np

from app.pixels import shrink


def test_a_small_picture_keeps_its_shape_and_a_smaller_one_is_left_alone() -> None:
    large = np.zeros((720, 1280, 3), np.uint8)
    large[:, 640:] = (0, 90, 200)
    small = shrink(large, 560)
    assert small.shape == (315, 560, 3)
    assert small[100, 100].tolist() == [0, 0, 0]
    assert small[100, 500].tolist() == [0, 90, 200]
    assert shrink(small, 560) is small
