"""Contrast of colours, and controls of a window as a keyboard and a screen reader meet them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit, QWidget

CONTROLS = (QAbstractButton, QPlainTextEdit)


def contrast(one: str, other: str) -> float:
    """By WCAG 2.2: 1 to 21."""
    darker, lighter = sorted(_luminance(QColor(colour)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def controls_of(widget: QWidget) -> list[QWidget]:
    """What can be pressed or written into."""
    return [child for child in widget.findChildren(QWidget) if isinstance(child, CONTROLS)]


def tab_chain(window: QWidget) -> list[QWidget]:
    """What Tab leads to, once round."""
    chain: list[QWidget] = []
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled():
            chain.append(widget)
        widget = widget.nextInFocusChain()
    return chain
