"""Text laid out to be painted: plain, or as markdown with code in boxes. Knows no line and no list."""

from __future__ import annotations

import re
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontDatabase,
    QImage,
    QPainter,
    QPalette,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLayout,
    QTextOption,
)

LINE_BREAK = "\N{LINE SEPARATOR}"
LINE_HEIGHT = 1.15
DIALECT = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
CODE_INDENT = 10
_SIGNS = re.compile(r"[`*_#|~>\\]|\]\(|^\s*(?:[-+]|\d+[.)])\s", re.MULTILINE)


class Laid(Protocol):
    """Text in its place."""

    height: float
    width: float

    def draw(self, painter: QPainter, at: QPointF, colour: QColor) -> None:
        """Its top left corner there."""


class Paragraph:
    """Plain text broken into lines of at most `width`."""

    def __init__(self, text: str, font: QFont, width: float) -> None:
        self._layout = QTextLayout(text.replace("\n", LINE_BREAK), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self._layout.setTextOption(option)
        self.height = self._break(width) if text else 0.0
        self.width = min(width, self._layout.maximumWidth()) if text else 0.0

    def draw(self, painter: QPainter, at: QPointF, colour: QColor) -> None:
        painter.setPen(colour)
        self._layout.draw(painter, at)

    def _break(self, width: float) -> float:
        height = 0.0
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0.0, height))
            height += line.height() * LINE_HEIGHT
        self._layout.endLayout()
        return height


class _Sealed(QTextDocument):
    """Shows no pictures: what a model writes must open no file and no connection."""

    def loadResource(self, _kind: int, _name: object) -> object:  # noqa: N802 -- Qt's name
        """Nothing at all would send Qt to the file itself."""
        empty = QImage(1, 1, QImage.Format.Format_ARGB32)
        empty.fill(Qt.GlobalColor.transparent)
        return empty


class Markdown:
    """Headings, lists, tables, emphasis and code, in lines of at most `width`."""

    def __init__(self, text: str, font: QFont, width: float, palette: QPalette) -> None:
        self._document = document = _Sealed()
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.setDefaultFont(font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        document.setMarkdown(text, DIALECT)
        has_code = self._dress(font, palette)
        document.setTextWidth(width)
        self.height = document.size().height()
        self.width = width if has_code else min(width, document.idealWidth() + 1)

    def draw(self, painter: QPainter, at: QPointF, colour: QColor) -> None:
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, colour)
        painter.save()
        painter.translate(at)
        self._document.documentLayout().draw(painter, context)
        painter.restore()

    def _dress(self, font: QFont, palette: QPalette) -> bool:
        """Code stands in a box, and is broken where it is too wide; whether there is any."""
        has_code = False
        ground = palette.color(QPalette.ColorRole.AlternateBase)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(font.pointSizeF())
        block = self._document.begin()
        while block.isValid():
            if _is_code(block):
                _box(block, ground, fixed)
                has_code = True
            block = block.next()
        return has_code


def _is_code(block: QTextBlock) -> bool:
    written = block.blockFormat()
    fence, language = QTextFormat.Property.BlockCodeFence, QTextFormat.Property.BlockCodeLanguage
    return written.hasProperty(fence) or written.hasProperty(language)


def _box(block: QTextBlock, ground: QColor, fixed: QFont) -> None:
    boxed = QTextBlockFormat()
    boxed.setBackground(ground)
    boxed.setNonBreakableLines(False)
    boxed.setLeftMargin(CODE_INDENT)
    boxed.setRightMargin(CODE_INDENT)
    letters = QTextCharFormat()
    letters.setFont(fixed)
    cursor = QTextCursor(block)
    cursor.mergeBlockFormat(boxed)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.mergeCharFormat(letters)


def lay_out(text: str, font: QFont, width: float, palette: QPalette) -> Laid:
    """As markdown if it has any of its signs: plain text takes a tenth of the time."""
    return Markdown(text, font, width, palette) if _SIGNS.search(text) else Paragraph(text, font, width)
