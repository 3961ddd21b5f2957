"""The form of a federation: fields in, settings out, one for each chosen algorithm."""

from dataclasses import asdict, replace
from typing import Any

import streamlit as st

from engine.datasets import settled
from engine.errors import InvalidInput
from engine.federated.client_pruning import PRUNINGS
from engine.settings import FederateSettings, options
from pages.shared.fields import Fields
from pages.shared.forms import data_fields
from pages.shared.palette import ALGORITHMS

DECIDE = ("split", "orphans", "server")
"""Settings that decide which others matter."""


def federations(base: FederateSettings, *, prefix: str) -> list[FederateSettings]:
    """Fields filled from `base`; keys start with `prefix`. What matters to no algorithm is hidden.

    Raises:
        InvalidInput: a field is wrong, or no algorithm is chosen.
    """
    st.subheader("What to do", icon=":material/hub:")
    fields = Fields(base, prefix)
    chosen = _algorithms(base, fields.key("algorithms"))
    now: dict[str, Any] = {name: fields.now(name) for name in DECIDE}
    fields = replace(fields, tried=[base.but(**now, **_algorithm(name)) for name in chosen])
    values = _in_columns(fields, ["target"], ["step"])
    if fields.matter("accuracy_threshold"):
        with st.expander("Gates", icon=":material/door_front:"):
            values |= _in_columns(
                fields,
                ["distance_threshold", "accuracy_threshold", "unit_target"],
                ["unit_distance_threshold", "most_loss", "unit_step"],
            )
    st.subheader("Who owns what", icon=":material/pie_chart:")
    values |= asdict(data_fields(base.data, prefix))
    values |= _in_columns(fields, ["split"])
    values |= _in_columns(
        fields, ["clients", "samples", "test_images"], ["labels_per_client", "alpha", "skew"]
    )
    values |= _in_columns(fields, ["shard_size", "poor"])
    st.subheader("Rounds", icon=":material/autorenew:")
    values |= _in_columns(fields, ["rounds", "local_epochs"], ["fraction", "seed"])
    with st.expander("How clients train", icon=":material/tune:"):
        values |= _in_columns(fields, ["hidden", "batch_size"], ["learning_rate", "momentum", "mu"])
    with st.expander("Server and messages", icon=":material/dns:"):
        values |= _in_columns(fields, ["weighting", "values", "dropout", "orphans", "server"])
        values |= _in_columns(fields, ["orphan_decay", "server_rate", "tau"], ["beta1", "beta2"])
    placed = {*values, "algorithm", "pruning"}
    others = [name for name in options(FederateSettings) if name not in placed]
    values |= fields.those(*others)  # what an algorithm or split of an extension brings
    if not chosen:
        raise InvalidInput("choose at least one algorithm")
    return [settled(base.but(**values | _algorithm(name))) for name in chosen]


def _algorithm(name: str) -> dict[str, Any]:
    return {"pruning": name, "algorithm": "sub-fedavg"} if name in PRUNINGS else {"algorithm": name}


def _algorithms(base: FederateSettings, key: str) -> list[str]:
    declared = options(FederateSettings)["algorithm"]
    chosen = st.pills(
        declared.label,
        list(ALGORITHMS),
        selection_mode="multi",
        default=[base.algorithm.variant],
        format_func=lambda name: ALGORITHMS[name].label,
        key=key,
        help=declared.help,
    )
    return [name for name in ALGORITHMS if name in chosen]


def _in_columns(fields: Fields, *columns: list[str]) -> dict[str, Any]:
    """The fields that matter, side by side; a column without any takes no room."""
    drawn = [names for names in columns if any(fields.matter(name) for name in names)]
    values: dict[str, Any] = {}
    for column, names in zip(st.columns(max(len(drawn), 1)), drawn, strict=False):
        with column:
            values |= fields.those(*names)
    return values
