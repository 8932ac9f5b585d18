"""What a conversation is doing, in one word and in words for the user. Knows nothing of how it came there."""

from __future__ import annotations

from enum import Enum


class Phase(Enum):
    """What the conversation is doing; the text is for the user."""

    LOADING = "Loading the model"
    LISTENING = "Ready"
    HEARING = "Listening to you"
    THINKING = "Thinking"
    SPEAKING = "Answering"
    STOPPED = "No model"

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
