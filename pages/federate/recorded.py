"""What runs and the studies that ship along have recorded, cached by the rule of `cached`."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from engine import datasets
from engine.federated.mask_statistics import Picture, load_pictures
from engine.federated.owned import owners_of
from engine.federated.splits import split_to_json
from engine.results import reference
from engine.runs.model import Run
from engine.settings import FederateSettings, built_in_datasets, from_json
from pages.federate.charts.base import Series
from pages.shared import cached
from pages.shared.palette import algorithm_style

SPLIT_FIELDS = (
    "dataset",
    "clients",
    "split",
    "labels_per_client",
    "alpha",
    "poor",
    "shard_size",
    "samples",
    "skew",
    "seed",
)
"""The settings that decide who owns what."""

STUDY = "federated-"
"""What the names of the studies that ship with the project begin with."""


def rounds(run: Run) -> cached.Rows:
    """The rounds that have ended."""
    return cached.rows(run, "round")


def finals(run: Run) -> cached.Rows:
    """The clients that were measured at the end, by number."""
    return sorted(cached.rows(run, "final"), key=lambda row: int(row["client"]))


def split(run: Run) -> Mapping[str, Any] | None:
    """Who owns what, once the worker has said so."""
    return next(iter(cached.rows(run, "split")), None)


def pictures(run: Run, number: int) -> Mapping[str, Picture]:
    """The pictures of the masks of a round; none where the round has none any more."""
    name = f"masks-{number:04}.npz"
    if run.evicted or all(file.name != name for file in cached.runs().files(run.id)):
        return {}
    return _pictures(run.id, name, run.created)


def _who_owns_what(settings: FederateSettings) -> str:
    return repr([getattr(settings, name) for name in SPLIT_FIELDS])


@st.cache_data(
    show_spinner="Cuts the data", max_entries=64, hash_funcs={FederateSettings: _who_owns_what}
)
def split_before(settings: FederateSettings) -> Mapping[str, Any]:
    """Who will own what, before anything runs.

    Raises:
        InvalidInput: the data cannot be cut in that way; DatasetError: it cannot be read.
    """
    data = datasets.load_for(settings)
    owners = owners_of(data, settings)
    found = split_to_json(owners.split, owners.y_train, data.classes)
    return {**found, "classes": data.classes}


def studies() -> list[str]:
    """Names of the studies of federations that ship with the project, MNIST first."""
    ordered = [f"{STUDY}{dataset}" for dataset in built_in_datasets()]
    names = [name for name in reference.available() if name.startswith(STUDY)]
    return sorted(names, key=lambda n: ordered.index(n) if n in ordered else len(ordered))


@st.cache_resource(show_spinner=False, max_entries=16)
def study(name: str) -> tuple[Mapping[str, Any], Sequence[Series]]:
    """How a study was made, and its federations."""
    found, series = reference.load(name), []
    for result in found["federations"]:
        settings = from_json(FederateSettings.kind, result["settings"])
        assert isinstance(settings, FederateSettings)  # noqa: S101  # narrows the type
        style = algorithm_style(settings.algorithm, settings.pruning)
        finals = result["final"]["clients"]
        series.append(Series(style.label, style, settings, result["rounds"], finals))
    return found["made"], series


@st.cache_resource(show_spinner=False, max_entries=64)
def _pictures(run: str, name: str, created: float) -> Mapping[str, Picture]:
    del created  # a run that was deleted and made anew is another one
    return load_pictures(cached.runs().file(run, name))
