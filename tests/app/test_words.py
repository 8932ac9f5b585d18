"""Not one word of the window is left untranslated: found in the code itself, in Qt's files, and in a real window."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialogButtonBox, QLabel
from pytestqt.qtbot import QtBot

from app import language
from app.phase import Phase
from app.settings import Language
from app.transcript import Transcript
from app.ui.window import Window
from installer import translations

MARKS = {"translate", "QT_TRANSLATE_NOOP"}
SEEN_BY_USERS = {
    *(
        "QLabel",
        "Sentence",
        "Complaint",
        "Button",
        "TickBox",
        "QCheckBox",
        "QPushButton",
        "QAction",
        "QGroupBox",
        "_group",
    ),
    *("setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setPlaceholderText", "setWindowTitle"),
    *(
        "addItem",
        "addAction",
        "announce",
        "notice",
        "tell",
        "ask",
        "show_progress",
        "show_detail",
        "_refuse",
        "_complain",
    ),
}
"""What takes words for a person: each of its arguments that is a literal with a letter must be marked."""
NOT_FOR_USERS = {
    *(
        "setObjectName",
        "setProperty",
        "getLogger",
        "QKeySequence",
        "TypeError",
        "TypeVar",
        "_check",
        "add_argument",
        "setStyle",
    ),
    *(
        "write",
        "debug",
        "info",
        "warning",
        "error",
        "exception",
        "execute",
        "run",
        "ArgumentParser",
        "compile",
        "setFormatter",
    ),
}
"""What takes words for programs, or for the log, which is English as the report is."""
OTHER_ROOMS = {
    "autostart.py": "files and keys of the system",
    "display.py": "names in the environment",
    "logs.py": "the log",
    "lateness.py": "the log",
    "door.py": "what goes wrong between two processes, for the log",
    "report.py": "the report, which is for developers",
    "terminal.py": "one turn without a window, as the runner's command line",
    "entries.py": "names that PortAudio gives",
    "key_names.py": "names that X gives",
    "key_layout.py": "names that X gives",
    "windows_keys.py": "names that Windows gives",
    "permissions.py": "keys and pages of the system",
    "spotting.py": "a grammar",
    "sentences.py": "abbreviations of any language",
}
SAME_EVERYWHERE = re.compile(
    r"(?s)Sightline(: )?|.*\b(SELECT|UPDATE|PRAGMA|BEGIN)\b.*|English|Español|"
    r"Chelsie|Fusion|JPEG|MJPG|DISPLAY|[A-Z_]{4,}|(Ctrl\+|Alt\+|Escape).*|.*\.json"
)
PROGRAMS_OWN = {
    "the system's default": "stands for a device where the system lists none; the log shows it too",
    "Conversation": "the name of a file without a name",
    "no settings": "caught where settings are read",
    " cannot be that": "for who writes the code",
    "a picture cannot be so large": "caught where settings are read",
    "no result of a test for echo": "caught where settings are read",
    "one job at a time": "for who writes the code",
    "no devices": "caught where settings are read",
    "no key that works everywhere": "caught where settings are read",
    "this is not Windows": "for the log",
    "Pipe": "a type",
    "Result": "a type",
    "model link reader": "a thread",
    "model link writer": "a thread",
    "sightline model": "a process",
    "sound ports": "a thread",
}
ICON = re.compile(r"[a-z]+(-[a-z]+)*")


@dataclass(frozen=True)
class Literal:
    place: str
    words: str


def code() -> list[Path]:
    return [file for file in translations.source_files() if file.name not in OTHER_ROOMS]


def called(node: ast.AST | None) -> str:
    """The last name of what is called."""
    if not isinstance(node, ast.Call):
        return ""
    return ast.unparse(node.func).rsplit(".", maxsplit=1)[-1]


def literals(file: Path) -> Iterator[Literal]:
    """All that a person might read and nobody marked."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        parent = above[node]
        takers = set(takers_of(node, above))
        if isinstance(parent, ast.Expr) or takers & (MARKS | NOT_FOR_USERS) or is_room(node, parent):
            continue
        whole = above[parent] if isinstance(parent, ast.JoinedStr) else parent
        if is_for_people(node.value, is_shown=called(whole) in SEEN_BY_USERS):
            yield Literal(f"{file.relative_to(translations.ROOT)}:{node.lineno}", node.value)


def is_room(node: ast.Constant, parent: ast.AST) -> bool:
    """Where words of a table are looked up, which are marked there."""
    return called(parent) == "translated" and isinstance(parent, ast.Call) and parent.args[0] is node


def takers_of(node: ast.AST, above: dict[ast.AST, ast.AST]) -> Iterator[str]:
    """All that is called with it, from within outwards."""
    while node in above and not isinstance(node, ast.stmt):
        node = above[node]
        yield called(node)


def is_for_people(words: str, *, is_shown: bool) -> bool:
    if not re.search(r"[^\W\d_]{2}", re.sub(r"%\w+", "", words)) or words in PROGRAMS_OWN:
        return False
    if SAME_EVERYWHERE.fullmatch(words) or ICON.fullmatch(words):
        return False
    return is_shown or bool(re.match(r"&?[A-ZÀ-Þ¿¡]", words)) or len(words.split()) > 2


def test_every_word_that_a_person_may_read_is_marked() -> None:
    assert [literal for file in code() for literal in literals(file)] == []


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ('label.setText("hello you")', 1),
        ('label.setText(f"{count} files")', 1),
        ('label.setText(translate("Room", "Hello"))', 0),
        ('WORDS = ("Light", "Dark")', 2),
        ('WORDS = {QT_TRANSLATE_NOOP("Room", "Light"): 1}', 0),
        ('logs.window.info("Something happened.")', 0),
        ('notice(f"The disk is full ({error}).")', 1),
        ('Button("Send", "send", translate("Room", "Send it"))', 1),
    ],
)
def test_what_is_not_marked_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, count: int) -> None:
    file = tmp_path / "room.py"
    file.write_text(line, encoding="utf-8")
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    found = list(literals(file))
    assert len(found) >= count
    assert bool(found) is bool(count)


@pytest.fixture(params=translations.LANGUAGES)
def words(request: pytest.FixtureRequest) -> Path:
    """What is translated into a language."""
    return translations.TRANSLATIONS / f"sightline_{request.param}.ts"


def messages(file: Path) -> dict[tuple[str, str], ElementTree.Element]:
    found = {}
    for context in ElementTree.parse(file).iter("context"):
        for message in context.iter("message"):
            key = (context.findtext("name", ""), message.findtext("source", ""))
            found[key] = message.find("translation")
    return {key: translation for key, translation in found.items() if translation is not None}


def test_every_marked_word_is_translated(words: Path, tmp_path: Path) -> None:
    """Collected from the code as it is now, by Qt's own tool."""
    now = tmp_path / words.name
    now.write_bytes(words.read_bytes())
    translations.collect(words.stem.split("_")[1], now)
    assert messages(now).keys() == messages(words).keys(), "run python -m installer.translations"
    assert len(messages(now)) > 200
    for key, translation in messages(now).items():
        assert translation.get("type") != "unfinished", key
        assert "".join(translation.itertext()).strip(), key


def test_what_is_compiled_is_what_is_translated(words: Path, tmp_path: Path) -> None:
    translations.compile_words(words, tmp_path / "now.qm")
    assert (tmp_path / "now.qm").read_bytes() == words.with_suffix(".qm").read_bytes()


def test_places_are_filled_in_alike(words: Path) -> None:
    for (_, source), translation in messages(words).items():
        assert places("".join(translation.itertext())) == places(source), source


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture
def spanish(qtbot: QtBot, qapp: QApplication) -> Iterator[Window]:
    language.speak(Language.SPANISH, qapp)
    window = Window(Transcript(), has_built_in=True)
    qtbot.addWidget(window)
    window.show()
    yield window
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(QLocale.c())


def test_the_window_speaks_spanish(spanish: Window) -> None:
    spanish.show_phase(Phase.THINKING)
    assert spanish.status.phase.text() == "Pensando"
    assert spanish.composer.send.text() == "&Enviar"
    assert spanish.settings.look.itemText(2) == "Oscuro"
    assert "¿Qué le gustaría saber?" in [label.text() for label in spanish.findChildren(QLabel)]


def test_qt_s_own_words_are_spanish_too(qtbot: QtBot, spanish: Window) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text().replace("&", "") == "Cancelar"


def test_every_letter_is_underlined_once_in_spanish_too(spanish: Window) -> None:
    buttons = [button for button in spanish.findChildren(QAbstractButton) if "&" in button.text()]
    letters = [QKeySequence.mnemonic(button.text()).toString() for button in buttons]
    assert len(letters) >= 8
    assert len(letters) == len(set(letters))


def test_a_language_that_is_not_spoken_is_english(qapp: QApplication) -> None:
    assert language.locale_of(Language.ENGLISH).language() is QLocale.Language.English
    assert language.locale_of(Language.SPANISH).language() is QLocale.Language.Spanish
    assert language.locale_of(Language.SYSTEM).language() in {QLocale.Language.English, QLocale.Language.Spanish}
