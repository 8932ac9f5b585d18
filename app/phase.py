"""What a conversation is doing, in one word and in words for the user. Knows nothing of how it came there."""

from __future__ import annotations

from enum import Enum

from app.words import QT_TRANSLATE_NOOP, translate


class Phase(Enum):
    """What the conversation is doing; the text is for the user."""

    LOADING = QT_TRANSLATE_NOOP("Phase", "Loading the model")
    LISTENING = QT_TRANSLATE_NOOP("Phase", "Ready")
    HEARING = QT_TRANSLATE_NOOP("Phase", "Listening to you")
    THINKING = QT_TRANSLATE_NOOP("Phase", "Thinking")
    SPEAKING = QT_TRANSLATE_NOOP("Phase", "Answering")
    STOPPED = QT_TRANSLATE_NOOP("Phase", "No model")

    @property
    def words(self) -> str:
        """In the user's language."""
        return translate("Phase", self.value)

    @property
    def takes_questions(self) -> bool:
        """Whether there is somebody to ask."""
        return self not in {Phase.LOADING, Phase.STOPPED}

    @property
    def is_answer(self) -> bool:
        """Whether an answer is given, or on its way: what somebody would break into."""
        return self in {Phase.THINKING, Phase.SPEAKING}

    @property
    def can_be_stopped(self) -> bool:
        """Whether a turn is under way."""
        return self in {Phase.HEARING, Phase.THINKING, Phase.SPEAKING}
