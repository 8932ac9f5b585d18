"""The report on the screen and in the clipboard."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.ui.log_page import COPIED, PROMISE, LogPage


def test_the_report_is_the_one_of_now(qtbot: QtBot) -> None:
    page = LogPage()
    qtbot.addWidget(page)
    reports = iter(["first", "second", "second"])
    page.compose = lambda: next(reports)
    page.show()
    assert page.text.toPlainText() == "first"
    assert page.about.text() == PROMISE
    page.copy.click()
    assert page.text.toPlainText() == QGuiApplication.clipboard().text() == "second"
    assert page.about.text() == COPIED
