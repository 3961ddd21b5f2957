"""Which federations are drawn beside the one shown: those on the same clients."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from engine.federated.algorithms.fedavg import FedAvg, FineTuned
from engine.federated.algorithms.local import Local
from engine.runs.model import Run, State
from engine.settings import FederateSettings, digest
from pages.federate.charts.base import Series
from pages.federate.preview import SPLIT_FIELDS
from pages.shared import cached, run_page, state
from pages.shared.notices import explained
from pages.shared.palette import ALGORITHMS, Style, algorithm_style

COURSE = ("rounds", "local", "dropout")
"""What also has to be equal for one to be drawn beside another without being asked for."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

BASELINES = (Local.name, FedAvg.name, FineTuned.name)
"""What Sub-FedAvg is always set against."""

GROUND = (*SPLIT_FIELDS, "hidden", "fraction")
"""What has to be equal for curves to be comparable: data, clients, first network, draws."""


def federation(run: Run) -> FederateSettings:
    """The settings of a federation."""
    return run_page.parsed(run, FederateSettings)


def same_ground(run: Run) -> list[Run]:
    """Other federations on the same clients, whoever's, newest first."""
    own = federation(run)
    others = (each for each in cached.runs().all() if each.kind == run.kind and each.id != run.id)
    return [each for each in others if _alike(federation(each), own, GROUND)]


def all_series(run: Run, others: Sequence[Run]) -> list[Series]:
    """The run first, then the others; ids and dashes tell those of one algorithm apart."""
    runs = [run, *others]
    styles = [style_of(each) for each in runs]
    found = []
    for number, (each, style) in enumerate(zip(runs, styles, strict=True)):
        before = styles[:number].count(style)
        dash = DASHES[(DASHES.index(style.dash) + before) % len(DASHES)]
        name = f"{style.label} {each.id[:4]}" if styles.count(style) > 1 else style.label
        rounds = cached.rows(each, "round")
        finals = sorted(cached.rows(each, "final"), key=lambda row: int(row["client"]))
        found.append(Series(name, replace(style, dash=dash), federation(each), rounds, finals))
    return found


def style_of(run: Run) -> Style:
    """How a federation is drawn, by its algorithm."""
    return algorithm_style(federation(run).algorithm)


def active(run: Run) -> bool:
    """Whether one of those that are drawn beside the run still goes on."""
    offered = _offered(same_ground(run))
    return any(offered[each].state.active for each in _selection(run, offered))


def choose(run: Run, others: Sequence[Run]) -> list[Run]:
    """Those of the others on the same clients that are drawn beside the run; the URL holds them."""
    offered = _offered(others)
    if not offered:
        return []
    key = f"beside-{run.id}"
    st.session_state[key] = _selection(run, offered)

    def named(name: str) -> str:
        each = offered[name]
        going = "" if each.state is State.DONE else f", {each.state.value}"
        return f"{style_of(each).label} {name[:4]}{going}"

    def tell_url() -> None:
        st.query_params[state.BESIDE] = ",".join(st.session_state[key])

    chosen = st.pills(
        "Beside it, on the same clients",
        list(offered),
        selection_mode="multi",
        format_func=named,
        key=key,
        on_change=tell_url,
    )
    return [offered[each] for each in chosen]


def baselines(run: Run, others: Sequence[Run]) -> None:
    """A button that starts what is missing of the baselines among the others on its clients."""
    wanted = [federation(run).but(algorithm=name) for name in BASELINES]
    known = {run.id, *(each.id for each in others)}
    missing = [settings for settings in wanted if digest(settings) not in known]
    if not missing:
        return
    names = ", ".join(ALGORITHMS[settings.algorithm.variant].label for settings in missing)
    label = f"Run {names} on the same clients"
    if st.button(label, icon=":material/stacks:", key="baselines"):
        with explained():
            begun = cached.runs().submit_all(missing, owner=state.owner())
            chosen = _selection(run, _offered(others))
            st.session_state[f"beside-{run.id}"] = [*chosen, *(each.id for each in begun)]
            st.rerun()


def _offered(others: Sequence[Run]) -> dict[str, Run]:
    """Those that are done, and the visitor's own."""
    return {each.id: each for each in others if each.state is State.DONE or state.is_mine(each)}


def _selection(run: Run, offered: Mapping[str, Run]) -> list[str]:
    """What is chosen; at first what the URL names.

    Where it names none of these, the newest of each other algorithm whose clients train as long
    and in the same way.
    """
    chosen = st.session_state.get(f"beside-{run.id}")
    if chosen is None:
        named = st.query_params.get(state.BESIDE, "").split(",")
        chosen = [each for each in named if each in offered]
        if not chosen:
            own, newest = federation(run), dict[str, str]()
            for each in offered.values():
                if style_of(each) != style_of(run) and _alike(federation(each), own, COURSE):
                    newest.setdefault(style_of(each).label, each.id)
            chosen = newest.values()
    return [each for each in chosen if each in offered]


def _alike(one: FederateSettings, other: FederateSettings, names: Sequence[str]) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)
