"""Sightline with a model that tells what it keeps in mind: `python -m tests.helpers.mindful DIR WORDS`.

Everything is the app's own, and the child's too: after each turn it logs how many tokens its context holds, and whether
those of WORDS are among them. That is what the model would be able to recall; whether it does is the weights' affair.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from model.process import serve
from model.protocol import Order, Read, Reply, Report
from tests.helpers.fluent import run

if TYPE_CHECKING:
    from model.process import Partner, Pipe

WORDS = "SIGHTLINE_TEST_WORDS"
"""How the child learns the words: it is spawned with the app's environment."""
HELD, GONE = "held", "gone"
log = logging.getLogger("sightline.mind")


def main(pipe: Pipe) -> None:
    """What the desktop spawns."""
    serve(pipe, _invite)


def _invite(tell: Callable[[Report], None], check: Callable[[], None]) -> Partner:
    from model.partner import ModelPartner  # noqa: PLC0415 -- brings torch, and only a child may

    class Mindful(ModelPartner):
        """Tells after each order that changes what it keeps in mind."""

        def obey(self, order: Order) -> None:
            try:
                super().obey(order)
            finally:
                if isinstance(order, Read | Reply):
                    self._tell_mind()

        def _tell_mind(self) -> None:
            if self._omni is None or self._conversation is None:
                return
            session = self._conversation.session
            ids = session._context.ids
            wanted = tuple(self._omni.vocabulary.encode(os.environ[WORDS]))
            found = any(ids[start : start + len(wanted)] == wanted for start in range(len(ids) - len(wanted) + 1))
            words = "The context holds %d tokens in %d bytes; the words are %s."
            caches = [session._context._cache, *([session._context.talker._cache] if session._context.talker else [])]
            filled = sum(cache.nbytes * cache.length // max(1, cache._keys[0].shape[1]) for cache in caches)
            log.info(words, len(ids), filled, HELD if found else GONE)

    return Mindful(tell, check)


if __name__ == "__main__":
    os.environ[WORDS] = sys.argv[2]
    sys.exit(run(Path(sys.argv[1]), main))
