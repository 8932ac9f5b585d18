"""Widgets are tested as they are dressed."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.theme import Theme


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


@pytest.fixture(autouse=True)
def dressed(theme: Theme) -> None:
    """In the application's colours and style."""
