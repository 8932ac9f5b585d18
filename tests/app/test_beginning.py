"""The first run in the whole desktop: what it keeps, where it goes on, and what follows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from app import beginning, settings
from app.application import Application
from app.beginning import MODEL_READY, NO_VOICE
from app.first_steps import PAGES, Profile, Step
from app.options import Options
from app.paths import Home
from app.phase import Phase
from app.profiles import fitted
from app.settings import Language, Settings
from app.voice import engine
from app.voice.system_voice import SystemVoice
from tests.helpers.voiceless import voiceless

Start = Callable[..., Application]
TIMEOUT = 60_000


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "settings" / "settings.json", tmp_path / "data" / "history.sqlite")


@pytest.fixture
def start(qtbot: QtBot, home: Home) -> Iterator[Start]:
    """Opens the desktop as `run` does, but for the loop, the model and devices."""
    opened: list[Application] = []

    def started(
        profile: Profile | None = None, main: Callable[[engine.Pipe], None] = engine.main_for_tests
    ) -> Application:
        voice = SystemVoice(main)
        application = Application(Options(None, None, profile=profile), home, system_voice=voice)
        opened.append(application)
        application.begin()
        application.window.show()
        return application

    yield started
    for application in opened:
        application.close()
        qtbot.addWidget(application.window)


def kept(home: Home) -> Settings:
    return settings.load(home.settings).settings


def test_a_fresh_home_begins_with_the_first_page(start: Start) -> None:
    window = start().window
    assert window.first_run.isVisible()
    assert window.first_run.page.step is Step.LANGUAGE
    assert window.focusWidget() is window.first_run.page.heading


def test_whoever_was_here_before_is_not_bothered(start: Start, home: Home) -> None:
    settings.save(Settings(), home.settings)
    window = start().window
    assert not window.first_run.isVisible()
    assert window.transcript.isVisible()


def test_it_goes_on_where_it_was_left(start: Start, home: Home) -> None:
    window = start().window
    window.first_run.next.click()
    window.first_run.next.click()
    window.first_run.later.click()
    assert window.transcript.isVisible()
    assert window.focusWidget() is window.composer.edit
    assert kept(home).first_run is Step.SOUND
    again = start().window
    assert again.first_run.page.step is Step.SOUND
    assert again.first_run.isVisible()


def test_it_is_taken_up_from_the_settings(start: Start) -> None:
    window = start().window
    window.first_run.next.click()
    window.show_page(window.settings)
    assert not window.first_run.isVisible()
    assert window.settings.first_steps.text() == "Go on with the first steps"
    window.settings.first_steps.click()
    assert window.first_run.isVisible()
    assert window.first_run.page.step is Step.PROFILE


def test_the_end_is_kept_and_the_question_can_be_typed(start: Start, home: Home) -> None:
    window = start().window
    window.first_run.skip.click()
    window.first_run.next.click()
    assert kept(home).first_run is Step.OVER
    assert window.focusWidget() is window.composer.edit
    assert window.settings.first_steps.text() == "Go through the first steps again"
    assert not window.senses.hands_free.isChecked()


def test_once_over_it_can_be_gone_through_again(start: Start, home: Home) -> None:
    settings.save(Settings(), home.settings)
    window = start().window
    window.settings.first_steps.click()
    assert window.first_run.page.step is Step.LANGUAGE
    assert kept(home).first_run is Step.OVER  # a look at the first page is no beginning
    window.first_run.next.click()
    assert kept(home).first_run is Step.PROFILE


def test_hands_free_is_switched_on_at_the_end_and_not_before(start: Start, home: Home) -> None:
    window = start().window
    window.first_run.skip.click()
    window.first_run.ready.hands_free.setChecked(True)
    assert not window.senses.hands_free.isChecked()
    window.first_run.next.click()
    assert window.senses.hands_free.isChecked()
    assert kept(home).hands_free


@pytest.mark.parametrize("profile", Profile)
def test_a_profile_is_taken_at_once_and_kept(start: Start, home: Home, profile: Profile) -> None:
    application = start()
    dressed: list[Settings] = []
    application.dressed.connect(dressed.append)
    application.window.first_run.show_step(Step.PROFILE)
    application.window.first_run.profile_chosen.emit(profile)
    wanted = fitted(Settings(first_run=Step.PROFILE), profile)
    guidance = wanted.guidance and not QAccessible.isActive()
    assert kept(home) == dressed[-1]
    assert (kept(home).profile, kept(home).text_percent) == (profile, wanted.text_percent)
    assert kept(home).guidance is guidance
    assert application.window.settings.signals.isChecked() is wanted.signals
    assert application.window.first_run.profile.profiles.choice is profile


def test_a_profile_that_is_asked_for_at_the_start_is_there_before_the_first_page(start: Start, home: Home) -> None:
    application = start(Profile.DEAF)
    assert application.choices.now == fitted(Settings(first_run=Step.LANGUAGE), Profile.DEAF)
    assert kept(home) == application.choices.now
    assert application.window.first_run.profile.profiles.choice is Profile.DEAF


def test_who_cannot_see_is_offered_to_just_speak(start: Start) -> None:
    application = start(Profile.BLIND)
    assert application.window.first_run.ready.hands_free.isChecked()


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.SPANISH])
def test_another_language_builds_the_window_anew_at_the_next_page(start: Start, home: Home, language: Language) -> None:
    QLocale.setDefault(QLocale(Language.ENGLISH.value))
    application = start()
    renewed: list[str] = []
    application.beginning.renewed.connect(lambda: renewed.append("renewed"))
    languages = application.window.first_run.language.languages
    languages.button(language).click()
    assert renewed == []
    application.window.first_run.next.click()
    assert kept(home).language is language
    assert kept(home).first_run is Step.PROFILE
    assert len(renewed) == (language is Language.SPANISH)
    QLocale.setDefault(QLocale.c())


def test_who_does_nothing_on_the_first_page_is_told_how_to_have_it_read(
    qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning, "OFFER_MILLISECONDS", 1)
    monkeypatch.setattr(QAccessible, "isActive", lambda: False)  # Qt's own, of this machine
    application = start()
    with qtbot.waitSignal(application.voice.system.sounding, timeout=TIMEOUT):
        pass
    assert not application.choices.now.guidance


def test_where_a_screen_reader_is_on_nobody_talks_into_it(
    qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning, "OFFER_MILLISECONDS", 1)
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    application = start(Profile.BLIND)
    assert not application.choices.now.guidance
    with qtbot.assertNotEmitted(application.voice.system.sounding, wait=50):
        application.window.first_run.show_step(Step.SOUND)


def test_that_the_model_is_ready_is_told(start: Start) -> None:
    application = start()
    told: list[str] = []
    application.window.transcript.announced.connect(told.append)
    application.conversation.phase_changed.emit(Phase.LISTENING)
    assert told == [MODEL_READY]
    application.window.show_chat()
    application.conversation.phase_changed.emit(Phase.LISTENING)
    assert told == [MODEL_READY]


def test_a_system_without_a_voice_is_told_of(qtbot: QtBot, start: Start, home: Home) -> None:
    window = start(main=voiceless).window
    window.first_run.show_step(Step.PROFILE)
    assert not window.first_run.profile.trouble.isVisible()
    window.first_run.aloud.click()
    qtbot.waitUntil(window.first_run.profile.trouble.isVisible, timeout=TIMEOUT)
    assert window.first_run.profile.trouble.text() == NO_VOICE
    assert kept(home).guidance


def test_every_page_is_kept_as_the_one_to_go_on_with(start: Start, home: Home) -> None:
    window = start().window
    for step in PAGES[1:]:
        window.first_run.next.click()
        assert kept(home).first_run is step
