"""Which federations are drawn beside the one shown: those on the same clients."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from engine.federated.study import BASELINES
from engine.runs.model import Run, State
from engine.settings import FederateSettings, digest
from pages.federate import cache
from pages.federate.charts.series import Series
from pages.shared import cached, state
from pages.shared.notices import explained
from pages.shared.palette import ALGORITHMS, Look, algorithm_look

COURSE = ("rounds", "local_epochs", "batch_size", "learning_rate", "momentum", "dropout")
"""What also has to be equal for one to be drawn beside another without being asked for."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
"""What Sub-FedAvg is always set against."""
GROUND = (*cache.SPLIT_FIELDS, "hidden", "fraction", "test_images")
"""What has to be equal for curves to be comparable: data, clients, first network, draws."""


def federation(run: Run) -> FederateSettings:
    """The settings of a federation."""
    settings = run.parsed
    assert isinstance(settings, FederateSettings)  # noqa: S101  # narrows the type
    return settings


def ground_of(settings: FederateSettings) -> tuple[object, ...]:
    """Equal for federations that can be compared round by round."""
    return tuple(getattr(settings, name) for name in GROUND)


def same_ground(run: Run) -> list[Run]:
    """Other federations on the same clients, whoever's, newest first."""
    ground = ground_of(federation(run))
    others = (each for each in cached.runs().all() if each.kind == run.kind and each.id != run.id)
    return [each for each in others if ground_of(federation(each)) == ground]


def series(run: Run, look: Look, name: str) -> Series:
    """What a run has recorded so far, under that name."""
    rounds, finals = cache.rounds(run), cache.finals(run)
    return Series(name, look, federation(run), rounds, finals)


def all_series(run: Run, others: Sequence[Run]) -> list[Series]:
    """The run first, then the others; ids and dashes tell those of one algorithm apart."""
    runs = [run, *others]
    looks = [look_of(each) for each in runs]
    found = []
    for place, (each, look) in enumerate(zip(runs, looks, strict=True)):
        before = looks[:place].count(look)
        dash = DASHES[(DASHES.index(look.dash) + before) % len(DASHES)]
        name = f"{look.label} {each.id[:4]}" if looks.count(look) > 1 else look.label
        found.append(series(each, replace(look, dash=dash), name))
    return found


def look_of(run: Run) -> Look:
    """How a federation looks, by its algorithm."""
    settings = federation(run)
    return algorithm_look(settings.algorithm, settings.pruning)


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
    chosen = st.pills(
        "Beside it, on the same clients",
        list(offered),
        selection_mode="multi",
        format_func=lambda each: _named(offered[each]),
        key=key,
        on_change=_tell_url,
        args=(key,),
    )
    return [offered[each] for each in chosen]


def baselines(run: Run, others: Sequence[Run]) -> None:
    """A button that starts what is missing of the baselines among the others on its clients."""
    wanted = [replace(federation(run), algorithm=name) for name in BASELINES]
    known = {run.id, *(each.id for each in others)}
    missing = [settings for settings in wanted if digest(settings) not in known]
    if not missing:
        return
    names = ", ".join(ALGORITHMS[settings.algorithm].label for settings in missing)
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
    """What is chosen; at first what the URL names, or one of each other algorithm."""
    chosen = st.session_state.get(f"beside-{run.id}")
    if chosen is None:
        named = st.query_params.get(state.BESIDE, "").split(",")
        chosen = [each for each in named if each in offered] or _others(run, offered)
    return [each for each in chosen if each in offered]


def _others(run: Run, offered: Mapping[str, Run]) -> list[str]:
    """The newest of each other algorithm whose clients train as long and in the same way."""
    found: dict[str, str] = {}
    for each in offered.values():
        same = all(getattr(federation(each), n) == getattr(federation(run), n) for n in COURSE)
        if same and look_of(each) != look_of(run):
            found.setdefault(look_of(each).label, each.id)
    return list(found.values())


def _named(run: Run) -> str:
    share = "" if run.state is State.DONE else f", {run.state.value}"
    return f"{look_of(run).label} {run.id[:4]}{share}"


def _tell_url(key: str) -> None:
    st.query_params[state.BESIDE] = ",".join(st.session_state[key])
