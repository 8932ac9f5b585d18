"""Every page in every look, at the largest text, in both languages, by keyboard and as a screen reader meets it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, QSize, Qt, QTranslator
from PySide6.QtGui import QAccessible, QAccessibleInterface, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app import language
from app.entry import Entry
from app.first_steps import PAGES
from app.job_words import beginning
from app.offers import described, offer
from app.phase import Phase
from app.senses import Permission
from app.settings import Language, Look, Settings
from app.transcript import Line, Transcript, Who
from app.ui.theme import Theme
from app.ui.window import Window
from app.wares import Stored
from model.catalogue import CATALOGUE, GIGABYTE, Hardware, advise
from model.jobs import Inspect
from tests.helpers.looks import controls_of

LEAST_TARGET = 24
LOOKS = [Look.LIGHT, Look.DARK, Look.CONTRAST]
TARGETS = (QAbstractButton, QComboBox, QLineEdit, QAbstractSlider)
ROLES_THAT_TELL_MORE = {
    QAccessible.Role.CheckBox: "checkable",
    QAccessible.Role.RadioButton: "checkable",
    QAccessible.Role.EditableText: "focusable",
    QAccessible.Role.ComboBox: "focusable",
    QAccessible.Role.Slider: "focusable",
}
LONGEST_CHAIN = 80
SETTLED_MILLISECONDS = 10_000


@pytest.fixture(params=[Language.ENGLISH, Language.SPANISH])
def window(request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication, theme: Theme) -> Iterator[Window]:
    """With something in each of its parts."""
    language.speak(request.param, qapp)
    transcript = Transcript()
    window = Window(transcript)
    qtbot.addWidget(window)
    window.resize(1040, 700)
    window.show()
    window.show_phase(Phase.SPEAKING)
    window.history.show_entries([Entry("1", "What is on my desk?", datetime.now(), "")])
    window.devices.camera_permission.show_permission(Permission.BLOCKED)
    window.devices.show_microphones(())
    fill_models(window)
    window.status.show_model("Qwen2.5-Omni-3B", "4 bits", "cuda")
    window.first_run.show_settings(Settings())
    yield window
    theme.follow(Settings())
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(QLocale.c())


def fill_models(window: Window) -> None:
    """With one to be had, one that is here, and work on it."""
    hardware = Hardware(16 * GIGABYTE, 100 * GIGABYTE, 8)
    advice = advise(hardware)
    made = [offer(one, advice, hardware.disk, Path("models"), Settings()) for one in CATALOGUE]
    page = window.models
    page.show_offers(made, described(hardware, advice), is_free=True)
    page.show_stored(
        [Stored(Path("models/Small"), "Small", "8 bits", GIGABYTE, plain=True, compared=True)], is_free=True
    )
    page.show_place(Path("models"))
    page.in_use.show_model("Qwen2.5-Omni-3B, 4 bits, cuda")
    page.job.show_progress(beginning(Inspect(Path("models/Small"))), 0.5, can_pause=True)
    page.others.setChecked(True)


def lines_of(window: Window) -> Transcript:
    transcript = window.transcript.model()
    assert isinstance(transcript, Transcript)
    return transcript


def pages(window: Window) -> Iterator[str]:
    """Each as it is first seen; the conversation without a line, without a model, and with a line."""
    yield "new"
    window.model.ask("There is no model.")
    yield "no model"
    window.model.hide()
    transcript = lines_of(window)
    transcript.add(Line(Who.USER, datetime.now(), "What is on my desk?"))
    window.transcript.setCurrentIndex(transcript.index(0))
    yield "conversation"
    for name, page in (
        ("settings", window.settings),
        ("devices", window.devices),
        ("models", window.models),
        ("log", window.log),
    ):
        window.show_page(page)
        yield name
        window.show_page(page)


def steps(window: Window) -> Iterator[str]:
    """Each page of the first run, with all that it may have to say."""
    window.model.ask("There is no model.")
    window.first_run.profile.tell("Your system has no voice that works: install one.")
    window.show_first_run()
    for step in PAGES:
        window.first_run.show_step(step)
        yield f"first run, {step}"
    window.show_chat()
    window.model.hide()


def clipped(window: Window) -> list[str]:
    """Words that are to be seen in part only."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget is window.top.title:  # which tells all of it to a screen reader
            continue
        if isinstance(widget, QLabel) and widget.text() and not has_room(widget):
            found.append(f"{widget.text()}: {widget.size()} of {widget.sizeHint()}")
        if isinstance(widget, QPushButton | QCheckBox | QRadioButton | QComboBox) and lacks(
            widget.size(), needs(widget)
        ):
            words = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
            found.append(f"{words}: {widget.size()} of {needs(widget)}")
        if is_cut_by_another(widget, window):
            found.append(f"{widget} goes beyond what holds it")
    return found


def is_whole(window: Window, page: str) -> None:
    """Once all parts know how large they are."""
    assert clipped(window) == [], page


def needs(widget: QWidget) -> QSize:
    """A list that opens may show less than the longest of its entries, never less than the one that is chosen."""
    if isinstance(widget, QComboBox):
        words = widget.fontMetrics().horizontalAdvance(widget.currentText())
        return QSize(words, widget.sizeHint().height())
    return widget.sizeHint()


def lacks(size: QSize, needed: QSize) -> bool:
    return size.width() < needed.width() or size.height() < needed.height()


def has_room(label: QLabel) -> bool:
    if not label.wordWrap():
        return not lacks(label.size(), label.sizeHint())
    longest = max((label.fontMetrics().horizontalAdvance(word) for word in label.text().split()), default=0)
    return label.width() >= longest and label.height() >= label.heightForWidth(label.width())


def is_cut_by_another(widget: QWidget, window: Window) -> bool:
    """What can be scrolled to is not cut."""
    parent = widget.parentWidget()
    if not isinstance(widget, QLabel | QAbstractButton | QComboBox) or parent is None:
        return False
    if isinstance(parent.parentWidget(), QScrollArea):
        return False
    return not parent.rect().contains(widget.geometry())


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_clipped_at_twice_the_size(qtbot: QtBot, window: Window, theme: Theme, look: Look) -> None:
    theme.follow(Settings(look=look, text_percent=200))
    for width in (1040, 480):
        window.resize(width, 760)
        for page in pages(window):
            qtbot.waitUntil(partial(is_whole, window, page), timeout=SETTLED_MILLISECONDS)
        lines_of(window).truncate(0)


@pytest.mark.parametrize("width", [1040, 480])
def test_nothing_of_the_first_run_is_clipped_at_twice_the_size(
    qtbot: QtBot, window: Window, theme: Theme, width: int
) -> None:
    """Colours take no room: one look is enough."""
    theme.follow(Settings(text_percent=200))
    window.resize(width, 760)
    for page in steps(window):
        qtbot.waitUntil(partial(is_whole, window, page), timeout=SETTLED_MILLISECONDS)
        foot = window.first_run.next.mapTo(window, window.first_run.next.rect().bottomRight())
        assert window.rect().contains(foot), page


@pytest.mark.parametrize("percent", [100, 200])
def test_every_target_is_large_enough(qtbot: QtBot, window: Window, theme: Theme, percent: int) -> None:
    theme.follow(Settings(text_percent=percent))
    for page in pages(window):
        qtbot.waitUntil(partial(is_whole, window, page), timeout=SETTLED_MILLISECONDS)
        targets = [child for child in window.findChildren(QWidget) if isinstance(child, TARGETS) and child.isVisible()]
        assert len(targets) > 3, page
        for target in targets:
            if not isinstance(target, QScrollBar):  # keys, wheel and the list itself do the same
                assert min(target.width(), target.height()) >= LEAST_TARGET, (page, target)


def tree(window: Window) -> Iterator[QAccessibleInterface]:
    """All that a screen reader finds, as the platform's tree gives it."""
    waiting = [QAccessible.queryAccessibleInterface(window)]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for place in range(node.childCount()) if (child := node.child(place)) is not None]


def test_every_control_has_name_role_and_state(window: Window) -> None:
    met = 0
    for page in chain(pages(window), steps(window)):
        for node in tree(window):
            if node.state().invisible or not node.state().focusable or node.role() is QAccessible.Role.Window:
                continue
            if node.role() in {QAccessible.Role.ListItem, QAccessible.Role.Client}:
                continue  # a list's items say what they say; a page is no control
            met += 1
            told = (page, node.role(), node.object())
            assert node.text(QAccessible.Text.Name), told
            assert node.role() not in {QAccessible.Role.NoRole, QAccessible.Role.Client}, told
            if (state := ROLES_THAT_TELL_MORE.get(node.role())) is not None:
                assert getattr(node.state(), state), told
    assert met > 40


def test_what_is_on_says_so(window: Window) -> None:
    """By its state, not by its colour."""
    camera = QAccessible.queryAccessibleInterface(window.senses.camera)
    assert camera.state().checkable
    assert not camera.state().checked
    window.senses.camera.setChecked(True)
    assert QAccessible.queryAccessibleInterface(window.senses.camera).state().checked


def is_reached_by_tab(control: QWidget) -> bool:
    """Of several choices the arrow keys lead from the one that is taken to the others."""
    is_other = isinstance(control, QRadioButton) and not control.isChecked()
    return control.isVisible() and control.isEnabled() and not is_other


def press_tab(window: Window, *, back: bool = False) -> QWidget:
    """As the keyboard does: the control that has the focus decides where it goes."""
    key = Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab
    modifiers = Qt.KeyboardModifier.ShiftModifier if back else Qt.KeyboardModifier.NoModifier
    focused = window.focusWidget()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(focused, QKeyEvent(kind, key, modifiers))
    return window.focusWidget()


@pytest.mark.parametrize("back", [False, True])
def test_tab_goes_around_every_page_and_comes_back(window: Window, *, back: bool) -> None:
    for page in chain(pages(window), steps(window)):
        first = window.focusWidget()
        met = [press_tab(window, back=back)]
        while met[-1] is not first and len(met) < LONGEST_CHAIN:
            met.append(press_tab(window, back=back))
        assert met[-1] is first, page
        wanted = {control for control in controls_of(window) if is_reached_by_tab(control)}
        assert wanted <= set(met), (page, wanted - set(met))
