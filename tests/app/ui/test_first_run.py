"""The first run by keyboard: page after page, there and back, and nobody is listened to or looked at unseen."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.first_steps import PAGES, Profile, Step
from app.phase import Phase
from app.settings import Language, Settings
from app.transcript import Transcript
from app.ui.first_pages import LIMITS, STATES
from app.ui.first_run import FirstRun
from app.ui.window import Window
from tests.helpers.looks import tab_chain


class Beginner:
    """Somebody before a new window, with a keyboard."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = Window(Transcript())
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.window.show_first_run()
        self.run: FirstRun = self.window.first_run
        self.run.show_settings(Settings())
        self.run.show_step(Step.LANGUAGE)
        self.moved: list[Step] = []
        self.run.moved.connect(self.moved.append)

    def at(self) -> Step:
        return self.run.page.step

    def press(self, key: Qt.Key) -> None:
        """As the keyboard does, wherever the focus is."""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(self.window.focusWidget(), event)

    def strike(self, keys: str) -> None:
        """A shortcut needs an active window, which drawing into memory does not have."""
        (shortcut,) = (found for found in self.run.findChildren(QShortcut) if found.key() == QKeySequence(keys))
        shortcut.activated.emit()

    def told(self, what: QAccessible.Text) -> str:
        """Of what has the focus."""
        return QAccessible.queryAccessibleInterface(self.window.focusWidget()).text(what)


@pytest.fixture
def beginner(qtbot: QtBot) -> Beginner:
    return Beginner(qtbot)


def test_enter_leads_through_all_pages_and_out(qtbot: QtBot, beginner: Beginner) -> None:
    met = []
    for number, step in enumerate(PAGES, 1):
        assert beginner.at() is step
        assert beginner.told(QAccessible.Text.Description).startswith(f"Step {number} of 8. ")
        met.append(beginner.told(QAccessible.Text.Name))
        assert beginner.run.progress.value() == number
        if step is not PAGES[-1]:
            beginner.press(Qt.Key.Key_Return)
    assert met[0] == "Welcome to Sightline"
    assert len(set(met)) == len(PAGES)
    with qtbot.waitSignal(beginner.run.finished):
        beginner.press(Qt.Key.Key_Return)
    assert beginner.moved == list(PAGES[1:])


def test_each_heading_has_the_focus_once_and_nothing_else_before(qapp: QApplication, beginner: Beginner) -> None:
    met: list[QWidget] = []

    def note(_: QWidget | None, focused: QWidget | None) -> None:
        if focused is not None:
            met.append(focused)

    qapp.focusChanged.connect(note)
    headings: list[QWidget] = []
    for _ in PAGES[1:]:
        beginner.press(Qt.Key.Key_Return)
        headings.append(beginner.run.page.heading)
    qapp.focusChanged.disconnect(note)
    assert met == headings


def test_there_is_a_way_back_and_a_way_to_the_end(beginner: Beginner) -> None:
    assert beginner.run.back.isHidden()
    beginner.strike("Alt+Right")
    beginner.strike("Alt+Right")
    beginner.strike("Alt+Left")
    assert beginner.at() is Step.PROFILE
    beginner.run.skip.click()
    assert beginner.at() is Step.READY
    assert beginner.run.skip.isHidden()
    assert beginner.run.next.text() == "Begin"


def test_enter_presses_the_button_that_has_the_focus(qtbot: QtBot, beginner: Beginner) -> None:
    beginner.run.show_step(Step.SOUND)
    beginner.window.devices.tone.setFocus()
    with qtbot.waitSignal(beginner.window.devices.tone_wanted):
        beginner.press(Qt.Key.Key_Return)
    assert beginner.at() is Step.SOUND


@pytest.mark.parametrize(
    ("keys", "profile"), [("Ctrl+1", Profile.STANDARD), ("Ctrl+2", Profile.BLIND), ("Ctrl+3", Profile.DEAF)]
)
def test_a_profile_is_chosen_by_key_from_the_first_page_on(beginner: Beginner, keys: str, profile: Profile) -> None:
    chosen: list[Profile] = []
    beginner.run.profile_chosen.connect(chosen.append)
    beginner.strike(keys)
    assert chosen == [profile]
    assert keys in beginner.told(QAccessible.Text.Description) or profile is Profile.STANDARD


def test_a_profile_is_chosen_on_its_page(qtbot: QtBot, beginner: Beginner) -> None:
    beginner.run.show_step(Step.PROFILE)
    standard = beginner.run.profile.profiles.button(Profile.STANDARD)
    standard.setFocus()
    with qtbot.waitSignal(beginner.run.profile_chosen) as chosen:
        qtbot.keyClick(standard, Qt.Key.Key_Down)
    assert chosen.args == [Profile.BLIND]


def test_the_settings_are_shown(beginner: Beginner) -> None:
    beginner.run.show_settings(Settings(language=Language.SPANISH, profile=Profile.DEAF, guidance=True))
    assert beginner.run.language.languages.choice is Language.SPANISH
    assert beginner.run.profile.profiles.choice is Profile.DEAF
    assert beginner.run.aloud.isChecked()


def test_parts_come_from_their_pages_and_go_back(beginner: Beginner) -> None:
    window = beginner.window
    for step, part in (
        (Step.SOUND, window.devices.meter),
        (Step.SOUND, window.settings.echo.test),
        (Step.CAMERA, window.devices.see),
        (Step.MODEL, window.models.computer),
        (Step.SPEED, window.models.in_use.about),
        (Step.READY, window.settings.voices.preview),
    ):
        beginner.run.show_step(step)
        assert part.isVisible(), step
        assert beginner.run.page.isAncestorOf(part)
    for page, part in (
        (window.devices, window.devices.see),
        (window.models, window.models.computer),
        (window.settings, window.settings.echo.test),
    ):
        window.show_page(page)
        assert part.isVisible()
        assert page.isAncestorOf(part)


def test_tab_goes_down_the_pages_that_have_lent_their_parts(qtbot: QtBot, beginner: Beginner) -> None:
    for step in PAGES:
        beginner.run.show_step(step)
        qtbot.waitUntil(partial(goes_down, beginner.run.page))  # once all parts are where they belong
    window = beginner.window
    for page in (window.devices, window.models, window.settings):
        window.show_page(page)
        qtbot.waitUntil(partial(goes_down, page))
    window.model.ask("There is no model.")
    window.show_chat()
    chain = tab_chain(window)
    assert chain.index(window.model.choose) < chain.index(window.transcript) < chain.index(window.composer.edit)


def goes_down(page: QWidget) -> bool:
    """Whether nothing that Tab leads to stands above what it came from."""
    chain = [one for one in tab_chain(page.window()) if page.isAncestorOf(one)]
    assert chain
    heights = [one.mapTo(page.window(), one.rect().center()).y() for one in chain]
    return heights == sorted(heights)


def test_the_test_of_the_microphone_ends_with_its_page(beginner: Beginner) -> None:
    tried: list[bool] = []
    beginner.window.devices.trying.connect(tried.append)
    beginner.run.show_step(Step.SOUND)
    beginner.window.devices.listen.click()
    beginner.run.next.click()
    assert tried == [True, False]


def test_a_voice_that_is_heard_is_told_once(beginner: Beginner) -> None:
    told: list[str] = []
    devices = beginner.window.devices
    devices.told.connect(told.append)
    devices.show_level(0.9)
    assert told == []
    devices.listen.click()
    for level in (0.1, 0.8, 0.9):
        devices.show_level(level)
    assert told == ["Speak: the bar moves as far as you are heard.", "You are heard."]
    assert devices.about_level.text() == "You are heard."


@pytest.mark.parametrize("was_on", [False, True])
def test_the_test_of_the_camera_ends_with_its_page(beginner: Beginner, *, was_on: bool) -> None:
    switch = beginner.window.senses.camera
    switch.setChecked(was_on)
    beginner.run.show_step(Step.CAMERA)
    if not was_on:
        beginner.window.devices.see.click()
    assert switch.isChecked()
    beginner.run.next.click()
    assert switch.isChecked() is was_on


def test_why_there_is_no_camera_is_said_on_its_page(beginner: Beginner) -> None:
    beginner.run.show_step(Step.CAMERA)
    beginner.window.devices.see.click()
    beginner.window.senses.lose_camera("No camera was found: plug one in, or go on without.")
    assert beginner.window.devices.picture.sentence == "No camera was found: plug one in, or go on without."
    assert not beginner.window.devices.see.isChecked()


def test_a_download_is_told_of_behind_every_page(beginner: Beginner) -> None:
    beginner.window.models.job.show_progress("Downloading: 12 %", 0.12, can_pause=True)
    for step in PAGES:
        beginner.run.show_step(step)
        assert beginner.run.behind.isVisible()
        assert beginner.run.behind.text() == "Downloading: 12 %"


def test_the_way_to_the_models_leads_to_their_step(beginner: Beginner) -> None:
    panel = beginner.window.model
    panel.ask("There is no model.")
    beginner.run.show_step(Step.READY)
    assert panel.more.isVisible()
    panel.more.click()
    assert beginner.at() is Step.MODEL
    assert panel.isVisible()
    assert not panel.more.isVisible()
    panel.show_progress("Loading", 10)
    panel.ask("There is no model.")
    assert not panel.more.isVisible()
    beginner.window.show_chat()
    assert panel.more.isVisible()


def test_another_model_can_be_chosen_though_one_is_there(beginner: Beginner) -> None:
    models = beginner.window.models
    beginner.run.show_step(Step.MODEL)
    assert not models.choose.isVisible()
    assert not beginner.run.model.state.isVisible()
    beginner.run.show_phase(Phase.LISTENING)
    assert models.choose.isVisible()
    assert beginner.run.model.state.isVisible()
    beginner.window.show_page(models)
    assert models.isAncestorOf(models.choose)
    assert models.choose.isVisible()


def test_what_cannot_be_trusted_is_said_to_all(beginner: Beginner) -> None:
    beginner.run.show_step(Step.LIMITS)
    said = beginner.told(QAccessible.Text.Description)
    assert all(sentence in said for sentence in LIMITS)
    assert all(word in said for word in ("crossed", "dose", "allergic"))


@pytest.mark.parametrize("phase", [Phase.STOPPED, Phase.LOADING, Phase.LISTENING])
def test_the_last_page_says_whether_somebody_answers(beginner: Beginner, phase: Phase) -> None:
    beginner.run.show_phase(phase)
    beginner.run.show_step(Step.READY)
    assert beginner.run.ready.state.text() == STATES[phase is Phase.LISTENING]
    assert beginner.run.ready.state.text() in beginner.told(QAccessible.Text.Description)


def test_nothing_but_the_first_run_leads_elsewhere_while_it_is_shown(beginner: Beginner) -> None:
    assert not beginner.window.top.settings.isVisible()
    assert beginner.window.top.title.accessibleName() == "First steps"
    beginner.window.show_chat()
    assert beginner.window.top.settings.isVisible()
    assert beginner.window.top.title.accessibleName() == "New conversation"


def test_the_ctrl_key_hushes(qtbot: QtBot, beginner: Beginner) -> None:
    with qtbot.waitSignal(beginner.run.hushed):
        beginner.press(Qt.Key.Key_Control)
