"""The window as a keyboard and a screen reader meet it, in every width."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.phase import Phase
from app.settings import Settings
from app.transcript import Transcript
from app.ui.theme import Theme
from app.ui.window import NARROW, Window
from tests.helpers.looks import controls_of, tab_chain

LEAST_TARGET = 24


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window(Transcript())
    qtbot.addWidget(window)
    window.show()
    window.show_phase(Phase.SPEAKING)
    window.composer.edit.setPlainText("Why?")
    window.model.ask("There is no model.", can_load=True)
    return window


def names(widget: QWidget, what: QAccessible.Text) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(what)


def test_every_control_has_a_name_and_an_explanation(window: Window) -> None:
    controls = controls_of(window)
    assert len(controls) >= 9
    for control in controls:
        assert names(control, QAccessible.Text.Name), control
        assert names(control, QAccessible.Text.Description), control


def test_what_is_seen_first_is_there_without_its_pages(qtbot: QtBot) -> None:
    """And nothing of the conversation where the first run comes before it."""
    window = Window(Transcript(), is_whole=False)
    qtbot.addWidget(window)
    window.hold_back()
    with qtbot.waitSignal(window.painted):
        window.show()
    assert not window.composer.isVisible()
    assert not window.top.settings.isVisible()
    window.furnish()
    window.show_chat()
    assert window.composer.isVisible()
    window.top.settings.click()
    assert window.settings.isVisible()


def test_every_sentence_is_read_and_says_what_it_is_about(window: Window) -> None:
    window.status.show_model("small", "", "cpu")
    window.senses.about_speaker.tell("No speaker was found.")
    sentences = [label for label in window.findChildren(QLabel) if label.text() and label.buddy() is None]
    assert len(sentences) >= 4
    for sentence in sentences:
        assert names(sentence, QAccessible.Text.Name) == sentence.text()
        assert names(sentence, QAccessible.Text.Description)


@pytest.mark.parametrize("is_busy", [True, False])
def test_tab_reaches_every_control(window: Window, *, is_busy: bool) -> None:
    if is_busy:
        window.model.show_progress("Loading", 1)
    reached = tab_chain(window)
    wanted = [control for control in controls_of(window) if control.isVisible() and control.isEnabled()]
    assert set(wanted) <= set(reached)
    assert window.transcript in reached
    assert len(reached) == len(set(reached))


def test_tab_goes_on_from_the_question(qtbot: QtBot, window: Window) -> None:
    window.composer.edit.setFocus()
    qtbot.keyClick(window.composer.edit, Qt.Key.Key_Tab)
    assert not window.composer.edit.hasFocus()


@pytest.mark.parametrize("width", [1040, NARROW - 1, 480])
def test_nothing_is_cut_off(qtbot: QtBot, window: Window, width: int) -> None:
    window.resize(width, 800)
    buttons = [button for button in window.findChildren(QAbstractButton) if button.isVisible()]
    qtbot.waitUntil(lambda: window.width() == width and all(is_whole(button, window) for button in buttons))


def test_nothing_is_cut_off_where_text_is_twice_as_large(qtbot: QtBot, window: Window, theme: Theme) -> None:
    window.model.hide()
    theme.follow(Settings(text_percent=200))
    for width in (1040, 480):
        window.resize(width, 900)
        qtbot.waitUntil(lambda: not cut_off(window))
    theme.follow(Settings())


def cut_off(window: Window) -> list[str]:
    buttons = [button for button in window.findChildren(QAbstractButton) if button.isVisible()]
    return [button.text() for button in buttons if not is_whole(button, window)]


def is_whole(button: QAbstractButton, window: Window) -> bool:
    words_fit = button.width() >= button.minimumSizeHint().width()
    is_within = window.rect().contains(button.mapTo(window, button.rect().center()))
    return words_fit and is_within and min(button.width(), button.height()) >= LEAST_TARGET


def test_camera_moves_above_the_conversation_in_a_narrow_window(qtbot: QtBot, window: Window) -> None:
    window.resize(1040, 800)
    qtbot.waitUntil(lambda: window.transcript.x() > window.senses.width())
    window.resize(500, 800)
    qtbot.waitUntil(lambda: window.transcript.x() < 100)
    assert window.transcript.y() > window.senses.height()


def test_shortcuts_do_what_the_explanations_say(qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    talking: list[bool] = []
    window.composer.talk.talking.connect(talking.append)
    press(window, "Ctrl+T")
    assert talking == [True]
    press(window, "Ctrl+K")
    assert window.senses.camera.isChecked()
    press(window, "Ctrl+Shift+T")
    assert window.senses.hands_free.isChecked()
    with qtbot.waitSignal(window.composer.stop.clicked):
        press(window, "Escape")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([__file__], ""))  # the system's own dialog
    press(window, "Ctrl+O")
    assert window.composer.attachments.files == (Path(__file__),)
    press(window, "Ctrl+Q")
    assert not window.isVisible()


def test_underlined_letters_work_beside_the_shortcuts(window: Window) -> None:
    window.show_phase(Phase.SPEAKING)
    for button in window.findChildren(QAbstractButton):
        if "&" in button.text():
            assert button.shortcut() == QKeySequence.mnemonic(button.text()), button.text()


def test_every_underlined_letter_is_underlined_once(window: Window) -> None:
    buttons = window.findChildren(QAbstractButton)
    letters = [QKeySequence.mnemonic(button.text()).toString() for button in buttons if "&" in button.text()]
    assert len(letters) == len(set(letters))


def test_talk_by_shortcut_needs_a_model(window: Window) -> None:
    window.show_phase(Phase.STOPPED)
    press(window, "Ctrl+T")
    assert not window.composer.talk.is_talking


def test_phase_is_in_words(window: Window) -> None:
    assert window.status.phase.text() == Phase.SPEAKING.value


def press(window: Window, keys: str) -> None:
    """A shortcut needs an active window, which drawing into memory does not have."""
    (shortcut,) = (found for found in window.findChildren(QShortcut) if found.key() == QKeySequence(keys))
    shortcut.activated.emit()


def test_pages_come_and_go(window: Window) -> None:
    press(window, "Ctrl+,")
    assert window.settings.isVisible()
    assert window.top.settings.isChecked()
    press(window, "Ctrl+L")
    assert window.log.isVisible()
    assert not window.top.settings.isChecked()
    press(window, "Ctrl+Shift+M")
    assert window.models.isVisible()
    assert window.top.models.isChecked()
    press(window, "Ctrl+Shift+M")
    window.model.more.click()
    assert window.models.isVisible()
    press(window, "Ctrl+F")
    assert window.transcript.isVisible()
    press(window, "Ctrl+,")
    window.settings.back.click()
    assert window.transcript.isVisible()
    assert not window.top.settings.isChecked()


def test_the_list_of_conversations_can_be_put_away(qtbot: QtBot, window: Window) -> None:
    assert window.history.isVisible()
    press(window, "Ctrl+B")
    assert not window.history.isVisible()
    press(window, "Ctrl+F")
    assert window.history.isVisible()
    window.resize(500, 800)
    qtbot.waitUntil(lambda: not window.history.isVisible())


def test_a_long_title_is_cut_off_for_the_eye_alone(window: Window) -> None:
    window.top.show_title("word " * 200, private=False)
    assert window.top.title.text().endswith("…")
    assert names(window.top.title, QAccessible.Text.Name) == "word " * 200


@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_the_window_comes_forward(window: Window) -> None:
    window.showMinimized()
    window.come_forward()
    assert not window.isMinimized()
    assert window.isVisible()
