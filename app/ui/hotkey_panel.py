"""Keys that work while another program has the keyboard, and all that stands in their way, in words.

Knows no system: what it refuses is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QGroupBox, QWidget

from app.hotkeys import PORTABLE, Action, Hotkey, Refusal, System, is_possible
from app.settings import Settings
from app.ui.button import Button
from app.ui.flow import Flow
from app.ui.form import lay_form
from app.ui.hotkey_row import HotkeyRow
from app.ui.key_button import native
from app.ui.sentence import Sentence
from app.words import QT_TRANSLATE_NOOP, translate

NAMES = {
    Action.TALK: QT_TRANSLATE_NOOP("HotkeyPanel", "Talk"),
    Action.MUTE: QT_TRANSLATE_NOOP("HotkeyPanel", "Mute the microphone"),
    Action.HUSH: QT_TRANSLATE_NOOP("HotkeyPanel", "Stop speaking"),
    Action.SHOW: QT_TRANSLATE_NOOP("HotkeyPanel", "Show the window"),
    Action.OFF: QT_TRANSLATE_NOOP("HotkeyPanel", "Everything off"),
}
HOLD = QT_TRANSLATE_NOOP("HotkeyPanel", "Hold it while you speak, and let it go to be answered")
TOGGLE = QT_TRANSLATE_NOOP(
    "HotkeyPanel", "Press it to speak and again to be answered: this system does not tell that a key is let go"
)
EXPLANATIONS = {
    Action.TALK: HOLD,
    Action.MUTE: QT_TRANSLATE_NOOP("HotkeyPanel", "Press it to be heard no longer, and again to be heard"),
    Action.HUSH: QT_TRANSLATE_NOOP("HotkeyPanel", "Ends an answer, and whatever else is going on"),
    Action.SHOW: QT_TRANSLATE_NOOP("HotkeyPanel", "Brings this window before all others"),
    Action.OFF: QT_TRANSLATE_NOOP("HotkeyPanel", "Nothing listens and nothing looks: microphone, camera and screen"),
}
SYSTEMS = {
    System.X11: QT_TRANSLATE_NOOP(
        "HotkeyPanel", "These keys work while another program has the keyboard, which gets them no longer."
    ),
    System.XWAYLAND: QT_TRANSLATE_NOOP(
        "HotkeyPanel",
        "This desktop is Wayland's: these keys work only while this window or another program of X11 has the keyboard.",
    ),
    System.WAYLAND: QT_TRANSLATE_NOOP(
        "HotkeyPanel",
        "Under Wayland Sightline gets no keys while another program has the keyboard: speak hands-free, or let your "
        "desktop start Sightline by a key of its own, which shows this window.",
    ),
    System.MACOS: QT_TRANSLATE_NOOP(
        "HotkeyPanel",
        "On macOS Sightline gets no keys while another program has the keyboard: speak hands-free, or use the keys of "
        "this window.",
    ),
    System.OTHER: QT_TRANSLATE_NOOP(
        "HotkeyPanel",
        "This system gives no keys while another program has the keyboard: speak hands-free, or use the keys of this "
        "window.",
    ),
}
REFUSALS = {
    Refusal.TAKEN: QT_TRANSLATE_NOOP(
        "HotkeyPanel", "Another program has {keys}: choose another key, or end that program and check again."
    ),
    Refusal.MISSING: QT_TRANSLATE_NOOP(
        "HotkeyPanel", "Your keyboard, as it is laid out now, has no key for {keys}: choose another one."
    ),
    Refusal.UNREACHABLE: QT_TRANSLATE_NOOP(
        "HotkeyPanel", "The system does not answer when {keys} is asked for: check again, or start Sightline anew."
    ),
    Refusal.BROKEN: QT_TRANSLATE_NOOP(
        "HotkeyPanel", "The system has broken the connection that {keys} comes by: check again."
    ),
}
WRITES = QT_TRANSLATE_NOOP(
    "HotkeyPanel", "{keys} is needed in other programs: choose a key with Ctrl or Alt beside it, or one like F7."
)
OTHERS = QT_TRANSLATE_NOOP("HotkeyPanel", "{keys} is the key for “{action}”: choose another one, or clear it there.")
OURS = QT_TRANSLATE_NOOP(
    "HotkeyPanel", "{keys} is a key of this window too, and does only this now: choose another one if you need both."
)
USUAL = QT_TRANSLATE_NOOP(
    "HotkeyPanel", "Most programs have a use for {keys}, and get it no longer: choose another one if you need it there."
)
RECORDING = QT_TRANSLATE_NOOP(
    "HotkeyPanel",
    "Press the key that you want; Escape leaves it as it is. If nothing happens, another program has that key.",
)
SUGGESTED = {
    Action.TALK: "Ctrl+Shift+F7",
    Action.MUTE: "Ctrl+Shift+F8",
    Action.HUSH: "Ctrl+Shift+F9",
    Action.SHOW: "Ctrl+Shift+F10",
    Action.OFF: "Ctrl+Shift+F11",
}
"""Not with letters: on Windows Ctrl and Alt together write letters of many languages. Not F12, a debugger's."""
EVERYWHERE = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.Find,
    QKeySequence.StandardKey.Save,
    QKeySequence.StandardKey.Print,
    QKeySequence.StandardKey.Close,
    QKeySequence.StandardKey.HelpContents,
    QKeySequence.StandardKey.Refresh,
)


class HotkeyPanel(QGroupBox):
    """`chosen` after each choice; `recording` while a key is waited for; `told` carries what a screen reader may say.

    `again` is for whoever can ask the system once more.
    """

    chosen = Signal()
    recording = Signal(bool)
    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("HotkeyPanel", "Keys that work everywhere"), parent)
        self._system = System.OTHER
        self._refusals: Mapping[Action, Refusal] = {}
        self.about = Sentence(translate("HotkeyPanel", "What this system gives"))
        self.rows = {action: HotkeyRow(translate("HotkeyPanel", NAMES[action])) for action in Action}
        self.suggest = Button(
            translate("HotkeyPanel", "Suggest keys"),
            "spark",
            translate("HotkeyPanel", "Gives a key to all that have none"),
        )
        self.again = Button(
            translate("HotkeyPanel", "Check again"),
            "again",
            translate("HotkeyPanel", "Asks the system once more for the keys that it refused"),
        )
        self._lay_out()
        self._join()
        self.show_system(System.OTHER, sees_release=True)

    def show_settings(self, settings: Settings) -> None:
        """As they are."""
        chosen = {hotkey.action: hotkey.keys for hotkey in settings.hotkeys}
        for action, row in self.rows.items():
            row.show_keys(chosen.get(action, ""))
        self._show_troubles()

    def applied(self, settings: Settings) -> Settings:
        """With what is chosen here."""
        chosen = (Hotkey(action, row.keys) for action, row in self.rows.items() if row.keys)
        return replace(settings, hotkeys=tuple(chosen))

    def show_system(self, system: System, *, sees_release: bool) -> None:
        """What can be had here."""
        self._system = system
        words = SYSTEMS[System.X11 if system is System.WINDOWS else system]
        self.about.setText(translate("HotkeyPanel", words))
        for action, row in self.rows.items():
            row.setEnabled(system.gives_keys)
            words = TOGGLE if action is Action.TALK and not sees_release else EXPLANATIONS[action]
            row.key.explain(translate("HotkeyPanel", words))
        self.suggest.setEnabled(system.gives_keys)
        self._show_troubles()

    def show_refusals(self, refusals: Mapping[Action, Refusal]) -> None:
        """What the system has said."""
        self._refusals = refusals
        if self.again.hasFocus() and not refusals:
            self.suggest.setFocus()
        self.again.setVisible(bool(refusals))
        self._show_troubles()

    def _lay_out(self) -> None:
        named = [(row.name, row) for row in self.rows.values()]
        form = lay_form(self, [(translate("HotkeyPanel", "Here"), self.about), *named])
        buttons = Flow()
        buttons.addWidget(self.suggest)
        buttons.addWidget(self.again)
        form.addRow(buttons)
        self.again.hide()

    def _join(self) -> None:
        for action, row in self.rows.items():
            row.key.recorded.connect(partial(self._take, action))
            row.key.toggled.connect(partial(self._record, row))
            row.cleared.connect(partial(self._keep, action, ""))
        self.suggest.clicked.connect(self._suggest)

    def _record(self, row: HotkeyRow, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        self._show_troubles()
        if on:
            self._tell(row, translate("HotkeyPanel", RECORDING))
        self.recording.emit(on)

    def _take(self, action: Action, keys: str) -> None:
        """What was pressed, where it can be had at all."""
        row = self.rows[action]
        other = next((one for one in self.rows.values() if one.keys == keys and one is not row), None)
        if not is_possible(keys):
            self._tell(row, translate("HotkeyPanel", WRITES).format(keys=native(keys)))
        elif other is not None:
            self._tell(row, translate("HotkeyPanel", OTHERS).format(keys=native(keys), action=other.name))
        else:
            self._keep(action, keys)

    def _keep(self, action: Action, keys: str) -> None:
        self.rows[action].show_keys(keys)
        self._show_troubles()
        self.chosen.emit()

    def _suggest(self) -> None:
        """Only what nothing else has."""
        had = {row.keys for row in self.rows.values()} | _own_keys(self.window())
        for action, row in self.rows.items():
            if not row.keys and SUGGESTED[action] not in had:
                row.show_keys(SUGGESTED[action])
        self._show_troubles()
        self.chosen.emit()

    def _show_troubles(self) -> None:
        """Of all rows; what is new is said."""
        own = _own_keys(self.window())
        for action, row in self.rows.items():
            trouble = self._trouble(action, row.keys, own) if row.keys and self._system.gives_keys else ""
            if trouble != row.trouble.text():
                self._tell(row, trouble)

    def _trouble(self, action: Action, keys: str, own: set[str]) -> str:
        if action in self._refusals:
            words = REFUSALS[self._refusals[action]]
        elif keys in own:
            words = OURS
        elif any(QKeySequence(keys) in QKeySequence.keyBindings(key) for key in EVERYWHERE):
            words = USUAL
        else:
            return ""
        return translate("HotkeyPanel", words).format(keys=native(keys))

    def _tell(self, row: HotkeyRow, sentence: str) -> None:
        row.tell(sentence)
        if sentence and self.isVisible():
            self.told.emit(sentence)


def _own_keys(window: QWidget) -> set[str]:
    """Of a window: what it does by key, and the letters that are underlined."""
    shortcuts = {shortcut.key().toString(PORTABLE) for shortcut in window.findChildren(QShortcut)}
    letters = {button.shortcut().toString(PORTABLE) for button in window.findChildren(QAbstractButton)}
    return shortcuts | letters
