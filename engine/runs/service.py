"""What pages and the command line call: one door to runs, in values and clear errors."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import sqlalchemy as sa

from engine.checks import refuse
from engine.datasets import settled
from engine.errors import InvalidInput, NotYours
from engine.results.export_report import ExportReport
from engine.results.points import Point
from engine.runs import artifacts, lifecycle, outcomes, records, submission
from engine.runs.database import RECORDS, RUNS, Database, open_database
from engine.runs.lifecycle import update
from engine.runs.model import ACTIVE, Artifact, Record, Run, State
from engine.runs.workers import crew
from engine.settings import KINDS, Settings


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """Where a queued run stands: its position (1 is next), and in how many seconds it may start."""

    position: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Runs:
    """The run store, as pages and the command line use it.

    `owner` is who asks for a change; None stands for the operator, who may do all.
    """

    database: Database

    def submit(self, settings: Settings, *, owner: str) -> Run:
        """Start the run of these settings, or attach to it; see `submit_all`."""
        return self.submit_all([settings], owner=owner)[0]

    def submit_all(self, several: Sequence[Settings], *, owner: str) -> list[Run]:
        """Start several runs, or none; see `submission.submit_all`.

        Each with the scale and channels that its data set asks for: see `datasets.settled`.

        Raises:
            QueueFull: the owner would have too many unfinished runs.
        """
        wanted = [settled(settings) for settings in several]
        return submission.submit_all(self.database, wanted, owner=owner)

    def get(self, run: str) -> Run:
        """The run of that id.

        Raises:
            UnknownRun: there is none; InvalidInput: it cannot be an id.
        """
        return lifecycle.get(self.database, run)

    def some(self, runs: Collection[str]) -> dict[str, Run]:
        """Those of the runs that there are, by id."""
        query = sa.select(RUNS).where(RUNS.c.id.in_(runs))
        return {run.id: run for run in lifecycle.read(self.database, query)}

    def all(self, *, limit: int = 500, unknown: bool = False) -> list[Run]:
        """The newest runs, newest first.

        Args:
            limit: how many of the newest are read.
            unknown: whether to list those too that this version does not know; see `Run.parsed`.
        """
        query = sa.select(RUNS).order_by(RUNS.c.created.desc(), RUNS.c.id).limit(limit)
        return [run for run in lifecycle.read(self.database, query) if unknown or run.known]

    def seen(self, run: Run) -> Run:
        """The run as people see it: while it waits for what it needs, with that one's progress."""
        if run.state is not State.QUEUED or run.needs is None:
            return run
        needed = self.get(run.needs)
        first = self.seen(needed)
        if first.state is not State.RUNNING:
            return run
        stage = first.stage
        if first is needed:
            known = KINDS[needed.kind].done_first if needed.known else "waits for another run"
            stage = f"{known}: {stage}"
        return replace(
            run, state=State.RUNNING, stage=stage, progress=first.progress, eta=first.eta
        )

    def queue_position(self, run: str) -> QueuePosition | None:
        """Where a queued run stands; None if it does not wait."""
        with self.database.read() as connection:
            order = lifecycle.queue_order(connection)
        if run not in order:
            return None
        everything = self.all(unknown=True)
        took: dict[str, list[float]] = {}
        for each in everything:
            if each.state is State.DONE and each.seconds is not None:
                took.setdefault(each.kind, []).append(each.seconds)
        typical = {kind: each.first_guess for kind, each in KINDS.items()}
        typical |= {kind: fmean(seconds) for kind, seconds in took.items()}
        before = order[: order.index(run)]
        left = [
            typical.get(each.kind, 60.0) * (1 - each.progress) if each.eta is None else each.eta
            for each in everything
            if each.state is State.RUNNING or each.id in before
        ]
        return QueuePosition(len(before) + 1, sum(left) / max(crew(self.database).alive, 1))

    def records(self, run: str, *, after: int = 0, kinds: Sequence[str] = ()) -> list[Record]:
        """Measured rows newer than a version."""
        return records.read(self.database, run, after=after, kinds=kinds)

    def points(self, run: str) -> list[Point]:
        """The measured points of a sweep: the baseline, then methods as asked, K ascending."""
        return outcomes.points(self.get(run), self.records(run, kinds=("point",)))

    def matrix(self, run: str) -> ExportReport:
        """The measured matrix of an export."""
        return outcomes.export_matrix(self.records(run, kinds=("row", "cell")))

    def result(self, run: str) -> dict[str, Any]:
        """What the run measured, as the command line writes it."""
        return outcomes.of(self.get(run), self.records(run))

    def files(self, run: str) -> list[Artifact]:
        """The files of a run."""
        return artifacts.of_run(self.database, run)

    def file(self, run: str, name: str) -> bytes:
        """The checked content of a file of a run.

        Raises:
            InvalidInput: the run has no file of that name.
            StorageError: the file is gone or damaged.
        """
        data = artifacts.load(self.database, run, name)
        if data is None:
            raise InvalidInput(f"run {run} has no file {name[:80]!r}")
        return data

    def cancel(self, run: str, *, owner: str | None) -> None:
        """Ask a run to stop; one that only waits stops at once. What was measured is kept.

        Its owner may, and who started it last. What was only started for this run, such as its
        baseline, stops too, unless another run waits for it.

        Raises:
            NotYours: the run belongs to somebody else, or somebody else's run needs it.
        """
        current = self.get(run)
        if owner not in {None, current.owner, current.requester}:
            raise _not_yours(current)
        waits = RUNS.c.state.in_(ACTIVE)
        theirs = (RUNS.c.needs == run) & waits & (RUNS.c.requester != owner)
        if owner is not None and self.database.has_run(theirs):
            raise NotYours(f"somebody else's run needs {run}: it goes on")
        self._stop(run)
        while current.needs:
            needed = self.some([current.needs]).get(current.needs)  # it may have been deleted
            if needed is None or not needed.implicit or not needed.state.active:
                return
            others = (RUNS.c.needs == needed.id) & (RUNS.c.id != current.id) & waits
            if self.database.has_run(others):
                return
            self._stop(needed.id)
            current = needed

    def rename(self, run: str, name: str, *, owner: str | None) -> None:
        """Give the run a name of up to 60 letters, digits, spaces, dots, dashes and underscores.

        Raises:
            NotYours: the run belongs to somebody else; InvalidInput: it cannot be a name.
        """
        self._check_owner(run, owner)
        if len(name) > 60 or not all(c.isalnum() or c in " ._-" for c in name):
            raise refuse("name", "up to 60 letters, digits, spaces, dots and dashes", name)
        update(self.database, RUNS.c.id == run, name=name.strip())

    def pin(self, run: str, *, pinned: bool, owner: str | None) -> None:
        """Keep the files of the run when space is made, or no longer.

        Raises:
            NotYours: the run belongs to somebody else.
        """
        self._check_owner(run, owner)
        update(self.database, RUNS.c.id == run, pinned=pinned)

    def delete(self, run: str, *, owner: str | None) -> None:
        """Remove an ended run that nothing waits for, with its records and files.

        Raises:
            NotYours: the run belongs to somebody else.
            InvalidInput: it has not ended, or a run that has not ended needs it.
        """
        self._check_owner(run, owner)
        waiting = RUNS.alias()
        waits = waiting.c.state.in_(ACTIVE)
        needed = sa.select(waiting.c.needs).where(waiting.c.needs == run, waits)
        free = (RUNS.c.id == run) & RUNS.c.state.not_in(ACTIVE) & RUNS.c.id.not_in(needed)
        with self.database.write() as connection:
            if not connection.execute(sa.delete(RUNS).where(free)).rowcount:
                allowed = "one that has ended and that no other run needs (cancel those first)"
                raise refuse("run to delete", allowed, run)
            connection.execute(sa.delete(RECORDS).where(RECORDS.c.run == run))
        artifacts.remove(self.database, run)

    def _check_owner(self, run: str, owner: str | None) -> None:
        current = self.get(run)
        if owner not in {None, current.owner}:
            raise _not_yours(current)

    def _stop(self, run: str) -> None:
        queued = (RUNS.c.id == run) & RUNS.c.state.in_([State.QUEUED, State.LOST])
        ended = {"state": State.CANCELLED, "finished": time.time(), "eta": None}
        if not update(self.database, queued, **ended):
            running = (RUNS.c.id == run) & (RUNS.c.state == State.RUNNING)
            stops = {"cancel_requested": True, "again": False, "stage": "stops"}
            update(self.database, running, **stops)


def _not_yours(run: Run) -> NotYours:
    return NotYours(f"run {run.id} belongs to somebody else: start one of your own")


def open_runs(folder: Path | None = None) -> Runs:
    """The runs in a folder (default: the home folder).

    Raises:
        StorageError: the folder cannot be written, or the store is damaged.
    """
    return Runs(open_database(folder))
