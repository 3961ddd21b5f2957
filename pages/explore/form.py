"""Which network is asked, and what: widgets in, a question out. The URL holds all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from engine.errors import InvalidInput
from engine.explore.question import Question, edits_from_text
from engine.explore.service import Subject
from engine.networks.network import Network
from engine.pruning.prune import Edit
from engine.runs.model import Run, State
from engine.settings import TrainSettings, digest, training_of
from engine.system import registry
from pages.explore.networks import SHIPPED_SUBJECT, subject_of
from pages.explore.words import HELP
from pages.shared import cached, palette, state
from pages.shared.choices import one_of
from pages.shared.kinds import titled

EDITS = "hand"
"""URL parameter: units pruned or saved by hand."""

FIRST_K = 80
SHIPPED_LABEL = "Ships with Prunescope: MNIST, 200-100-50, 3 epochs"
MOST = 200
"""Runs that are looked through for finished trainings."""

SCOPE_LABELS = {"layer": "In each layer", "global": "Over all layers"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and whether pruned units are removed or left as zeros."""

    question: Question
    removed: bool


def wanted() -> Run | None:
    """The training that the URL names, or that the run which it names is based on.

    Raises:
        PrunescopeError: there is no such run, or its training is not finished.
    """
    name = st.query_params.get(state.RUN)
    if name is None:
        return None
    run = cached.runs().get(name)
    if run.kind != TrainSettings.kind:
        run = cached.runs().get(digest(training_of(run.parsed)))
    if run.state is not State.DONE:
        raise InvalidInput(f"this network is not trained yet: its training is {run.state.value}")
    return run


def choose(wanted: Run | None) -> Subject:
    """The network that is chosen from the list; at first the wanted one.

    Another one is asked the same question: the rest of the URL stays.
    """
    runs = (run for run in cached.runs().all(limit=MOST) if run.kind == TrainSettings.kind)
    trainings = {run.id: run for run in runs if run.state is State.DONE and not run.evicted}
    first = ""
    if wanted is not None:
        trainings.setdefault(wanted.id, wanted)
        first = wanted.id
    options = ["", *trainings]
    chosen = st.selectbox(
        "Network",
        options,
        index=options.index(first),
        format_func=lambda run: titled(trainings[run]) if run else SHIPPED_LABEL,
        help=HELP["subject"],
        key=f"subject-{first}",
    )
    if chosen != first:
        if chosen:
            st.query_params[state.RUN] = chosen
        else:
            st.query_params.pop(state.RUN, None)
        st.rerun()
    return subject_of(trainings[chosen]) if chosen else SHIPPED_SUBJECT


def ask(network: Network, *, seed: int) -> Asked:
    """The row of choices and the sliders.

    Raises:
        InvalidInput: the URL holds a choice that no question can have.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="explore-choices"):
        methods = {name: palette.METHODS[name].label for name in registry.names("methods")}
        method = one_of("Method", methods, key="how", help_text=HELP["how"])
        each = st.toggle("One K for each layer", key="each", bind="query-params", help=HELP["each"])
        scope = "layer"
        if not each:
            scope = one_of("Rank", SCOPE_LABELS, key="rank", help_text=HELP["rank"])
        removed = st.toggle("Remove pruned units", key="out", bind="query-params", help=HELP["out"])
    if each:
        cells, levels = st.grid(4, min_column_width=200), []
        for index in range(len(network.prunable)):
            with cells:
                levels.append(_slider(f"K of {layer_name(network, index)}, %", f"k{index + 1}"))
    else:
        levels = [_slider("Sparsity K, %", "k", HELP["k"])]
    return _asked(method, scope, levels, seed, removed=removed)


def held(network: Network, *, seed: int) -> Asked | None:
    """What `ask` is going to find in its widgets; None before they were drawn for the first time.

    A browser draws a dozen controls again before it comes to what is sent behind them.
    """
    values = st.session_state
    each = values.get("each", False)
    keys = [f"k{i + 1}" for i in range(len(network.prunable))] if each else ["k"]
    if any(key not in values for key in ("how", "out", *keys, *(() if each else ("rank",)))):
        return None
    scope = "layer" if each else values["rank"]
    try:
        return _asked(
            values["how"], scope, [values[key] for key in keys], seed, removed=values["out"]
        )
    except InvalidInput:
        return None  # `ask` says so below its widgets


def _asked(method: str, scope: str, levels: Sequence[float], seed: int, *, removed: bool) -> Asked:
    sparsities = tuple(level / 100 for level in levels)
    question = Question(method=method, sparsities=sparsities, scope=scope, edits=edits(), seed=seed)
    return Asked(question, removed)


def edits() -> tuple[Edit, ...]:
    """What the URL says was pruned or saved by hand; raises InvalidInput."""
    return edits_from_text(st.query_params.get(EDITS, ""))


def layer_name(network: Network, index: int) -> str:
    """Such as: Layer 1, 784 → 1000."""
    layer = network.layers[index]
    if layer is network.output:
        return f"Output, {layer.inputs:,} → {layer.units}"
    kind = "Convolution" if layer.convolution else "Layer"
    return f"{kind} {index + 1}, {len(layer.kernel):,} → {layer.units:,}"


def _slider(label: str, key: str, help_text: str | None = None) -> int:
    level = st.slider(label, 0, 99, FIRST_K, key=key, bind="query-params", help=help_text)
    return int(level)
