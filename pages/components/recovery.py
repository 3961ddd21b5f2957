"""What fine-tuning recovers at every K, and the honest baselines: sibling runs on one chart."""

import dataclasses
from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from engine.pruning.plan import rivals
from engine.results import BASELINE, ONE_SHOT, SCHEDULE, SMALL, UNPRUNED, Point
from engine.runs.model import Run, State
from engine.settings import ScheduleSettings, digest, percent
from pages.components import cached, live, state, tuned
from pages.components.charts import schedule
from pages.components.charts.base import toolbar
from pages.components.notices import explained
from pages.components.texts import ALT, HELP, READ

LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)
"""The K that are offered to be run too."""

POLL_SECONDS = 2.0


def show(run: Run, settings: ScheduleSettings) -> None:
    """The curves over K and the rivals, drawn again while one of these runs is active."""
    family = relatives(settings, cached.runs().all())
    active = any(each.state.active for each in family.values())

    def look() -> None:
        with explained():
            _view(run, settings)

    st.fragment(look, run_every=POLL_SECONDS if active else None, key=f"recovery-{run.id}")()


def relatives(settings: ScheduleSettings, runs: Sequence[Run]) -> dict[ScheduleSettings, Run]:
    """The runs that differ only in their target, and those of the honest baselines."""
    wanted = {rivals.unpruned(settings), rivals.small(settings)}
    found = {}
    for run in runs:
        if run.kind != ScheduleSettings.kind:
            continue
        other = run.parsed
        assert isinstance(other, ScheduleSettings)  # noqa: S101  # narrows the type
        if other in wanted or rivals.at(settings, other.target) == other:
            found[other] = run
    return found
