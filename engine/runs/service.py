"""What pages and the command line call: one door to runs, in values and clear errors."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

from engine.datasets import settled
from engine.errors import InvalidInput
from engine.results.export_report import ExportReport
from engine.results.points import Point
from engine.runs import artifacts, control, lifecycle, outcomes, records, submission
from engine.runs.database import Database, open_database
from engine.runs.model import Artifact, Record, Run, State
from engine.runs.workers import crew
from engine.settings import KINDS, Settings


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """Where a queued run stands: its position (1 is next), and in how many seconds it may start."""

    position: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Runs:
    """The run store, as pages and the command line use it."""

    database: Database

    def submit(self, settings: Settings, *, owner: str) -> Run:
        """Start the run of these settings, or attach to it; see `submission.submit_all`."""
        return self.submit_all([settings], owner=owner)[0]

    def submit_all(self, several: Sequence[Settings], *, owner: str) -> list[Run]:
        """Start several runs, or none; see `submission.submit_all`.

        Each with the scale and channels that its data set asks for: see `datasets.settled`.
        """
        wanted = [settled(settings) for settings in several]
        return submission.submit_all(self.database, wanted, owner=owner)

    def get(self, run: str) -> Run:
        """The run of that id; raises UnknownRun."""
        return lifecycle.get(self.database, run)

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

    def some(self, runs: Collection[str]) -> dict[str, Run]:
        """Those of the runs that there are, by id."""
        return lifecycle.some(self.database, runs)

    def all(self, *, limit: int = 500, unknown: bool = False) -> list[Run]:
        """The newest runs, newest first.

        Args:
            limit: how many of the newest are read.
            unknown: whether to list those too that this version does not know; see `Run.parsed`.
        """
        found = lifecycle.all_runs(self.database, limit=limit)
        return [run for run in found if unknown or run.known]

    def records(self, run: str, *, after: int = 0, kinds: Sequence[str] = ()) -> list[Record]:
        """Measured rows newer than a version."""
        return records.read(self.database, run, after=after, kinds=kinds)

    def points(self, run: str) -> list[Point]:
        """The measured points of a sweep: the baseline, then methods as asked, K ascending."""
        return outcomes.points(self.get(run), self.records(run, kinds=("point",)))

    def matrix(self, run: str) -> ExportReport:
        """The measured matrix of an export."""
        return outcomes.export_matrix(self.records(run, kinds=("row", "cell")))

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
        """Ask a run to stop; what was measured is kept."""
        control.cancel(self.database, run, owner=owner)

    def rename(self, run: str, name: str, *, owner: str | None) -> None:
        """Give a run a name."""
        control.rename(self.database, run, name, owner=owner)

    def pin(self, run: str, *, pinned: bool, owner: str | None) -> None:
        """Keep the files of a run when space is made, or no longer."""
        control.pin(self.database, run, pinned=pinned, owner=owner)

    def delete(self, run: str, *, owner: str | None) -> None:
        """Remove an ended run with its records and files; owner only."""
        control.delete(self.database, run, owner=owner)
        artifacts.remove(self.database, run)

    def queue_position(self, run: str) -> QueuePosition | None:
        """Where a queued run stands; None if it does not wait."""
        order = lifecycle.queue_order(self.database)
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

    def result(self, run: str) -> dict[str, Any]:
        """What the run measured, as the command line writes it."""
        return outcomes.of(self.get(run), self.records(run))


def open_runs(folder: Path | None = None) -> Runs:
    """The runs in a folder (default: the home folder); raises StorageError."""
    return Runs(open_database(folder))
