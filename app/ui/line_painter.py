"""Measures and paints one line of the transcript. Knows no list and nothing of how a line came about."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.transcript import Line, LineState, Role, Who

MARGIN = 12
PADDING = 12
GAP = 3
RADIUS = 12
WIDEST = 720
"""Points of a line: longer ones are hard to read."""
USER_SHARE = 0.82
"""Of the width, for what the user said."""
SMALLER = 0.9
LINE_BREAK = "\N{LINE SEPARATOR}"
Index = QModelIndex | QPersistentModelIndex


class _Paragraph:
    """Text broken into lines of at most `width`."""

    def __init__(self, text: str, font: QFont, width: float) -> None:
        self._layout = QTextLayout(text.replace("\n", LINE_BREAK), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self._layout.setTextOption(option)
        self.height = self._break(width) if text else 0.0
        self.width = min(width, self._layout.maximumWidth()) if text else 0.0

    def draw(self, painter: QPainter, at: QPointF) -> None:
        self._layout.draw(painter, at)

    def _break(self, width: float) -> float:
        height = 0.0
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0.0, height))
            height += line.height() * 1.15
        self._layout.endLayout()
        return height


class _Entry:
    """A line laid out in a given width: who and when, what, and with what."""

    def __init__(self, line: Line, font: QFont, width: int) -> None:
        self.who = line.who
        room = min(width - 2 * MARGIN, WIDEST)
        widest = room * (USER_SHARE if line.who is Who.USER else 1.0) - 2 * PADDING
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() * SMALLER)
        self.head = _Paragraph(f"{line.who.value}  ·  {line.when:%H:%M}", small, widest)
        self.body = _Paragraph(_words(line), font, widest)
        self.foot = _Paragraph(_remarks(line), small, widest)
        self.left = (width - room) / 2
        self.room = room
        self.width = max(self.head.width, self.body.width, self.foot.width) + 2 * PADDING
        gaps = GAP * sum(part.height > 0 for part in (self.body, self.foot))
        self.height = self.head.height + self.body.height + self.foot.height + gaps + 2 * PADDING

    def bubble(self, cell: QRect) -> QRectF:
        """Where it is painted: the user's words on the right, all others on the left."""
        left = cell.left() + self.left + (self.room - self.width if self.who is Who.USER else 0.0)
        return QRectF(left, cell.top() + MARGIN / 2, self.width, self.height)


class LinePainter(QStyledItemDelegate):
    """Remembers how high each row is for as long as its line and the width stay as they are."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sizes: dict[int, tuple[Line, int, QFont, QSize]] = {}
        self.measured = 0
        """How often a line was laid out to be measured."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 -- Qt's name
        return self.size(index, option.font, option.rect.width())

    def size(self, index: Index, font: QFont, width: int) -> QSize:
        """Of a row in a list that is `width` wide."""
        row, line = index.row(), _line(index)
        known = self._sizes.get(row)
        if known is not None and known[0] is line and known[1] == width and known[2] == font:
            return known[3]
        self.measured += 1
        size = QSize(width, round(_Entry(line, font, width).height + MARGIN))
        self._sizes[row] = (line, width, QFont(font), size)
        return size

    def changes_height(self, index: Index) -> bool:
        """Whether a row is no longer as high as it was when it was measured last; measures it anew."""
        known = self._sizes.get(index.row())
        if known is None:
            return True
        _, width, font, size = known
        return self.size(index, font, width).height() != size.height()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = _Entry(_line(index), option.font, option.rect.width())
        bubble = entry.bubble(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, option, entry, bubble)
        _paint_words(painter, option.palette, entry, bubble)
        painter.restore()


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
    if entry.who is Who.NOTICE:
        painter.fillRect(QRectF(bubble.left(), bubble.top() + PADDING, 3, bubble.height() - 2 * PADDING), palette.mid())


def _paint_words(painter: QPainter, palette: QPalette, entry: _Entry, bubble: QRectF) -> None:
    at = bubble.topLeft() + QPointF(PADDING, PADDING)
    quiet, text = palette.color(QPalette.ColorRole.PlaceholderText), palette.color(QPalette.ColorRole.Text)
    name = palette.color(QPalette.ColorRole.Link) if entry.who is Who.MODEL else quiet
    for part, colour in ((entry.head, name), (entry.body, text), (entry.foot, quiet)):
        if part.height:
            painter.setPen(colour)
            part.draw(painter, at)
            at += QPointF(0.0, part.height + GAP)


def _line(index: Index) -> Line:
    line = index.data(Role.LINE)
    if not isinstance(line, Line):
        raise TypeError("only a transcript's lines can be painted")
    return line


def _words(line: Line) -> str:
    """Of an open line without words yet an ellipsis, so that one sees that something comes."""
    return line.heard_text or ("…" if line.state is LineState.OPEN else "")


def _remarks(line: Line) -> str:
    remarks = [str(attachment) for attachment in line.attachments]
    if line.state in {LineState.CUT, LineState.BROKEN}:
        remarks.append(line.state.value)
    text = "  ·  ".join(remarks)
    return text[:1].upper() + text[1:] if not line.attachments else text
