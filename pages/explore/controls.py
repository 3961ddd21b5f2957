"""The controls of Explore: widgets -> a question. The URL holds all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from engine.errors import InvalidInput
from engine.explore.question import Question, edits_from_text
from engine.networks.network import Network
from engine.pruning.rule import Edit
from engine.settings import SCOPES
from engine.system import registry
from pages.shared import palette
from pages.shared.texts import HELP

HAND = "hand"
"""URL parameter: units pruned or saved by hand."""

FIRST_K = 80
SCOPE_LABELS = {"layer": "In each layer", "global": "Over all layers"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and whether pruned units are removed or left as zeros."""

    question: Question
    removed: bool


def ask(network: Network, *, seed: int) -> Asked:
    """The row of choices and the sliders.

    Raises:
        InvalidInput: the URL holds a choice that no question can have.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="explore-choices"):
        method = _pick(
            "Method", "how", registry.names("methods"), lambda name: palette.METHODS[name].label
        )
        each = st.toggle("One K for each layer", key="each", bind="query-params", help=HELP["each"])
        scope = "layer"
        if not each:
            scope = _pick("Rank", "rank", SCOPES, SCOPE_LABELS.__getitem__)
        removed = st.toggle("Remove pruned units", key="out", bind="query-params", help=HELP["out"])
    levels = _each(network) if each else (_slider("Sparsity K, %", "k", HELP["k"]),)
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
    return edits_from_text(st.query_params.get(HAND, ""))


def layer_name(network: Network, index: int) -> str:
    """Such as: Layer 1, 784 → 1000."""
    layer = network.layers[index]
    if layer is network.output:
        return f"Output, {layer.inputs:,} → {layer.units}"
    kind = "Convolution" if layer.convolution else "Layer"
    return f"{kind} {index + 1}, {len(layer.kernel):,} → {layer.units:,}"


def _each(network: Network) -> tuple[float, ...]:
    cells = st.grid(4, min_column_width=200)
    levels = []
    for index in range(len(network.prunable)):
        with cells:
            name = f"K of {layer_name(network, index)}, %"
            levels.append(_slider(name, f"k{index + 1}", None))
    return tuple(levels)


def _slider(label: str, key: str, help_text: str | None) -> int:
    level = st.slider(label, 0, 99, FIRST_K, key=key, bind="query-params", help=help_text)
    return int(level)


def _pick(label: str, key: str, options: Sequence[str], name: Callable[[str], str]) -> str:
    chosen = st.segmented_control(
        label,
        list(options),
        default=options[0],
        required=True,
        format_func=name,
        key=key,
        bind="query-params",
        help=HELP[key],
    )
    return chosen or options[0]
