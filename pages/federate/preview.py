"""Who will own what, as a picture and a figure, before anything runs."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from engine import datasets
from engine.federated.owned import owners_of
from engine.federated.splits import notices_of_split, split_to_json
from engine.networks.architecture import architecture_of, parameters
from engine.settings import FederateSettings, digest
from pages.federate.charts import clients
from pages.federate.words import CHARTS
from pages.shared import cached, chart
from pages.shared.charts.sizes import human
from pages.shared.kinds import split_words

SPLIT_FIELDS = ("data", "clients", "split", "amounts", "seed")
"""The settings that decide who owns what."""


def show(settings: FederateSettings) -> None:
    """The split of these settings; a data set that is not here yet is not fetched for it.

    Raises:
        InvalidInput: the data cannot be cut in that way.
    """
    dataset = settings.data.dataset
    if not cached.summary(dataset).local:
        st.caption(
            f"{datasets.title(dataset)} is downloaded on first use; then the split is "
            "drawn here before it runs."
        )
        return
    split = split_before(settings)
    st.markdown(f"**Who owns what** · {settings.clients:,} clients with {split_words(settings)}")
    names = cached.class_names(dataset, len(split["counts"][0]))
    draw = partial(clients.owners, split["counts"], names)
    chart.show(draw, CHARTS["split"], key="split", stamp=digest(settings))
    st.markdown(sentence(split))


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
    data = datasets.load_for(settings.data)
    owners = owners_of(data, settings)
    found = split_to_json(owners.split, owners.y_train, data.classes)
    return {**found, "classes": data.classes}


def expected(chosen: Sequence[FederateSettings]) -> str:
    """What will be done, and what would travel if nothing were pruned.

    Raises:
        InvalidInput: the network cannot read the images.
    """
    settings, read = chosen[0], chosen[0].data
    data = cached.summary(read.dataset, read.channels)
    shape = architecture_of(settings.baseline, data.image_shape, data.classes)
    whole = np.dtype(settings.algorithm.values).itemsize * parameters(shape)
    most = 2 * whole * settings.cohort * settings.rounds
    runs = f"{len(chosen)} runs, each with " if len(chosen) > 1 else ""
    return (
        f"{runs}{settings.rounds:,} rounds of {settings.cohort:,} clients. The whole network "
        f"weighs {human(whole)}, so that without pruning {human(most)} would travel, both ways."
    )


def sentence(split: Mapping[str, Any]) -> str:
    """How unlike the clients are, and what nobody owns."""
    sizes = [sum(row) for row in split["counts"]]
    left = f" {split['left_out']:,} images belong to nobody." if split["left_out"] else ""
    first = "" if split["clients"] == len(sizes) else f" Shown: the first {len(sizes)}."
    texts = [notice.text for notice in notices_of_split(split)]
    poor = "".join(f" {text[0].upper()}{text[1:]}." for text in texts)
    sizes = [size for size in sizes if size] or sizes
    amounts = f"{min(sizes):,}" if min(sizes) == max(sizes) else f"{min(sizes):,} to {max(sizes):,}"
    return (
        f"**{100 * split['label_distance']:.0f} % non-IID**: so many images would have to change "
        f"their label for all clients to be alike. {amounts} images a client."
        f"{left}{poor}{first}"
    )
