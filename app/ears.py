"""Whose word it is that somebody speaks to the model: the talk button's, or in hands-free mode the endpointer's.

Knows no device.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.senses import Block, Calmed, Continued, Ended, SpeechEvent, Started


class Ears(QObject):
    """`speech` carries SpeechEvents; what is said while nobody listens is dropped."""

    speech = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_hands_free = False
        """Whether the endpointer is listened to."""
        self.are_tried = False
        """Whether only the level is of interest."""
        self._is_talking = False
        self._latest: Block | None = None
        """While the button is down: the newest block of what is said."""

    @property
    def are_open(self) -> bool:
        """Whether a microphone is needed."""
        return self._is_talking or self.is_hands_free or self.are_tried

    def talk(self, *, on: bool) -> None:
        """The button is pressed, or let go."""
        if self._latest is not None and not on:
            self.speech.emit(Ended(self._latest.time))
        self._is_talking = on
        self._latest = None

    def take_block(self, block: Block) -> None:
        """Of the microphone."""
        if self._is_talking:
            self.speech.emit(Started(block, meant=True) if self._latest is None else Continued(block))
            self._latest = block

    def take_speech(self, event: SpeechEvent) -> None:
        """Of the endpointer; the button goes before it. What has begun is ended, also once nobody is listened to."""
        if not self._is_talking and (self.is_hands_free or isinstance(event, Calmed | Ended)):
            self.speech.emit(event)
