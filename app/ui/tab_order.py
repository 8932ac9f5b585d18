"""The way that the Tab key takes. Knows no page."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def lead_through(page: QWidget, *then: QWidget, after: QWidget | None = None) -> None:
    """Down the page as it is laid out, wherever its parts were made and have been meanwhile, then to the others."""
    before = [] if after is None else [after]
    parts = [
        part
        for part in page.findChildren(QWidget)
        if part.focusPolicy() is not Qt.FocusPolicy.NoFocus and part.window() is page.window()
    ]
    for one, other in pairwise([*before, *parts, *then]):
        QWidget.setTabOrder(one, other)
