"""The form of a federation: fields in, settings out, one for each chosen algorithm."""

from dataclasses import replace
from typing import Any

import streamlit as st

from engine.datasets import settled
from engine.errors import InvalidInput
from engine.settings import FederateSettings
from engine.settings.federate import (
    MOST_CLIENTS,
    ORPHANS,
    POOR,
    SERVERS,
    SPLITS,
    VALUES,
    WEIGHTINGS,
)
from pages.federate.fields import Fields
from pages.federate.texts import HELP
from pages.shared import data_fields
from pages.shared.network_field import numbers
from pages.shared.palette import ALGORITHMS

PRUNINGS = ("unstructured", "structured", "hybrid")


def federations(base: FederateSettings, *, prefix: str) -> list[FederateSettings]:
    """Fields filled from `base`; keys start with `prefix`.

    Raises:
        InvalidInput: a field is wrong, or no algorithm is chosen.
    """
    fields = Fields(base, prefix)
    st.subheader("What to do", icon=":material/hub:")
    chosen = _algorithms(base, fields)
    pruning = _pruning(fields, chosen) if set(chosen) & set(PRUNINGS) else {}
    st.subheader("Who owns what", icon=":material/pie_chart:")
    data = _data(base, fields, prefix)
    training = _training(fields, chosen)
    with st.expander("Server and messages", icon=":material/dns:"):
        server = _server(fields, chosen)
    if not chosen:
        raise InvalidInput("choose at least one algorithm")
    values = data | training | server | pruning
    return [settled(replace(base, **(values | _algorithm(name)))) for name in chosen]


def name_of(settings: FederateSettings) -> str:
    """The algorithm as the form offers it: Sub-FedAvg by what it prunes."""
    return settings.pruning if settings.prunes else settings.algorithm


def _algorithm(name: str) -> dict[str, str]:
    return {"pruning": name, "algorithm": "sub-fedavg"} if name in PRUNINGS else {"algorithm": name}


def _algorithms(base: FederateSettings, fields: Fields) -> list[str]:
    chosen = st.pills(
        "Algorithms",
        list(ALGORITHMS),
        selection_mode="multi",
        default=[name_of(base)],
        format_func=lambda name: ALGORITHMS[name].label,
        key=fields.key("algorithms"),
        help=HELP["algorithms"],
    )
    return [name for name in ALGORITHMS if name in chosen]


def _pruning(fields: Fields, chosen: list[str]) -> dict[str, Any]:
    """What Sub-FedAvg prunes, and behind which gates."""
    first, second = st.columns(2)
    with first:
        values = {"target": fields.percent("Pruned at the end, %", "target")}
    with second:
        values["step"] = fields.percent("Pruned at a time, %", "step")
    with st.expander("Gates", icon=":material/door_front:"):
        values |= _gates(fields, hybrid="hybrid" in chosen)
    return values


def _gates(fields: Fields, *, hybrid: bool) -> dict[str, Any]:
    first, second = st.columns(2)
    with first:
        values = {
            "distance_threshold": fields.real(
                "Weights: least distance", "distance_threshold", 1.0, step=0.0001
            ),
            "accuracy_threshold": fields.percent("Least accuracy, %", "accuracy_threshold"),
        }
        if hybrid:
            values["unit_target"] = fields.percent("Hybrid: units at the end, %", "unit_target")
    with second:
        values["unit_distance_threshold"] = fields.real(
            "Units: least distance", "unit_distance_threshold", 1.0, step=0.0001
        )
        values["most_loss"] = fields.percent("Most accuracy lost, %", "most_loss")
        if hybrid:
            values["unit_step"] = fields.percent("Hybrid: units at a time, %", "unit_step")
    return values


def _data(base: FederateSettings, fields: Fields, prefix: str) -> dict[str, Any]:
    data = data_fields.fields(base, prefix)
    split = fields.choice("Split", "split", SPLITS)
    first, second = st.columns(2)
    with first:
        values = {"clients": fields.whole("Clients", "clients", 2, MOST_CLIENTS)}
        values["samples"] = fields.whole("Most images each (0: all)", "samples", 0, 1_000_000)
    with second:
        if split in {"shards", "labels"}:
            label = f"{split.capitalize()} of each client"
            values["labels_per_client"] = fields.whole(label, "labels_per_client", 1, 256)
        elif split == "dirichlet":
            values["alpha"] = fields.real("Alpha", "alpha", 1000.0, step=0.1)  # type: ignore[assignment]
        values["skew"] = fields.real("Skew of the amounts", "skew", 3.0, step=0.1)  # type: ignore[assignment]
    if split == "shards":
        values["shard_size"] = fields.whole("Most images of a shard", "shard_size", 1, 1_000_000)
    if split == "dirichlet":
        values["poor"] = fields.choice("Clients with fewer than 2 images", "poor", POOR)  # type: ignore[assignment]
    read = {"dataset": data.dataset, "scale": data.scale, "channels": data.channels}
    return {**read, "split": split, **values}


def _training(fields: Fields, chosen: list[str]) -> dict[str, Any]:
    st.subheader("Rounds", icon=":material/autorenew:")
    first, second = st.columns(2)
    with first:
        rounds = fields.whole("Rounds", "rounds", 1, 1000)
        epochs = fields.whole("Local epochs", "local_epochs", 1, 100)
    with second:
        fraction = fields.percent("Clients drawn each round, %", "fraction")
        seed = fields.whole("Seed", "seed", 0, 2**31 - 1)
    with st.expander("How clients train", icon=":material/tune:"):
        tuned = _local(fields, chosen)
    return {"rounds": rounds, "local_epochs": epochs, "fraction": fraction, "seed": seed, **tuned}


def _local(fields: Fields, chosen: list[str]) -> dict[str, Any]:
    first, second = st.columns(2)
    with first:
        hidden = st.text_input(
            "Hidden layers, units",
            ", ".join(str(units) for units in fields.base.hidden),
            key=fields.key("hidden"),
            help=HELP["hidden"],
            max_chars=400,
        )
        batch = fields.whole("Batch size, images", "batch_size", 1, 8192)
    with second:
        rate = fields.real("Learning rate", "learning_rate", 10.0, step=0.005)
        momentum = fields.real("Momentum", "momentum", 0.999, step=0.1)
        mu = {"mu": fields.real("FedProx: mu", "mu", 10.0)} if "fedprox" in chosen else {}
    values = {"batch_size": batch, "learning_rate": rate, "momentum": momentum}
    return {"hidden": numbers(hidden or ""), **values, **mu}


def _server(fields: Fields, chosen: list[str]) -> dict[str, Any]:
    values = {
        "weighting": fields.choice("Clients count by", "weighting", WEIGHTINGS),
        "values": fields.choice("Weights travel as", "values", VALUES),
        "dropout": fields.percent("Clients that never answer, %", "dropout"),
    }
    if set(chosen) & set(PRUNINGS):
        values["orphans"] = fields.choice("Orphans", "orphans", ORPHANS)
        values["server"] = fields.choice("Server of Sub-FedAvg", "server", SERVERS)
        if values["orphans"] == "decay":
            values["orphan_decay"] = fields.real("Decay of orphans", "orphan_decay", 1.0, step=0.1)
    adaptive = {"fedadam", "fedyogi", "fedadagrad"} & set(chosen)
    if adaptive or values.get("server", "average") != "average":
        if fields.base.own_first_moment:
            values["beta1"] = None  # each algorithm's own, not that of the one in the fields
        values["server_rate"] = fields.real("Step of the server", "server_rate", 10.0)
    return values
