"""One stage of training for so many minutes: begun, gone on with, or refused. Knows no loss and makes no corpus."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import torch
from torch import nn

from model.errors import Cancelled, SightlineError, never_cancelled
from model.training.claim import claimed
from model.training.progress import Entry, Ledger, Progress
from model.training.pupil import Beginning, Pupil
from model.training.speaking import Speaking
from model.training.talking import Sources, Talking
from model.training.understanding import MODEL_FOLDER, Understanding

STAGES = (*Understanding.order, *Speaking.order, *Talking.order)
"""Of understanding and of the voice, which do not need one another, and of the Talker, which needs both."""
VOICE_FOLDER = "voice"
TALKER_FOLDER = "talker"
_SAVE_SECONDS = 60.0
_NOTE_SECONDS = 10.0
_WARM_UP_STEPS = 100
_LEAST_RATE = 0.02  # of the highest, at a stage's end
_LONGEST_GRADIENT = 1.0


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for."""

    folder: Path
    stage: str
    minutes: float
    """Of computing that the whole stage takes, with what was trained of it before."""
    seed: int = 0
    thinker: Path | None = None
    """A model whose Thinker the Talker learns from; None is the training's own."""
    begin: Beginning | None = None
    """What a new training begins with, as if all stages before this one were over."""


class Course:
    """A training's folder, and one of its stages under way."""

    def __init__(
        self, order: Order, tell: Callable[[Entry], None] = lambda _: None, check: Callable[[], None] = never_cancelled
    ) -> None:
        """Begins or goes on; SightlineError where an earlier stage is missing or another one is under way.

        `check` is called between steps and utterances and may raise Cancelled: what was learned is saved first.
        """
        self._order, self._tell, self._check = order, tell, check
        self._pupil = _pupil(order, check)
        self.folder = order.folder / _room(order.stage)
        """Where checkpoint and journal are."""
        self._ledger = Ledger(self.folder)
        self.progress, optimiser = self._restored() if self._ledger.begun else (self._begun(), None)
        self._enter()
        self._moving = self._freed()
        self._optimiser = torch.optim.AdamW(self._moving, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
        if optimiser is not None and self.progress.step:
            self._optimiser.load_state_dict(optimiser)

    @property
    def module(self) -> nn.Module:
        """What is trained."""
        return self._pupil.module

    def run(self) -> None:
        """Train until the stage's time is over; SightlineError where another training is at work in the folder."""
        with claimed(self.folder):
            self._finish()

    def _finish(self) -> None:
        try:
            self._train()
        except Cancelled:
            self._save()
            raise
        progress = self.progress
        progress.finished = [name for name in progress.finished if name != self._order.stage] + [self._order.stage]
        progress.stage, progress.step, progress.seconds = "", 0, 0.0
        self._save()

    def _begun(self) -> Progress:
        progress, order = Progress(self._order.seed), self._pupil.order
        if self._order.begin is not None:
            progress.shown = self._pupil.adopt(self._order.begin)
            progress.finished = list(order[: order.index(self._order.stage)])
        return progress

    def _restored(self) -> tuple[Progress, dict[str, Any] | None]:
        progress, weights, optimiser = self._ledger.load()
        try:
            self._pupil.module.load_state_dict(weights)
        except RuntimeError as error:
            raise SightlineError(
                f"{self._order.folder} was begun with another corpus, other sizes or an older version: train into a "
                "new folder."
            ) from error
        return progress, optimiser

    def _enter(self) -> None:
        """Stages are gone through in their order; one that is over may be gone through once more."""
        stages = self._pupil.order
        before = stages[: stages.index(self._order.stage)]
        missing = [name for name in before if name not in self.progress.finished]
        if missing:
            raise SightlineError(
                f"{self._order.folder} is not ready for {self._order.stage}: train {missing[0]} first."
            )
        if self.progress.stage not in ("", self._order.stage):
            raise SightlineError(f"{self._order.folder} is amid {self.progress.stage}: go on with that first.")
        self.progress.stage = self._order.stage

    def _freed(self) -> list[nn.Parameter]:
        moving = []
        for name, weight in self._pupil.module.named_parameters():
            weight.requires_grad_(name.startswith(self._pupil.stage.moving))
            if weight.requires_grad:
                moving.append(weight)
        return moving

    def _train(self) -> None:
        saved = noted = perf_counter()
        sums: Counter[str] = Counter()
        steps = 0
        while (share := self.progress.seconds / (60.0 * self._order.minutes)) < 1.0:
            self._check()
            started = thread_time()  # a busy computer must not shorten the training
            sums.update(self._step(share))
            steps += 1
            self.progress.seconds += thread_time() - started
            now = perf_counter()
            if now - noted >= _NOTE_SECONDS:
                self._note({name: total / steps for name, total in sums.items()}, steps / (now - noted))
                noted, steps = now, 0
                sums.clear()
            if now - saved >= _SAVE_SECONDS:
                self._save()
                saved = now

    def _step(self, share: float) -> dict[str, float]:
        """One batch; the losses by name."""
        losses = self._pupil.losses(self.progress)
        self._optimiser.zero_grad(set_to_none=True)
        torch.stack(list(losses.values())).sum().backward()
        nn.utils.clip_grad_norm_(self._moving, _LONGEST_GRADIENT)
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate(share)
        self._optimiser.step()
        self.progress.step += 1
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def _rate(self, share: float) -> float:
        """Rises at first, then falls as a cosine over the stage's time."""
        warm = min(1.0, (self.progress.step + 1) / _WARM_UP_STEPS)
        falling = _LEAST_RATE + (1 - _LEAST_RATE) * (1 + math.cos(math.pi * min(1.0, share))) / 2
        return self._pupil.stage.rate * warm * falling

    def _note(self, losses: dict[str, float], steps_a_second: float) -> None:
        progress, rate = self.progress, float(self._optimiser.param_groups[0]["lr"])
        entry = Entry(
            progress.stage, progress.step, progress.seconds, rate, losses, steps_a_second * self._pupil.stage.batch
        )
        self._ledger.note(entry)
        self._tell(entry)

    def _save(self) -> None:
        """The checkpoint, and the model as it is now."""
        weights, optimiser = self._pupil.module.state_dict(), self._optimiser.state_dict()
        self._ledger.save(self.progress, weights, optimiser if self.progress.stage else None)
        self._pupil.save(self.progress)


def _pupil(order: Order, check: Callable[[], None]) -> Pupil:
    """SightlineError for a stage that there is not."""
    if order.stage in Understanding.order:
        return Understanding(order.folder, order.stage, order.seed, check)
    folder = order.folder / _room(order.stage)
    if order.stage in Speaking.order:
        return Speaking(folder, order.stage, order.seed, check)
    if order.stage in Talking.order:
        sources = Sources(order.thinker or order.folder / MODEL_FOLDER, order.folder / VOICE_FOLDER)
        return Talking(folder, order.stage, order.seed, sources, check)
    raise SightlineError(f"There is no stage {order.stage!r}: choose {', '.join(STAGES)}.")


def _room(stage: str) -> str:
    """Where in a training's folder the stage's checkpoint lies."""
    return VOICE_FOLDER if stage in Speaking.order else TALKER_FOLDER if stage in Talking.order else ""
