"""The whole desktop: with a real model in a real child, without one, and with one that dies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app import idle, model_link, settings
from app.application import Application
from app.first_steps import Step
from app.history import History, Write
from app.model_choice import NO_MODEL
from app.model_link import ModelLink
from app.options import Options
from app.paths import Home
from app.phase import Phase
from app.settings import Look, Settings, Speech
from app.transcript import Line, LineState, Who
from app.voice import engine
from app.voice.system_voice import SystemVoice
from app.voice.voice import TOO_SLOW
from model.protocol import Load, Ready, Timings
from tests.helpers import stand_in

TIMEOUT = 60_000
BUTTONS = QMessageBox.StandardButton
BRIEF = Load(Path(), max_tokens=24, max_codes=60, threads=1)
"""Noise would not end by itself."""
Start = Callable[..., Application]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "settings" / "settings.json", tmp_path / "data" / "history.sqlite")


@pytest.fixture
def settings_file(home: Home) -> Path:
    return home.settings


@pytest.fixture
def start(qtbot: QtBot, home: Home) -> Iterator[Start]:
    """Opens the desktop as `run` does, but for the loop, and without devices: those have their own tests."""
    opened: list[Application] = []

    def started(model: Path | None = None, link: ModelLink | None = None, built_in: Path | None = None) -> Application:
        system_voice = SystemVoice(engine.main_for_tests)
        application = Application(Options(model, None), home, link, BRIEF, built_in, system_voice=system_voice)
        opened.append(application)
        application.window.show()
        application.keeping.start()
        application.model.load_first()
        return application

    yield started
    for application in opened:
        application.close()
        qtbot.addWidget(application.window)


@pytest.fixture
def model_folder(tmp_path: Path) -> Callable[[str], Path]:
    """A folder that the stand-in loads, and does what its name says."""

    def made(name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "config.json").write_text("{}")
        return folder

    return made


def wait_for(qtbot: QtBot, application: Application, phase: Phase) -> None:
    qtbot.waitUntil(lambda: application.conversation.phase is phase, timeout=TIMEOUT)


def ask(qtbot: QtBot, application: Application, text: str) -> None:
    qtbot.keyClicks(application.window.composer.edit, text)
    qtbot.keyClick(application.window.composer.edit, Qt.Key.Key_Return)


def texts(application: Application, who: Who) -> list[str]:
    rows = range(application.transcript.rowCount())
    lines = (application.transcript.line(row) for row in rows)
    return [line.text for line in lines if line.who is who]


def test_typed_question_is_answered_by_a_real_model(
    qtbot: QtBot, start: Start, small_folder: Path, settings_file: Path
) -> None:
    application = start(small_folder)
    wait_for(qtbot, application, Phase.LISTENING)
    assert application.window.status.model.text().startswith("small  ·  random weights")
    assert not application.window.model.isVisible()
    grown: list[str] = []
    application.transcript.dataChanged.connect(lambda index, _: grown.append(index.data()))
    ask(qtbot, application, "What can you do?")
    assert application.conversation.phase is Phase.THINKING
    qtbot.waitUntil(lambda: application.transcript.rowCount() >= 2, timeout=TIMEOUT)
    wait_for(qtbot, application, Phase.LISTENING)
    assert texts(application, Who.USER) == ["What can you do?"]
    (answer,) = texts(application, Who.MODEL)
    assert answer
    assert len(set(grown)) > 2
    assert application.transcript.line(1).state is LineState.WHOLE
    assert settings.load(settings_file).settings.model == small_folder


def test_model_that_dies_in_mid_answer_comes_back(
    qtbot: QtBot, start: Start, model_folder: Callable[[str], Path]
) -> None:
    application = start(model_folder("good"), ModelLink(stand_in.main))
    wait_for(qtbot, application, Phase.LISTENING)
    ask(qtbot, application, "work")
    wait_for(qtbot, application, Phase.SPEAKING)
    kill_newest_child()
    wait_for(qtbot, application, Phase.LOADING)
    wait_for(qtbot, application, Phase.LISTENING)
    assert "started again" in texts(application, Who.NOTICE)[0]
    assert texts(application, Who.USER) == ["work"]
    assert application.transcript.line(1).state is LineState.BROKEN
    ask(qtbot, application, "still there?")
    # the phases of so short an answer may come and go between two looks
    qtbot.waitUntil(lambda: texts(application, Who.MODEL)[-1] == "turn 2still there?", timeout=TIMEOUT)
    wait_for(qtbot, application, Phase.LISTENING)


def test_model_that_dies_again_and_again_says_so_and_can_be_loaded(
    qtbot: QtBot, start: Start, model_folder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_link, "RESTARTS", 0)
    application = start(model_folder("good"), ModelLink(stand_in.main))
    wait_for(qtbot, application, Phase.LISTENING)
    ask(qtbot, application, "crash")
    panel = application.window.model
    qtbot.waitUntil(panel.again.isVisible, timeout=TIMEOUT)
    assert "stopped again and again" in panel.sentence.text()
    qtbot.keyClick(panel.again, Qt.Key.Key_Space)
    wait_for(qtbot, application, Phase.LISTENING)


def test_stop_ends_an_answer_and_keeps_what_was_said(
    qtbot: QtBot, start: Start, model_folder: Callable[[str], Path]
) -> None:
    application = start(model_folder("good"), ModelLink(stand_in.main))
    wait_for(qtbot, application, Phase.LISTENING)
    ask(qtbot, application, "work")
    wait_for(qtbot, application, Phase.SPEAKING)
    qtbot.keyClick(application.window.composer.stop, Qt.Key.Key_Space)
    assert application.conversation.phase is Phase.LISTENING
    qtbot.waitUntil(lambda: application.transcript.line(1).text.endswith("until None"), timeout=TIMEOUT)
    assert application.transcript.line(1).state is LineState.CUT


def test_without_a_model_the_window_offers_one(start: Start) -> None:
    application = start()
    panel = application.window.model
    assert panel.sentence.text() == NO_MODEL
    assert panel.choose.isVisible()
    assert panel.make_small.isVisible()
    assert application.window.status.phase.text() == Phase.STOPPED.value


def test_the_built_in_model_is_used_until_another_is_chosen(
    qtbot: QtBot, start: Start, model_folder: Callable[[str], Path], settings_file: Path
) -> None:
    application = start(link=ModelLink(stand_in.main), built_in=model_folder("good"))
    wait_for(qtbot, application, Phase.LISTENING)
    assert not application.window.model.isVisible()
    assert settings.load(settings_file).settings.model is None
    other = model_folder("good too")
    application.model.load(other)
    assert settings.load(settings_file).settings.model == other
    wait_for(qtbot, application, Phase.LISTENING)
    application.model.load_built_in()
    assert settings.load(settings_file).settings.model is None
    wait_for(qtbot, application, Phase.LISTENING)


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_wrong_folder_is_called_wrong(start: Start, tmp_path: Path, settings_file: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    application = start(tmp_path / name)
    assert "is not a model folder" in application.window.model.sentence.text()
    assert application.window.model.choose.isVisible()
    assert settings.load(settings_file).settings.model is None


def test_folder_that_cannot_be_loaded_is_told_where_another_is_chosen(
    qtbot: QtBot, start: Start, model_folder: Callable[[str], Path]
) -> None:
    application = start(model_folder("refuse"), ModelLink(stand_in.main))
    qtbot.waitUntil(application.window.model.choose.isVisible, timeout=TIMEOUT)
    assert application.window.model.sentence.text() == stand_in.REFUSAL
    assert application.conversation.phase is Phase.STOPPED


def test_loading_can_be_cancelled(qtbot: QtBot, start: Start, model_folder: Callable[[str], Path]) -> None:
    application = start(model_folder("load"), ModelLink(stand_in.main))
    panel = application.window.model
    qtbot.waitUntil(lambda: panel.sentence.text() == "Loading the thinker: 50 %", timeout=TIMEOUT)
    qtbot.keyClick(panel.cancel, Qt.Key.Key_Space)
    qtbot.waitUntil(panel.choose.isVisible, timeout=TIMEOUT)
    assert "cancelled" in panel.sentence.text()
    assert application.conversation.phase is Phase.STOPPED


def test_another_folder_is_loaded_in_place_of_the_first(
    qtbot: QtBot, start: Start, model_folder: Callable[[str], Path], settings_file: Path
) -> None:
    application = start(model_folder("refuse"), ModelLink(stand_in.main))
    qtbot.waitUntil(application.window.model.choose.isVisible, timeout=TIMEOUT)
    good = model_folder("good")
    application.window.model.folder_chosen.emit(good)
    wait_for(qtbot, application, Phase.LISTENING)
    assert settings.load(settings_file).settings.model == good


def test_damaged_settings_are_told_in_the_conversation(start: Start, settings_file: Path) -> None:
    settings_file.parent.mkdir()
    settings_file.write_text("{")
    application = start()
    assert "damaged" in texts(application, Who.NOTICE)[0]


def test_hands_free_is_remembered(qtbot: QtBot, start: Start, settings_file: Path) -> None:
    application = start()
    qtbot.keyClick(application.window.senses.hands_free, Qt.Key.Key_Space)
    assert settings.load(settings_file).settings == Settings(hands_free=True, first_run=Step.LANGUAGE)


def test_what_is_chosen_is_kept_and_acted_on(
    qtbot: QtBot, start: Start, model_folder: Callable[[str], Path], settings_file: Path
) -> None:
    application = start(model_folder("good"), ModelLink(stand_in.main))
    wait_for(qtbot, application, Phase.LISTENING)
    dressed: list[Settings] = []
    application.dressed.connect(dressed.append)
    page = application.window.settings
    page.patience.setCurrentText("2 s")
    page.look.setCurrentIndex(2)
    page.private.click()
    kept = settings.load(settings_file).settings
    assert (kept.patience, kept.look, kept.private) == (2.0, Look.DARK, True)
    assert kept.model == application.choices.now.model
    assert dressed[-1] == kept
    assert application.window.history.private.isChecked()
    phases: list[Phase] = []
    application.conversation.phase_changed.connect(phases.append)
    page.voices.speaker.setCurrentText("Nobody: answers are only written")
    qtbot.waitUntil(lambda: phases == [Phase.LOADING, Phase.LISTENING], timeout=TIMEOUT)
    assert settings.load(settings_file).settings.speech is Speech.NOBODY
    assert application.window.status.voice.text() == "no voice"


def test_the_focus_stays_on_the_page_of_settings(start: Start) -> None:
    """A choice there may begin another conversation, whose box for questions is on a page that is not shown."""
    application = start()
    page = application.window.settings
    application.window.show_page(page)
    page.private.setFocus()
    page.private.click()
    assert application.window.history.private.isChecked()
    assert application.window.focusWidget() is page.private


def test_a_shorter_time_is_taken_once_the_loss_is_agreed_to(
    qtbot: QtBot, start: Start, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While that is open nothing is chosen yet; the first run asks as the page does."""
    base = History(home.history)
    base.apply([Write("old", 0, Line(Who.USER, datetime.now() - timedelta(days=40), "Old"))])
    answers = iter([BUTTONS.Cancel, BUTTONS.Cancel, BUTTONS.Yes])

    def answer(*_: object) -> QMessageBox.StandardButton:
        assert application.choices.now.keep_days is None
        assert settings.load(home.settings).settings.keep_days is None
        return next(answers)

    monkeypatch.setattr(QMessageBox, "question", answer)
    application = start()
    qtbot.waitUntil(lambda: application.window.history.entries.rowCount() == 1, timeout=TIMEOUT)
    times = application.window.settings.times
    times.setCurrentText("For 30 days")
    assert times.currentText() == "For ever"
    application.beginning.chosen.emit(replace(application.choices.now, keep_days=1))
    assert times.currentText() == "For ever"
    assert [entry.title for entry in base.entries()] == ["Old"]
    times.setCurrentText("For 30 days")
    assert settings.load(home.settings).settings.keep_days == 30
    assert times.currentText() == "For 30 days"
    qtbot.waitUntil(lambda: not base.entries(), timeout=TIMEOUT)
    base.close()
    assert next(answers, None) is None


def test_the_report_knows_the_model_and_no_words(
    qtbot: QtBot, start: Start, model_folder: Callable[[str], Path]
) -> None:
    application = start(model_folder("good"), ModelLink(stand_in.main))
    wait_for(qtbot, application, Phase.LISTENING)
    ask(qtbot, application, "heliotrope")
    qtbot.waitUntil(lambda: "0 tokens in" in application.window.log.compose(), timeout=TIMEOUT)
    report = application.window.log.compose()
    assert "good, on cpu" in report
    assert "heliotrope" not in report


def test_a_question_is_changed_and_an_answer_given_again(
    qtbot: QtBot, start: Start, model_folder: Callable[[str], Path]
) -> None:
    application = start(model_folder("good"), ModelLink(stand_in.main))
    wait_for(qtbot, application, Phase.LISTENING)
    ask(qtbot, application, "Why?")
    qtbot.waitUntil(lambda: texts(application, Who.MODEL) == ["turn 1Why?"], timeout=TIMEOUT)
    wait_for(qtbot, application, Phase.LISTENING)
    view = application.window.transcript
    view.setCurrentIndex(application.transcript.index(1))
    view.actions_bar.again.click()
    qtbot.waitUntil(lambda: texts(application, Who.MODEL) == ["turn 2Why?"], timeout=TIMEOUT)
    wait_for(qtbot, application, Phase.LISTENING)
    view.setCurrentIndex(application.transcript.index(0))
    view.actions_bar.edit.click()
    assert application.window.composer.edit.toPlainText() == "Why?"
    ask(qtbot, application, " Now")
    qtbot.waitUntil(lambda: texts(application, Who.MODEL) == ["turn 3Why? Now"], timeout=TIMEOUT)
    assert texts(application, Who.USER) == ["Why? Now"]


def test_a_voice_is_tried_out_by_its_button(qtbot: QtBot, start: Start, model_folder: Callable[[str], Path]) -> None:
    application = start(model_folder("good"), ModelLink(stand_in.main))
    button = application.window.settings.voices.preview
    assert not button.isEnabled()
    wait_for(qtbot, application, Phase.LISTENING)
    button.click()
    assert application.conversation.phase is Phase.SPEAKING
    assert not button.isEnabled()
    wait_for(qtbot, application, Phase.LISTENING)
    assert application.transcript.rowCount() == 0
    application.window.settings.voices.speaker.setCurrentText("Nobody: answers are only written")
    wait_for(qtbot, application, Phase.LISTENING)
    assert not button.isEnabled()


def test_a_computer_that_is_too_slow_lets_the_system_speak_and_says_so(
    qtbot: QtBot, start: Start, model_folder: Callable[[str], Path]
) -> None:
    application = start(model_folder("good"), ModelLink(stand_in.main))
    wait_for(qtbot, application, Phase.LISTENING)
    assert application.window.status.voice.text() == "model's voice"
    application.voice.judge(Timings(1, 20, 100, 0.1, 0.2, thinker=1.0, talker=1.0, voice=2.0, total=4.0))
    qtbot.waitUntil(lambda: texts(application, Who.NOTICE) == [TOO_SLOW], timeout=TIMEOUT)
    assert application.window.status.voice.text() == "system's voice"
    assert application.window.settings.voices.in_force.text() == TOO_SLOW
    assert "Anne" in [application.window.settings.voices.system_voice.itemText(n) for n in range(1, 9)]
    ask(qtbot, application, "Why?")
    wait_for(qtbot, application, Phase.LISTENING)
    assert application.voice.system.heard() == len("turn 1Why?")


def test_speed_is_tried_shown_and_remembered(qtbot: QtBot, start: Start, model_folder: Callable[[str], Path]) -> None:
    folder = model_folder("good")
    application = start(folder, ModelLink(stand_in.main))
    wait_for(qtbot, application, Phase.LISTENING)
    used, status = application.window.models.in_use, application.window.status.model
    assert status.text() == "good  ·  cpu  ·  0.0 GB of memory"
    used.test.click()
    qtbot.waitUntil(lambda: "Speed: good" in used.speed.text(), timeout=TIMEOUT)
    assert "to talk with" in used.speed.text()
    assert status.text().endswith("12.0 tokens a second, good")
    used.show_speed("")
    application.model.load(folder)  # what was measured before need not be measured again
    qtbot.waitUntil(lambda: "Speed: good" in used.speed.text(), timeout=TIMEOUT)


def test_memory_is_freed_and_the_model_comes_back(
    qtbot: QtBot, start: Start, model_folder: Callable[[str], Path]
) -> None:
    application = start(model_folder("good"), ModelLink(stand_in.main))
    wait_for(qtbot, application, Phase.LISTENING)
    application.window.models.in_use.free.click()
    wait_for(qtbot, application, Phase.STOPPED)
    panel = application.window.model
    assert "taken out of memory" in panel.sentence.text()
    assert application.window.status.model.text() == ""
    panel.again.click()
    wait_for(qtbot, application, Phase.LISTENING)
    assert not panel.isVisible()


def test_idle_model_is_taken_out_of_memory(
    qtbot: QtBot,
    start: Start,
    model_folder: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    settings_file: Path,
) -> None:
    monkeypatch.setattr(idle, "MILLISECONDS_A_MINUTE", 5)
    application = start(model_folder("good"), ModelLink(stand_in.main))
    wait_for(qtbot, application, Phase.LISTENING)
    application.window.models.in_use.idle.setCurrentText("After 15 minutes")
    qtbot.waitUntil(lambda: "nothing was asked" in application.window.model.sentence.text(), timeout=TIMEOUT)
    assert settings.load(settings_file).settings.idle_minutes == 15


def test_what_the_page_of_models_chose_outlives_other_choices(start: Start, settings_file: Path) -> None:
    application = start()
    application.window.models.accepted.emit("Qwen2.5-Omni-7B")
    application.window.settings.patience.setCurrentText("2 s")
    kept = settings.load(settings_file).settings
    assert (kept.licences, kept.patience) == (("Qwen2.5-Omni-7B",), 2.0)


def kill_newest_child() -> None:
    children = [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
    max(children, key=lambda child: child.create_time()).kill()


def test_where_memory_runs_out_less_is_offered_and_can_be_had(
    qtbot: QtBot, start: Start, model_folder: Callable[[str], Path], settings_file: Path
) -> None:
    application = start(model_folder("good"), ModelLink(stand_in.main))
    wait_for(qtbot, application, Phase.LISTENING)
    relief = application.window.relief
    assert not relief.isVisible()
    ask(qtbot, application, "exhaust")
    qtbot.waitUntil(relief.isVisible, timeout=TIMEOUT)
    wait_for(qtbot, application, Phase.LISTENING)
    assert "16,384 tokens" in relief.sentence.text()
    with qtbot.waitSignal(application.link.news, timeout=TIMEOUT, check_params_cb=lambda news: isinstance(news, Ready)):
        relief.accept.click()
    assert not relief.isVisible()
    assert application.window.composer.edit.hasFocus()
    assert settings.load(settings_file).settings.context == 16_384
    assert application.link._load is not None
    assert application.link._load.context == 16_384
    assert application.window.models.in_use.context.currentData() == 16_384


def test_a_smaller_model_that_is_here_is_loaded_in_its_place(
    qtbot: QtBot, start: Start, model_folder: Callable[[str], Path], home: Home
) -> None:
    large, small = model_folder("large"), model_folder("small")
    for folder in (large, small):
        (folder / "config.json").write_text('{"model_type": "qwen2_5_omni"}')
    (large / "weights").write_bytes(bytes(10_000))
    settings.save(Settings(models=small.parent), home.settings)
    application = start(large, ModelLink(stand_in.main))
    wait_for(qtbot, application, Phase.LISTENING)
    ask(qtbot, application, "kill")
    qtbot.waitUntil(application.window.relief.isVisible, timeout=TIMEOUT)
    wait_for(qtbot, application, Phase.LISTENING)
    assert "A smaller model is on this computer (small" in application.window.relief.sentence.text()
    application.window.relief.accept.click()
    assert application.choices.now.model == small


def test_why_it_is_not_on_the_card_is_told(qtbot: QtBot, start: Start, model_folder: Callable[[str], Path]) -> None:
    application = start(model_folder("good"), ModelLink(stand_in.main))
    wait_for(qtbot, application, Phase.LISTENING)
    application.link.news.emit(Ready("good", "", (), "cpu", 0, "The card is broken."))
    qtbot.waitUntil(lambda: "The card is broken." in texts(application, Who.NOTICE), timeout=TIMEOUT)
