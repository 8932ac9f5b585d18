"""Models joined to their page: what suits this computer, downloads, conversions, checks, and what lies where.

Knows the jobs' messages, not their work; loading and talking to a model is the application's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QObject, Signal

from app import job_words, offers, paths, shelf
from app.model_words import of_model
from app.settings import Settings
from app.ui.models_page import ModelsPage
from app.wares import Stored
from app.words import translate
from app.workbench import Workbench
from model.catalogue import CATALOGUE, HUB, Hardware, Precision, Published, advise, find
from model.jobs import (
    Advanced,
    Broken,
    Convert,
    Damaged,
    Done,
    Ended,
    Fetch,
    Halted,
    Hindered,
    Inspect,
    Job,
    JobReport,
    Measure,
    Measured,
    Mend,
    Move,
    Remove,
)
from model.recognition import is_model

BITS = {Precision.INT4: 4, Precision.INT8: 8}


class Supply(QObject):
    """Signals: `wanted` a folder to load, `released` before a folder goes away, `chosen` Settings."""

    wanted = Signal(Path)
    released = Signal(Path)
    chosen = Signal(object)
    announced = Signal(str)

    def __init__(
        self, page: ModelsPage, settings: Settings, built_in: Path | None, hub: str = HUB, parent: QObject | None = None
    ) -> None:
        """`hub` is where the catalogue's models are."""
        super().__init__(parent)
        self._page = page
        self._settings = settings
        self._built_in = built_in
        self._hub = hub
        self._hardware: Hardware | None = None
        self._in_use: Path | None = None
        self._job: Job | None = None
        self._following: Convert | None = None
        self._is_discarded = False
        self._bench = Workbench(self)
        self._gauge = Workbench(self)
        self._join()

    @property
    def folder(self) -> Path:
        """Where models are kept."""
        return self._settings.models or paths.models_folder()

    def close(self) -> None:
        """What has come of a download stays."""
        self._bench.close()
        self._gauge.close()

    def choose(self, settings: Settings) -> None:
        """As they are now."""
        self._settings = settings
        self._page.in_use.show_idle(settings.idle_minutes)
        self._page.in_use.show_context(settings.context)

    def use(self, folder: Path | None) -> None:
        """The model that is in memory."""
        self._in_use = folder
        self.refresh()

    def stored(self, folder: Path) -> list[Stored]:
        """Models on this computer, this one among them; the demonstration model is not."""
        return self._listed({*self._others(), folder} - {self._built_in})

    def shrink(self, folder: Path) -> None:
        """Convert it to 4 bits, as from the page."""
        self._convert(folder, BITS[Precision.INT4])

    def refresh(self) -> None:
        """What is on the disk is looked at anew, while the page is seen."""
        if not self._page.is_seen:
            return
        hardware = offers.measured(self._hardware, self.folder)
        advice = advise(hardware, partial(shelf.size_there, self.folder))
        is_free = not self._bench.is_busy
        made = [offers.offer(published, advice, hardware.disk, self.folder, self._settings) for published in CATALOGUE]
        self._page.show_offers(made, offers.described(hardware, advice), is_free=is_free)
        self._page.show_stored(self._stored(), is_free=is_free)
        self._page.show_place(self.folder, sum(map(shelf.size, shelf.begun(self.folder))))

    def _join(self) -> None:
        self._bench.told.connect(self._take)
        self._gauge.told.connect(self._take_measure)
        page = self._page
        page.shown.connect(self._show)
        page.wanted.connect(self._download)
        page.accepted.connect(self._accept)
        page.used.connect(self.wanted)
        page.converted.connect(self._convert)
        page.checked.connect(lambda folder: self._start(Inspect(folder)))
        page.mended.connect(self._mend)
        page.deleted.connect(self._delete)
        page.moved.connect(self._move)
        page.in_use.context_chosen.connect(lambda tokens: self._set(context=tokens))
        page.in_use.idle_chosen.connect(lambda minutes: self._set(idle_minutes=minutes))
        page.job.paused.connect(self._bench.halt)
        page.job.resumed.connect(self._resume)
        page.job.cancelled.connect(self._cancel)

    # What is there

    def _show(self) -> None:
        """The graphics card is known only to a child, which is asked once."""
        self.refresh()
        if self._hardware is None and not self._gauge.is_busy:
            self._gauge.start(Measure(self.folder))

    def _take_measure(self, report: JobReport) -> None:
        if isinstance(report, Measured):
            self._hardware = report.hardware
            self.refresh()

    def _stored(self) -> list[Stored]:
        return self._listed(self._others())

    def _listed(self, others: Iterable[Path]) -> list[Stored]:
        places = dict.fromkeys((self.folder, *self._settings.moved_to))
        return shelf.stored(tuple(places), others, self._in_use)

    def _others(self) -> set[Path]:
        """Models elsewhere that the user has chosen."""
        chosen = {self._settings.model, self._in_use} - {self._built_in}
        return {folder for folder in chosen if folder is not None}

    def _target(self, published: Published) -> Path:
        return self.folder / published.name

    # What the user wants

    def _set(self, **changes: object) -> None:
        self._settings = replace(self._settings, **changes)  # type: ignore[arg-type]  # names are those of fields
        self.chosen.emit(self._settings)

    def _accept(self, name: str) -> None:
        self._set(licences=tuple(dict.fromkeys([*self._settings.licences, name])))

    def _download(self, name: str, precision: str) -> None:
        published = find(name)
        target = self._target(published)
        bits = BITS.get(Precision(precision))
        self._following = None if bits is None else self._conversion(target, bits)
        if self._following is not None and is_model(self._following.destination):
            made, self._following = self._following.destination, None
            self.wanted.emit(made)  # its source was deleted since
            return
        self._start(Fetch(published.repository, target, published.revision, self._hub))

    def _convert(self, folder: Path, bits: int) -> None:
        self._start(self._conversion(folder, bits))

    def _conversion(self, folder: Path, bits: int) -> Convert:
        precision = Precision.INT4 if bits == BITS[Precision.INT4] else Precision.INT8
        made = shelf.converted(self.folder / folder.name, precision)
        return Convert(folder, made, 4 if precision is Precision.INT4 else 8)

    def _mend(self, folder: Path) -> None:
        self._release(folder)
        self._start(Mend(folder, self._hub))

    def _delete(self, folder: Path) -> None:
        self._release(folder)
        if self._settings.model == folder:
            self._set(model=None)
        self._start(Remove((folder,)))

    def _move(self, folder: Path, takes_all: bool) -> None:  # noqa: FBT001 -- a signal's argument
        if not takes_all:
            self._set(models=folder)
            self.refresh()
        elif not self._bench.is_busy:
            self._release(self.folder)
            self._set(moved_to=tuple(dict.fromkeys((*self._settings.moved_to, folder))))  # however it ends
            self._start(Move(self.folder, folder))

    def _release(self, folder: Path) -> None:
        """Nobody may have its files open."""
        if self._in_use is not None and (self._in_use == folder or folder in self._in_use.parents):
            self.released.emit(self._in_use)

    # The job

    def _start(self, job: Job) -> None:
        if self._bench.is_busy:
            return
        self._job, self._is_discarded = job, False
        self._page.job.show_progress(job_words.beginning(job), None, can_pause=job_words.is_resumable(job))
        self._bench.start(job)
        self.refresh()

    def _resume(self) -> None:
        if self._job is not None:
            self._start(self._job)

    def _cancel(self) -> None:
        """What has come goes, now or once the job has let go of it."""
        self._following = None
        if self._bench.is_busy:
            self._is_discarded = True
            self._bench.halt()
        else:
            self._discard()

    def _discard(self) -> None:
        job, self._job = self._job, None
        match job:
            case Fetch(_, folder):
                self._start(Remove((shelf.unfinished(folder),)))
            case Convert(_, folder):
                self._start(Remove((shelf.partial(folder),)))  # where it was killed something is left
            case Move(source, destination):
                words = translate("Supply", "The move was stopped: models are in {source} and in {destination} now.")
                self._rest(words.format(source=source, destination=destination), can_resume=False)
                if left := shelf.in_part(source, destination):
                    self._start(Remove(tuple(left)))
            case Remove(folders):
                words = translate("Supply", "Deleting was stopped: {name} is not whole any more, delete it again.")
                self._rest(words.format(name=folders[0].name), can_resume=False)
            case _:
                self._rest(translate("Supply", "It was cancelled."), can_resume=False)

    def _take(self, report: JobReport) -> None:
        match report:
            case Advanced():
                self._show_progress(report)
            case Hindered(sentence):
                said = of_model(sentence)
                self._page.job.hinder(said)
                self.announced.emit(said)
            case Measured():
                pass
            case Done() | Halted() | Damaged() | Broken():
                self._end(report)
                self.refresh()
            case _:
                assert_never(report)

    def _show_progress(self, advanced: Advanced) -> None:
        share = advanced.done / advanced.total if advanced.total else None
        if advanced.rate:
            self._page.job.hinder("")
        can_pause = self._job is not None and job_words.is_resumable(self._job)
        self._page.job.show_progress(job_words.progress(advanced), share, can_pause=can_pause)

    def _end(self, end: Ended) -> None:
        if isinstance(self._job, Move):
            self._follow(self._job)
        match end:
            case Done(sentence):
                self._finish(of_model(sentence))
            case Halted() if self._is_discarded:
                self._discard()
            case Halted():
                self._rest(translate("Supply", "Paused: it goes on where it stopped."), can_resume=True)
            case Damaged(files):
                words = translate("Supply", "Damaged: {files}. Repair fetches these files again, and no others.")
                self._rest(words.format(files=", ".join(files)), can_resume=False)
            case Broken(sentence):
                self._rest(of_model(sentence), can_resume=self._job is not None and job_words.is_resumable(self._job))
            case _:
                assert_never(end)

    def _finish(self, sentence: str) -> None:
        job, self._job = self._job, None
        self._rest(sentence, can_resume=False)
        match job:
            case Fetch(_, folder):
                following, self._following = self._following, None
                self._start(following) if following is not None else self.wanted.emit(folder)
            case Convert(source, destination):
                self._rest(job_words.converted(source, destination), can_resume=False)
                self.wanted.emit(destination)
            case Move(_, destination):
                self._settle(destination)
            case _:
                pass

    def _follow(self, move: Move) -> None:
        """The model that is used next may have moved too, though others have not."""
        model = self._settings.model
        if model is None or move.source not in model.parents:
            return
        moved = move.destination / model.relative_to(move.source)
        if is_model(moved) and not is_model(model):
            self._set(model=moved)

    def _settle(self, destination: Path) -> None:
        """All models are there; the one that was let go of for it is loaded again."""
        others = tuple(place for place in self._settings.moved_to if place != destination)
        self._set(models=destination, moved_to=others)
        model = self._settings.model
        if model is not None and destination in model.parents and model != self._in_use:
            self.wanted.emit(model)

    def _rest(self, sentence: str, *, can_resume: bool) -> None:
        self._page.job.show_rest(sentence, can_resume=can_resume)
        self.announced.emit(sentence)
