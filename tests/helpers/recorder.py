"""Listens in on a reply: what every token and code was drawn from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from model.protocol import Finished
from model.session import Session
from model.talker import Talker, Utterance
from model.thinker import Thinker
from tests.helpers.reference import Answer


class Recorder:
    """Logits of every token and code of the last reply, and its codes, end marks included."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.codes: list[int] = []
        self.token_logits: list[Tensor] = []
        self.code_logits: list[Tensor] = []
        monkeypatch.setattr(Thinker, "logits", self._kept(Thinker.logits, self.token_logits))
        monkeypatch.setattr(Talker, "logits", self._kept(Talker.logits, self.code_logits))
        step = Utterance.step

        def recorded(utterance: Utterance, *args: Any) -> int | None:  # noqa: ANN401 -- passed on as they come
            code = step(utterance, *args)
            self.codes.append(utterance._code)
            return code

        monkeypatch.setattr(Utterance, "step", recorded)

    @staticmethod
    def _kept(method: Callable[[Any, Tensor], Tensor], kept: list[Tensor]) -> Callable[[Any, Tensor], Tensor]:
        def logits(owner: Any, hidden: Tensor) -> Tensor:  # noqa: ANN401
            kept.append(method(owner, hidden))
            return kept[-1]

        return logits

    def clear(self) -> None:
        for kept in (self.codes, self.token_logits, self.code_logits):
            kept.clear()

    def reply(self, session: Session) -> Answer:
        """Let the session answer to the end."""
        self.clear()
        *_, finished = session.reply()
        assert isinstance(finished, Finished)
        count = finished.timings.text_tokens
        return Answer(
            list(session._context.ids[len(session._context.ids) - count :]),
            list(self.codes),
            _stacked(self.token_logits[:count]),
            _stacked(self.code_logits),
        )


def _stacked(rows: list[Tensor]) -> Tensor:
    return torch.stack(rows) if rows else torch.empty(0)
