"""Text on its way, cut into sentences that a voice can say one by one. Knows no voice.

A sentence ends at a mark that is followed by a space and something that can begin another one; not at the point of a
number, an abbreviation, an initial or a numbered item. One that does not end is cut at its last comma or space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from model.heard import weight

LONGEST = 240
"""Characters after which a sentence is cut where it has a pause, or else a space."""
_SHORT = """
mr mrs ms dr prof st sr jr vs etc e.g i.e eg ie cf ca approx fig no nos vol pp ed al inc ltd co dept est
jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun a.m p.m u.s u.k z.b d.h bzw usw
"""
ABBREVIATIONS = frozenset(_SHORT.split())
_END = re.compile(r"[.!?…]+[\"'”’»)\]*_]*(?=\s+\S)|[。！？]+[”’』」）]*|\n+")
_LAST_WORD = re.compile(r"[\w.]*\w$")
_PAUSE = re.compile(r"[,;:，；、](?=\s)|\s")
_MARKUP = re.compile(r"\]\([^)\s]*\)|[*_`#>|\[\]~]+|^\s*[-+]\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a text, with the spaces that end it; `begin` is its first character's place."""

    begin: int
    text: str

    @property
    def end(self) -> int:
        """The place behind its last character."""
        return self.begin + len(self.text)

    @property
    def spoken(self) -> str:
        """Without signs that only a page can show."""
        return " ".join(_MARKUP.sub(" ", self.text).split())


class Sentences:
    """A stream of text."""

    def __init__(self, begin: int = 0) -> None:
        """`begin` is the place of the first character that will come."""
        self._held = ""
        self._begin = begin

    def push(self, piece: str) -> Iterator[Sentence]:
        """Those that are certain to be complete."""
        self._held += piece
        while (end := _find_end(self._held)) is not None:
            yield self._take(end)

    def flush(self) -> Iterator[Sentence]:
        """What was held back, when nothing follows."""
        if self._held:
            yield self._take(len(self._held))

    def _take(self, end: int) -> Sentence:
        sentence = Sentence(self._begin, self._held[:end])
        self._held = self._held[end:]
        self._begin = sentence.end
        return sentence


def reached(text: str, share: float) -> int:
    """How many characters of a text were said, in whole words, when a share (0 to 1) of its letters was."""
    if share >= 1.0:
        return len(text)
    wanted, said, place = share * weight(text), 0, 0
    for word in re.finditer(r"\S+\s*", text):
        said += weight(word.group())
        if said > wanted:
            break
        place = word.end()
    return place


def _find_end(text: str) -> int | None:
    """The place behind the first sentence, and behind the spaces after it."""
    for mark in _END.finditer(text):
        if _is_end(text, mark):
            return mark.end() + _spaces(text[mark.end() :])
    return _cut(text) if len(text) > LONGEST else None


def _is_end(text: str, mark: re.Match[str]) -> bool:
    if not text[: mark.start()].strip():
        return False  # nothing is before it
    following = text[mark.end() :].lstrip()[:1]
    if mark.group().strip(")]*_\"'”’»") != ".":
        return not (mark.group()[0] == "…" and following.islower())
    return not following.islower() and not _keeps_point(text[: mark.start()])


def _keeps_point(before: str) -> bool:
    """Whether the point belongs to the last word: an abbreviation, an initial, the number of an item or a day."""
    found = _LAST_WORD.search(before)
    word = "" if found is None else found.group()
    is_initial = len(word) == 1 and word.isupper() and word != "I"
    is_item = word.isdigit() and not before[: -len(word)].rpartition("\n")[2].strip()
    return word.lower() in ABBREVIATIONS or is_initial or is_item


def _cut(text: str) -> int | None:
    places = [found.end() for found in _PAUSE.finditer(text, LONGEST // 2, LONGEST)]
    if not places:
        return None
    pauses = [found.end() for found in _PAUSE.finditer(text, LONGEST // 2, LONGEST) if not found.group().isspace()]
    place = (pauses or places)[-1]
    return place + _spaces(text[place:])


def _spaces(text: str) -> int:
    return len(text) - len(text.lstrip())
