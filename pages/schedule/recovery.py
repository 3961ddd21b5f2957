"""What fine-tuning recovers at every K, and the honest baselines: sibling runs on one chart."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from engine.pruning.plan import baselines
from engine.results.points import BASELINE, ONE_SHOT, SCHEDULE, SMALL, UNPRUNED, Point
from engine.runs.model import Run, State
from engine.settings import ScheduleSettings, digest, percent
from pages.schedule import charts, view
from pages.schedule.words import CHARTS, HELP
from pages.shared import cached, chart, live, state
from pages.shared.kinds import described
from pages.shared.notices import explained, plain
from pages.shared.palette import RIVALS
from pages.shared.run_page import parsed
from pages.shared.turns import fragment

LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)
"""The K that are offered to be run too."""

POLL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Family:
    """The runs that answer the same question as this one.

    Attributes:
        schedules: the same schedule by its target.
        small: the small dense networks by the target whose size they have.
        unpruned: the training that is as long without pruning.
    """

    schedules: Mapping[float, Run]
    small: Mapping[float, Run]
    unpruned: Run | None

    @property
    def active(self) -> list[Run]:
        """Those that have not ended."""
        everyone = [*self.schedules.values(), *self.small.values(), self.unpruned]
        return [run for run in everyone if run is not None and run.state.active]


def show(run: Run, settings: ScheduleSettings) -> None:
    """The curves over K and the honest baselines, drawn again while one of these runs is active."""

    def draw() -> None:
        with explained():
            found = family(settings, cached.runs().all())
            if polling and not found.active:
                st.rerun()
            _view(run, settings, found)

    with explained():
        polling = bool(family(settings, cached.runs().all()).active)
        every = POLL_SECONDS if polling else None
        fragment(draw, run_every=every, key=f"recovery-{run.id}")()


def family(settings: ScheduleSettings, runs: Iterable[Run]) -> Family:
    """The relatives of a schedule among these runs."""
    own = {run.id: run for run in runs if run.kind == ScheduleSettings.kind}
    levels = {parsed(run, ScheduleSettings).target for run in own.values()}
    same = {k: baselines.at(settings, k) for k in sorted(levels)} | {settings.target: settings}
    schedules = {k: digest(each) for k, each in same.items()}
    small = {k: digest(baselines.small(each)) for k, each in same.items()}
    return Family(
        schedules={k: own[run] for k, run in schedules.items() if run in own},
        small={k: own[run] for k, run in small.items() if run in own},
        unpruned=own.get(digest(baselines.unpruned(settings))),
    )


def _view(run: Run, settings: ScheduleSettings, found: Family) -> None:
    before, after = _points(found.schedules, ONE_SHOT), _points(found.schedules, SCHEDULE)
    small = _points(found.small, SMALL)
    flat = {p.method: p for p in cached.points(run) if p.method == BASELINE}
    if found.unpruned is not None:
        flat |= {p.method: p for p in cached.points(found.unpruned) if p.method == UNPRUNED}
    chart.card(
        "Test accuracy over K, before and after fine-tuning",
        partial(charts.recovery, before, after, small, flat),
        CHARTS["recovery"],
        key=f"recovery-chart-{run.id}",
        stamp=f"{len(before)}-{len(after)}-{len(small)}-{sorted(flat)}",
        file=f"{run.id[:9]}-recovery",
    )
    with st.expander("All of these networks", icon=":material/table_rows:"):
        view.rows([*flat.values(), *before, *after, *small], key=f"relatives-{run.id}")
    for active in found.active:
        with st.container(horizontal=True, vertical_alignment="center"):
            live.badge(active)
            share = f" · {100 * active.progress:.0f} %" if active.state is State.RUNNING else ""
            st.caption(f"{plain(described(active))}{share}", width="content")
    _more(settings, found)
    _baselines(settings, found)


def _points(runs: Mapping[float, Run], method: str) -> list[Point]:
    """The point of that method of each run that has it, by K; a baseline has its target's."""
    return [
        point if point.sparsity else dataclasses.replace(point, sparsity=k)
        for k, run in sorted(runs.items())
        for point in cached.points(run)
        if point.method == method
    ]


def _more(settings: ScheduleSettings, found: Family) -> None:
    """Start the same schedule at several K at once."""
    left = [k for k in LEVELS if k not in found.schedules]
    if settings.pattern == "2:4" or not left:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.pills(
            "Run it at more K, %",
            left,
            selection_mode="multi",
            default=left,
            format_func=percent,
            key="more-levels",
            help=HELP["more"],
        )
        label = f"Start {len(chosen)} run{'s' if len(chosen) != 1 else ''}"
        if st.button(label, icon=":material/play_arrow:", key="more", disabled=not chosen):
            _submit([baselines.at(settings, k) for k in chosen])


def _baselines(settings: ScheduleSettings, found: Family) -> None:
    """Start the honest baselines of this run."""
    missing = [] if found.unpruned is not None else [baselines.unpruned(settings)]
    missing += [] if settings.target in found.small else [baselines.small(settings)]
    if not missing:
        return
    names = " and ".join(RIVALS[each.rule].label.lower() for each in missing)
    if st.button(f"Start the honest baselines: {names}", icon=":material/balance:", key="rivals"):
        _submit(missing)


def _submit(wanted: Sequence[ScheduleSettings]) -> None:
    with explained():
        cached.runs().submit_all(wanted, owner=state.owner())
        st.rerun()
