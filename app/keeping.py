"""History joined to window and conversation: what is open, listed, renamed, exported, deleted, and what is not kept."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app import export
from app.conversation import Conversation
from app.entry import Entry
from app.history import History, HistoryError
from app.scribe import Scribe
from app.settings import Settings
from app.transcript import Line, Transcript, Who
from app.ui.window import Window
from app.words import QT_TRANSLATE_NOOP, translate

TYPING_MILLISECONDS = 150
"""A search begins when nothing was typed for so long."""
PRUNE_MILLISECONDS = 3_600_000
"""Between two looks for conversations that were kept long enough: Sightline may run for weeks."""
BEGUN = {
    False: QT_TRANSLATE_NOOP("Keeping", "A new conversation was begun."),
    True: QT_TRANSLATE_NOOP("Keeping", "A private conversation was begun: nothing of it is kept."),
}
"""Whether it is private."""
PRUNE = QT_TRANSLATE_NOOP(
    "Keeping", "Delete all conversations in which nothing was said for so long ({count})? They cannot be brought back."
)
PRUNE_SOME = QT_TRANSLATE_NOOP(
    "Keeping", "Delete all conversations in which nothing was said for so long? They cannot be brought back."
)
"""Where nobody can tell how many they are."""


class Keeping(QObject):
    """Nothing is read or written before `start`."""

    renewed = Signal()
    """The conversation that is open is another one."""

    def __init__(
        self,
        file: Path,
        transcript: Transcript,
        conversation: Conversation,
        window: Window,
        *,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._file = file
        self._transcript = transcript
        self._conversation = conversation
        self._window = window
        self._settings = settings
        self._reader: History | None = None
        self._entries: list[Entry] = []
        self._scribe = Scribe(file, transcript, self)
        self._scribe.begin(private=settings.private)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MILLISECONDS)
        self._pruning = QTimer(self, interval=PRUNE_MILLISECONDS)
        self._join()
        self._show_open()

    def start(self) -> None:
        """Opens the file, on a thread; the list is filled when that is done."""
        self._scribe.start()
        self._pruning.start()

    def confirm(self, chosen: Settings) -> Settings:
        """What may be taken of it: where the user would rather not lose what is older, it is kept as long as before.

        Asked before anything is taken, so that nothing is lost while the question is open, or if Sightline ends there.
        """
        days, before = chosen.keep_days, self._settings.keep_days
        if days is None or (before is not None and before <= days):
            return chosen
        count = self._count_older(days)
        return chosen if count == 0 or self._ask_to_prune(count) else replace(chosen, keep_days=before)

    def choose(self, settings: Settings) -> None:
        """How long, and what of, is kept from here on."""
        before, self._settings = self._settings, settings
        if settings.keep_days != before.keep_days:
            self._prune()
        if settings.private != before.private and not self._transcript.lines:
            self.begin(private=settings.private)

    def begin(self, *, private: bool) -> None:
        """A new conversation."""
        self._conversation.give_way()  # what is written of the old one as cut is written in the old one
        self._scribe.begin(private=private)
        self._conversation.open()
        self._show_open()
        self._window.composer.take_focus()
        self.renewed.emit()
        self._window.transcript.announce(translate("Keeping", BEGUN[private]))

    def close(self) -> None:
        """Returns when all that was said is on the disk, or cannot be."""
        self._pruning.stop()
        self._shut_reader()
        self._scribe.close()

    def _join(self) -> None:
        queued = Qt.ConnectionType.QueuedConnection  # they come from the scribe's thread
        self._scribe.opened.connect(self._open_reader, queued)
        self._scribe.changed.connect(self._list, queued)
        self._scribe.complained.connect(self._conversation.notice, queued)
        self._typing.timeout.connect(self._list)
        self._pruning.timeout.connect(self._prune)
        panel = self._window.history
        panel.searched.connect(lambda _: self._typing.start())
        panel.begun.connect(self._begin)
        panel.opened.connect(self._open)
        panel.renamed.connect(self._rename)
        panel.deleted.connect(self._delete)
        panel.exported.connect(self._export)

    def _begin(self, private: bool) -> None:  # noqa: FBT001 -- a signal's argument
        self.begin(private=private or self._settings.private)

    def _open(self, conversation: str) -> None:
        """It can be gone on with: the model is told what was said in it."""
        if conversation == self._scribe.conversation:
            return
        if self._reader is None:
            return
        try:
            kept = self._reader.lines(conversation)
        except sqlite3.Error:
            self._shut_reader()
            self._scribe.mend()
            return
        self._conversation.give_way()
        self._scribe.flush()
        self._conversation.open(line.line for line in kept)
        self._scribe.go_on(conversation, kept)
        self._show_open()
        self.renewed.emit()

    def _rename(self, conversation: str, title: str) -> None:
        self._scribe.rename(conversation, title)
        if conversation == self._scribe.conversation:
            self._window.top.show_title(title, private=False)

    def _delete(self, conversation: str) -> None:
        is_open = conversation == self._scribe.conversation
        if is_open:
            self._conversation.give_way()  # first, so that what is cut by it goes with the rest
        self._scribe.delete(conversation)
        if is_open:
            self.begin(private=self._settings.private)

    def _export(self, conversation: str) -> None:
        entry = next((entry for entry in self._entries if entry.id == conversation), None)
        if entry is None or self._reader is None:
            return
        suggested = f"{export.file_name(entry.title)}{export.MARKDOWN}"
        name, kind = QFileDialog.getSaveFileName(
            self._window,
            translate("Keeping", "Export a conversation"),
            suggested,
            translate("Keeping", "Markdown (*.md);;JSON (*.json)"),
        )
        if not name:
            return
        file = export.with_ending(Path(name), suggested, export.JSON if export.JSON in kind else export.MARKDOWN)
        if file == Path(name) or not file.exists() or self._ask_to_replace(file):
            self._write(file, entry)

    def _ask_to_replace(self, file: Path) -> bool:
        """The dialog has asked about the name as it was before it got its ending."""
        return self._ask(
            translate("Keeping", "Export a conversation"),
            translate("Keeping", "{file} is there already. Replace it?").format(file=file),
        )

    def _write(self, file: Path, entry: Entry) -> None:
        try:
            export.write(file, entry.title, self._lines(entry.id))
        except (OSError, sqlite3.Error) as error:
            self._conversation.notice(
                translate(
                    "Keeping", "The conversation cannot be written to {file} ({reason}): choose another place."
                ).format(file=file, reason=error)
            )
        else:
            self._window.transcript.announce(
                translate("Keeping", "The conversation was written to {file}.").format(file=file)
            )

    def _lines(self, conversation: str) -> list[Line]:
        """What is open is known without the disk."""
        if conversation == self._scribe.conversation:
            return [line for line in self._transcript.lines if line.who is not Who.NOTICE]
        return [] if self._reader is None else [kept.line for kept in self._reader.lines(conversation)]

    # The list

    def _open_reader(self) -> None:
        self._shut_reader()
        try:
            self._reader = History(self._file)
        except HistoryError as error:
            self._conversation.notice(str(error))
            return
        self._prune()
        self._list()

    def _shut_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _list(self) -> None:
        if self._reader is None:
            return
        try:
            self._entries = self._reader.entries(self._window.history.search.text())
        except sqlite3.Error:
            self._shut_reader()
            self._scribe.mend()
            return
        self._window.history.show_entries(self._entries)
        self._show_open()

    def _prune(self) -> None:
        if self._settings.keep_days is not None:
            self._scribe.prune(_before(self._settings.keep_days))

    def _count_older(self, days: int) -> int | None:
        """How many conversations go where they are kept no longer than that; None where nobody can tell."""
        if self._reader is None:
            return None
        try:
            return self._reader.count_older(_before(days))
        except sqlite3.Error:
            self._shut_reader()
            self._scribe.mend()
            return None

    def _ask_to_prune(self, count: int | None) -> bool:
        words = PRUNE_SOME if count is None else PRUNE
        return self._ask(
            translate("Keeping", "Delete old conversations"), translate("Keeping", words).format(count=count)
        )

    def _ask(self, title: str, question: str) -> bool:
        """Enter alone changes nothing."""
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(self._window, title, question, buttons.Yes | buttons.Cancel, buttons.Cancel)
        return answer == buttons.Yes

    def _show_open(self) -> None:
        now, private = self._scribe.conversation, self._scribe.is_private
        title = next((entry.title for entry in self._entries if entry.id == now), "")
        self._window.history.mark(now, private=private)
        self._window.top.show_title(title, private=private)


def _before(days: int) -> datetime:
    return datetime.now() - timedelta(days=days)
