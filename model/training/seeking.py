"""Which tokens of pictures each word of a reply is about, by the words they have in common. Knows no weights."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

IGNORED = -100
"""A label that nothing is learned from; torch's own number for it."""
Standing = Sequence[tuple[int, frozenset[int]]]
"""Rows of pictures' tokens where something stands, each with the words that name it."""


def sought(
    labels: Sequence[int],
    standing: Standing,
    breaks: Container[int],
    counting: Container[int] = (),
    things: frozenset[int] = frozenset(),
) -> list[tuple[int, list[int]]]:
    """For words of replies: the row that they are told from, and the rows of pictures to be looked at there.

    `labels` are tokens of replies, else IGNORED; `breaks` are tokens between things that are told one after the other.
    A word that names something is about what it names; others are about what shares most words with what is told.
    What is told with a token of `counting` depends on how much of it there is from its first word on, and that is known
    at the last of it, which may look back at the others. Of it are only those that one of `things`, tokens, names: a
    number may be written somewhere, too.
    """
    found = []
    for piece in _pieces(labels, breaks):
        words = {labels[place] for place in piece}
        counted = begun = any(word in counting for word in words)
        wanted = words & things if counted else frozenset()
        before = [
            (row, names, len(names & words))
            for row, names in standing
            if row < piece[0] and (not wanted or names & wanted)
        ]
        if not any(count for _, _, count in before):
            continue
        for place in piece:
            named = [(row, count) for row, names, count in before if labels[place] in names]
            begun |= bool(named)
            if begun:  # what comes before is the same whatever is there
                likely = named or [(row, count) for row, _, count in before]
                best = max(count for _, count in likely)
                rows = [row for row, count in likely if count == best]
                found.append((place - 1, rows[-1:] if counted else rows))
    return found


def _pieces(labels: Sequence[int], breaks: Container[int]) -> Iterator[list[int]]:
    """Places of labels that tell one thing."""
    piece: list[int] = []
    for place, label in enumerate(labels):
        if label == IGNORED or label in breaks:
            if piece:
                yield piece
            piece = []
        else:
            piece.append(place)
    if piece:
        yield piece
