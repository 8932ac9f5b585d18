"""The page on the look says nothing that is not so: its figures are computed here from the colours themselves."""

from __future__ import annotations

import re
import tomllib

import pytest

from app import paths
from app.ui.theme import STYLE, read_colours
from tests.helpers.looks import contrast

PAGE = paths.ROOT / "docs" / "design.md"
SCHEMES = ("light", "dark", "contrast")
PAIRS = (
    ("text", "page", 7, "text"),
    ("text", "surface", 7, "text in controls and cards"),
    ("text", "tint", 7, "what the user said; hovered, pressed"),
    ("quiet", "page", 7, "text of less weight"),
    ("quiet", "surface", 7, "hints, disabled words"),
    ("quiet", "tint", 7, "times in bubbles"),
    ("accent", "page", 7, "names, signs"),
    ("on_accent", "accent", 7, "words of what is on or meant to be pressed"),
    ("edge", "page", 3, "edges of controls"),
    ("edge", "surface", 3, "edges of boxes"),
    ("accent", "surface", 3, "focus ring"),
)
ROW = re.compile(r"^\| (\w+) on (\w+) \| [^|]+ \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", re.MULTILINE)


def rows() -> dict[tuple[str, str], tuple[float, list[float]]]:
    found = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {(one, other): (float(least), [float(told) for told in figures]) for one, other, least, *figures in found}


@pytest.mark.parametrize(("one", "other", "least", "_use"), PAIRS)
def test_the_page_tells_the_contrast_that_there_is(one: str, other: str, least: float, _use: str) -> None:
    wanted, told = rows()[one, other]
    assert wanted == least
    for scheme, figure in zip(SCHEMES, told, strict=True):
        colours = read_colours(scheme)
        real = contrast(colours[one], colours[other])
        assert figure == pytest.approx(real, abs=0.051)
        assert real >= least


def test_the_page_tells_the_sizes_that_there_are() -> None:
    sizes = tomllib.loads((STYLE / "sizes.toml").read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    for name, share in sizes["text"].items():
        assert f"| {name} | {share:g} |" in page
    for name, radius in sizes["radius"].items():
        assert f"| {name} | {radius} |" in page


STEPS = {0, 4, 8, 12, 16, 20, 24}
HAIRLINE = 1
SPACED = re.compile(r"set(?:ContentsMargins|(?:Horizontal|Vertical)?Spacing)\(([\d, ]+)\)")


def test_what_is_laid_out_keeps_to_the_steps_that_the_page_tells() -> None:
    assert "Steps of 4, 8, 12, 16, 20 and 24 points" in PAGE.read_text(encoding="utf-8")
    told = [
        (file.name, int(number))
        for file in sorted((paths.ROOT / "app" / "ui").glob("*.py"))
        for numbers in SPACED.findall(file.read_text(encoding="utf-8"))
        for number in numbers.split(",")
    ]
    assert len(told) > 50
    assert [(name, number) for name, number in told if number not in {*STEPS, HAIRLINE}] == []
