"""Measures and paints one line of the transcript. Knows no list and nothing of how a line came about."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.transcript import Line, LineState, Transcript, Who
from app.ui.media import Media
from app.ui.paragraphs import Laid, Paragraph, lay_out

MARGIN = 12
PADDING = 12
GAP = 3
RADIUS = 12
WIDEST = 720
"""Points of a line: longer ones are hard to read."""
USER_SHARE = 0.82
"""Of the width, for what the user said."""
SMALLER = 0.9
MOST_KEPT = 64
"""Lines that are kept as they were laid out: more than a screen shows."""
Index = QModelIndex | QPersistentModelIndex


class _Entry:
    """A line laid out in a given width: who and when, what, and with what."""

    def __init__(self, line: Line, font: QFont, width: int, palette: QPalette) -> None:
        self.who = line.who
        room = min(width - 2 * MARGIN, WIDEST)
        widest = room * (USER_SHARE if line.who is Who.USER else 1.0) - 2 * PADDING
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() * SMALLER)
        self.head: Laid = Paragraph(f"{line.who.words}  ·  {line.when:%H:%M}", small, widest)
        words = _words(line)
        is_marked = line.who is Who.MODEL
        self.body: Laid = lay_out(words, font, widest, palette) if is_marked else Paragraph(words, font, widest)
        self.media = Media(line.attachments, widest)
        self.foot: Laid = Paragraph(_remarks(line), small, widest)
        self.left = (width - room) / 2
        self.room = room
        parts = (self.head, self.body, self.media, self.foot)
        self.width = max(part.width for part in parts) + 2 * PADDING
        gaps = GAP * sum(part.height > 0 for part in parts[1:])
        self.height = sum(part.height for part in parts) + gaps + 2 * PADDING

    def bubble(self, cell: QRect) -> QRectF:
        """Where it is painted: the user's words on the right, all others on the left."""
        left = cell.left() + self.left + (self.room - self.width if self.who is Who.USER else 0.0)
        return QRectF(left, cell.top() + MARGIN / 2, self.width, self.height)


class LinePainter(QStyledItemDelegate):
    """Remembers how high each row is, and the latest ones as they are laid out, while line and width stay the same."""

    def __init__(self, transcript: Transcript, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._sizes: dict[int, tuple[Line, int, QSize]] = {}
        self._entries: OrderedDict[int, tuple[Line, int, QFont, int, _Entry]] = OrderedDict()
        self.measured = 0
        """How often a line was laid out."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 -- Qt's name
        """Asked for every row whenever one of them grows: what is known must be found quickly."""
        row, width = index.row(), option.rect.width()
        known = self._sizes.get(row)
        if known is not None and known[0] is self._transcript.line(row) and known[1] == width:
            return known[2]
        return self.size(index, option.font, width, option.palette)

    def size(self, index: Index, font: QFont, width: int, palette: QPalette) -> QSize:
        """Of a row in a list that is `width` wide."""
        size = QSize(width, round(self._entry(index, font, width, palette).height + MARGIN))
        self._sizes[index.row()] = (self._transcript.line(index.row()), width, size)
        return size

    def changes_height(self, index: Index, font: QFont, palette: QPalette) -> bool:
        """Whether a row is no longer as high as it was when it was measured last; measures it anew."""
        known = self._sizes.get(index.row())
        return known is None or self.size(index, font, known[1], palette).height() != known[2].height()

    def bubble(self, index: Index, font: QFont, cell: QRect, palette: QPalette) -> QRect:
        """Where in its cell a line is painted."""
        return self._entry(index, font, cell.width(), palette).bubble(cell).toAlignedRect()

    def forget(self) -> None:
        """Other lines are there, or another font."""
        self._sizes.clear()
        self._entries.clear()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = self._entry(index, option.font, option.rect.width(), option.palette)
        bubble = entry.bubble(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, option, entry, bubble)
        _paint_words(painter, option.palette, entry, bubble)
        painter.restore()

    def _entry(self, index: Index, font: QFont, width: int, palette: QPalette) -> _Entry:
        row, colours = index.row(), palette.cacheKey()
        line = self._transcript.line(row)
        known = self._entries.pop(row, None)
        if known is None or known[0] is not line or known[1:4] != (width, font, colours):
            self.measured += 1
            known = (line, width, QFont(font), colours, _Entry(line, font, width, palette))
        self._entries[row] = known
        if len(self._entries) > MOST_KEPT:
            self._entries.popitem(last=False)
        return known[4]


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, entry: _Entry, bubble: QRectF) -> None:
    palette = option.palette
    if entry.who is Who.USER:
        painter.setBrush(palette.alternateBase())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(bubble, RADIUS, RADIUS)
    if option.state & QStyle.StateFlag.State_Selected:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(palette.color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(bubble.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    if entry.who in {Who.NOTICE, Who.ITSELF}:
        painter.fillRect(QRectF(bubble.left(), bubble.top() + PADDING, 3, bubble.height() - 2 * PADDING), palette.mid())


def _paint_words(painter: QPainter, palette: QPalette, entry: _Entry, bubble: QRectF) -> None:
    at = bubble.topLeft() + QPointF(PADDING, PADDING)
    quiet, text = palette.color(QPalette.ColorRole.PlaceholderText), palette.color(QPalette.ColorRole.Text)
    accent = palette.color(QPalette.ColorRole.Link)
    parts = (
        (entry.head, accent if entry.who is Who.MODEL else quiet),
        (entry.body, text),
        (entry.media, accent),
        (entry.foot, quiet),
    )
    for part, colour in parts:
        if part.height:
            part.draw(painter, at, colour)
            at += QPointF(0.0, part.height + GAP)


def _words(line: Line) -> str:
    """Of an open line without words yet an ellipsis, so that one sees that something comes."""
    return line.heard_text or ("…" if line.state is LineState.OPEN else "")


def _remarks(line: Line) -> str:
    remarks = [str(attachment) for attachment in line.attachments]
    if line.state in {LineState.CUT, LineState.BROKEN}:
        remarks.append(line.state.words)
    text = "  ·  ".join(remarks)
    return text[:1].upper() + text[1:] if not line.attachments else text
