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
from model.training import tiny
from model.training.corpus.chance import chance
from model.training.corpus.speakers import check_makers
from model.training.examples import Example, Writer
from model.training.learner import Learner
from model.training.progress import Entry, Ledger, Progress
from model.training.shelves import Recorded, Shelf, Stream, presented
from model.training.stages import STAGES, stage
from model.training.vocabulary import tokenizer

FRESH_SHARE = 0.2
"""Of conversations in a batch that were never shown before; speaking them costs as much as learning from them."""
MODEL_FOLDER = "model"
_SPEECH_FOLDER = "speech"
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


class Course:
    """A training's folder, and one of its stages under way."""

    def __init__(
        self, order: Order, tell: Callable[[Entry], None] = lambda _: None, check: Callable[[], None] = never_cancelled
    ) -> None:
        """Begins or goes on; SightlineError where an earlier stage is missing or another one is under way.

        `check` is called between steps and utterances and may raise Cancelled: what was learned is saved first.
        """
        self._order, self._tell, self._check = order, tell, check
        self.stage = stage(order.stage)
        if self.stage.aloud:
            check_makers()
        self._ledger = Ledger(order.folder)
        self.model_folder = order.folder / MODEL_FOLDER
        """Where the model lies in the published layout."""
        self._config = tiny.tiny_config()
        tiny.describe_features(self.model_folder)
        self._writer = Writer(self.model_folder)
        self._learner = Learner(tiny.new_thinker(self._config, order.seed), self._writer.prefix, order.seed)
        self.progress, optimiser = self._restored()
        self._enter()
        self._moving = self._freed()
        self._optimiser = torch.optim.AdamW(self._moving, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
        if optimiser is not None and self.progress.step:
            self._optimiser.load_state_dict(optimiser)
        speech = order.folder / _SPEECH_FOLDER
        self._shelves = {stream: Shelf(speech, stream, self.progress.seed, check) for stream in self.stage.streams}

    def run(self) -> None:
        """Train until the stage's time is over."""
        try:
            self._train()
        except Cancelled:
            self._save()
            raise
        progress = self.progress
        progress.finished = [name for name in progress.finished if name != self.stage.name] + [self.stage.name]
        progress.stage, progress.step, progress.seconds = "", 0, 0.0
        self._save()

    def _restored(self) -> tuple[Progress, dict[str, Any] | None]:
        if not self._ledger.begun:
            return Progress(self._order.seed), None
        progress, weights, optimiser = self._ledger.load()
        try:
            self._learner.load_state_dict(weights)
        except RuntimeError as error:
            raise SightlineError(
                f"{self._order.folder} was begun with another corpus or other sizes: train into a new folder."
            ) from error
        return progress, optimiser

    def _enter(self) -> None:
        """Stages are gone through in their order; one that is over may be gone through once more."""
        before = STAGES[: STAGES.index(self.stage)]
        missing = [known.name for known in before if known.name not in self.progress.finished]
        if missing:
            raise SightlineError(f"{self._order.folder} is not ready for {self.stage.name}: train {missing[0]} first.")
        if self.progress.stage not in ("", self.stage.name):
            raise SightlineError(f"{self._order.folder} is amid {self.progress.stage}: go on with that first.")
        self.progress.stage = self.stage.name

    def _freed(self) -> list[nn.Parameter]:
        moving = []
        for name, weight in self._learner.named_parameters():
            weight.requires_grad_(name.startswith(self.stage.moving))
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
        examples = self._batch()
        losses = self.stage.loss(self._learner, self._writer, examples)
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
        return self.stage.rate * warm * falling

    def _batch(self) -> list[Example]:
        stream = self.stage.streams[self.progress.step % len(self.stage.streams)]
        return [self._example(stream) for _ in range(self.stage.batch)]

    def _example(self, stream: Stream) -> Example:
        key = f"{stream.name}{'' if self.stage.aloud else ' as text'}"
        count = self.progress.shown.get(key, 0)
        self.progress.shown[key] = count + 1
        seed = self.progress.seed
        room = chance(seed, "room", key, count)
        if not self.stage.aloud:
            return self._writer.example(Recorded(count, stream.dialogue(seed, count), ()), room, aloud=False)
        return self._writer.example(self._shelves[stream].recorded(presented(seed, count, FRESH_SHARE)), room)

    def _note(self, losses: dict[str, float], steps_a_second: float) -> None:
        progress, rate = self.progress, float(self._optimiser.param_groups[0]["lr"])
        entry = Entry(progress.stage, progress.step, progress.seconds, rate, losses, steps_a_second * self.stage.batch)
        self._ledger.note(entry)
        self._tell(entry)

    def _save(self) -> None:
        """The checkpoint, and the model as it is now."""
        progress = self.progress
        self._ledger.save(
            progress, self._learner.state_dict(), self._optimiser.state_dict() if progress.stage else None
        )
        done = ", ".join(progress.finished) or "nothing"
        label = f"in training: it learned {done} so far and does not speak"
        tiny.save_folder(self._learner.thinker, self._config, tokenizer(), self.model_folder, label)
