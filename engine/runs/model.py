"""What the store holds, as frozen values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from engine.errors import InvalidInput
from engine.settings import Settings, from_json


class State(StrEnum):
    """Where a run is in its life; UNKNOWN stands for any state that only another version knows."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, _value: object) -> "State":
        return cls.UNKNOWN

    @property
    def active(self) -> bool:
        """Whether something still happens by itself (a lost run is queued again)."""
        return self in ACTIVE


ACTIVE = (State.QUEUED, State.RUNNING, State.LOST)
"""The states of runs that have not ended."""

ENDED = (State.DONE, State.FAILED, State.CANCELLED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One settled piece of work.

    Attributes:
        id: digest of the settings.
        kind: that of its settings, such as train; of a run that another version of Prunescope
            made, perhaps one that is not known here.
        settings: as JSON values; `parsed` gives the frozen value.
        owner: who started it first; only they rename, pin and delete it.
        requester: who started it last; the queue is fair between requesters.
        name: what the owner calls it, or empty.
        needs: id of the run whose result this one starts from, or None.
        implicit: whether it was only started because another run needs it.
        stage: what it does now, in a few words.
        progress: from 0 to 1.
        eta: estimated seconds to the end, or None.
        error: one clear line when it failed.
        bad_input: whether it failed for a setting or a file that a person gave.
        attempts: how often a worker took it since a record of it was last new.
        again: whether it was started anew while it still stopped.
        evicted: whether files of it are gone, to keep the quota or by damage.
        created, started, finished, heartbeat: seconds since the epoch.
    """

    id: str
    kind: str
    settings: Mapping[str, Any]
    state: State
    owner: str
    requester: str
    name: str
    pinned: bool
    needs: str | None
    implicit: bool
    stage: str
    progress: float
    eta: float | None
    error: str
    bad_input: bool
    cancel_requested: bool
    again: bool
    attempts: int
    evicted: bool
    worker: str | None
    created: float
    started: float | None
    finished: float | None
    heartbeat: float | None

    @property
    def parsed(self) -> Settings:
        """The settings as a frozen, validated value.

        Raises:
            InvalidInput: another version of Prunescope made the run, and this one does not know
                its kind or one of its values.
        """
        try:
            return _parsed(self.kind, json.dumps(self.settings))
        except (InvalidInput, TypeError, AttributeError, LookupError) as error:
            raise InvalidInput(
                f"this version of Prunescope does not know run {self.id}: {error}"
            ) from None

    @property
    def known(self) -> Settings | None:
        """The settings, or None where this version does not know them; see `parsed`."""
        try:
            return self.parsed
        except InvalidInput:
            return None

    @property
    def seconds(self) -> float | None:
        """How long the work took, once it has ended."""
        if self.started is None or self.finished is None:
            return None
        return self.finished - self.started


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One measured row of a run, such as an epoch of a training or a point of a sweep.

    Attributes:
        key: its name inside the run; a later record of the same key replaces it.
        kind: what was measured, such as epoch, step, point, round or cell.
        version: grows with every write, so that a reader asks only for what is new.
        payload: the measured values as JSON.
    """

    key: str
    kind: str
    version: int
    payload: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Artifact:
    """A file of a run: its name there, the SHA-256 of its content, its length in bytes."""

    name: str
    digest: str
    size: int


@lru_cache(maxsize=2000)
def _parsed(kind: str, settings: str) -> Settings:
    """Kept, since lists of runs are read again and again, and an export takes 0.7 ms."""
    return from_json(kind, json.loads(settings))
