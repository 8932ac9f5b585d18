"""How a training went: its losses as a picture, and what it could do after each stage. Trains and measures nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from model.training.progress import Entry
from model.training.scores import Result

SKILLS = "skills.jsonl"
_WIDTH, _HEIGHT, _MARGIN = 960, 360, 44
_PAINTS = ("#1f6fb4", "#d9641e", "#2a8f4a", "#8a4fb0", "#b02a4a", "#70707a")
_LEAST, _MOST = 0.01, 10.0  # losses between which the picture shows, by powers of ten
_MOST_POINTS = 240


@dataclass(frozen=True, slots=True)
class Skills:
    """What a model could do when a stage was over."""

    stage: str
    count: int
    """Conversations a row."""
    shares: dict[str, float]
    """Per cent by the row's name."""


def remember(folder: Path, stage: str, count: int, results: list[Result]) -> None:
    """Add a line to the folder's record."""
    line = Skills(stage, count, {result.score.name: round(result.share, 1) for result in results})
    with (folder / SKILLS).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(line)) + "\n")


def remembered(folder: Path) -> list[Skills]:
    """The record so far; a line that a kill cut short is left out."""
    file = folder / SKILLS
    if not file.is_file():
        return []
    lines = file.read_text(encoding="utf-8").split("\n")
    return [Skills(**json.loads(line)) for line in lines if line.endswith("}")]


def skills_table(record: list[Skills]) -> str:
    """Markdown: a row for each skill, a column for each stage."""
    names = list(dict.fromkeys(name for skills in record for name in skills.shares))
    lines = [
        f"| per cent | {' | '.join(skills.stage for skills in record)} |",
        f"|---|{'---:|' * len(record)}",
        *(f"| {name} | {' | '.join(_cell(skills, name) for skills in record)} |" for name in names),
    ]
    return "\n".join(lines) + "\n"


def _cell(skills: Skills, name: str) -> str:
    return f"{skills.shares[name]:.1f}" if name in skills.shares else "–"


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One stage between two beginnings, in minutes of all computing."""

    stage: str
    start: float
    end: float
    losses: dict[str, list[tuple[float, float]]]


def losses_picture(entries: list[Entry]) -> str:
    """SVG: every loss over minutes of computing, stage by stage; losses by powers of ten."""
    stretches = list(_stretches(entries))
    total = max(1e-9, stretches[-1].end if stretches else 0.0)
    names = list(dict.fromkeys(name for stretch in stretches for name in stretch.losses))
    paints = {name: _PAINTS[index % len(_PAINTS)] for index, name in enumerate(names)}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        'font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        *_scale(total),
        *(part for stretch in stretches for part in _drawn(stretch, total, paints)),
        *(
            f'<text x="{_WIDTH - 110}" y="{_MARGIN + 16 * index}" fill="{paints[name]}">{name}</text>'
            for index, name in enumerate(names)
        ),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _stretches(entries: list[Entry]) -> Iterator[_Stretch]:
    """A stage that begins anew is another stretch; what a kill took away counts, since it was computed."""
    passed, first = 0.0, 0
    for index, entry in enumerate(entries):
        following = entries[index + 1] if index + 1 < len(entries) else None
        if following is not None and following.stage == entry.stage and following.seconds > entry.seconds:
            continue
        part = entries[first : index + 1]
        begun = part[0].seconds if first and entries[first - 1].stage == entry.stage else 0.0
        losses: dict[str, list[tuple[float, float]]] = {}
        for each in part[:: max(1, len(part) // _MOST_POINTS)]:
            for name, loss in each.losses.items():
                losses.setdefault(name, []).append((passed + (each.seconds - begun) / 60, loss))
        end = passed + (entry.seconds - begun) / 60
        yield _Stretch(entry.stage, passed, end, losses)
        passed, first = end, index + 1


def _scale(total: float) -> Iterator[str]:
    for power in range(round(math.log10(_LEAST)), round(math.log10(_MOST)) + 1):
        y = _y(10.0**power)
        yield f'<path d="M{_MARGIN} {y:.1f}H{_WIDTH - _MARGIN}" stroke="#dddddd"/>'
        yield f'<text x="6" y="{y + 4:.1f}" fill="#555555">{10.0**power:g}</text>'
    yield f'<text x="{_WIDTH - 150}" y="{_HEIGHT - 10}" fill="#555555">{total:.0f} min of computing</text>'


def _drawn(stretch: _Stretch, total: float, paints: dict[str, str]) -> Iterator[str]:
    x, bottom = _x(stretch.start, total), _HEIGHT - _MARGIN
    yield f'<path d="M{x:.1f} {_MARGIN}V{bottom}" stroke="#aaaaaa" stroke-dasharray="3 3"/>'
    turned = f"translate({x + 12:.1f} {bottom - 6}) rotate(-90)"
    yield f'<text transform="{turned}" fill="#555555">{stretch.stage}</text>'
    for name, points in stretch.losses.items():
        path = " ".join(f"{_x(minute, total):.1f},{_y(loss):.1f}" for minute, loss in points)
        yield f'<polyline points="{path}" fill="none" stroke="{paints[name]}" stroke-width="1.2"/>'


def _x(minute: float, total: float) -> float:
    return _MARGIN + minute / total * (_WIDTH - 2 * _MARGIN)


def _y(loss: float) -> float:
    share = math.log(min(_MOST, max(_LEAST, loss)) / _LEAST) / math.log(_MOST / _LEAST)
    return _HEIGHT - _MARGIN - share * (_HEIGHT - 2 * _MARGIN)
