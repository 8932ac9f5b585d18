"""An interrupted conversation against one in which the unheard part was never said. Knows sessions only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from model.omni import Omni
from model.protocol import Said
from model.sampling import GREEDY
from model.session import Session, SessionSettings
from model.verification.rows import Row

PIECES_HEARD = 5
TOKENS = 20


def interruption(omni: Omni) -> Iterator[Row]:
    """Cut a reply, ask on; the second reply must be that of a session whose first reply was just so long."""
    settings = SessionSettings(thinker=GREEDY, max_tokens=TOKENS)
    cut = Session(omni, settings)
    cut.read("Count to ten.")
    events = cut.reply()
    prompt = cut.context_tokens
    for said, _ in enumerate(events, 1):
        if said == PIECES_HEARD:
            break
    cut.interrupt()
    kept = cut.context_tokens - prompt
    whole = Session(omni, replace(settings, max_tokens=kept))
    whole.read("Count to ten.")
    for _ in whole.reply():
        pass
    after_cut, after_whole = _second_reply(cut), _second_reply(whole)
    # The second session's cap is shorter, so its reply is the beginning of the other's.
    found = f"{kept} tokens kept, the next reply agrees over {len(after_whole)} characters"
    yield Row("session", "reply after an interruption", found, passed=after_cut.startswith(after_whole))


def _second_reply(session: Session) -> str:
    session.read("Go on.")
    return "".join(event.text for event in session.reply() if isinstance(event, Said))
