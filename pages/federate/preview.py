"""Who will own what, as a picture and a figure, before anything runs."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from engine.federated.splits import notices_of_split
from engine.networks.architecture import parameters, shape_of
from engine.settings import FederateSettings, digest
from pages.federate import cache
from pages.federate.charts import split
from pages.federate.texts import ALT, READ
from pages.shared import cached
from pages.shared.charts.base import toolbar
from pages.shared.charts.sizes import human
from pages.shared.words import split_words, title_of

WIDTHS = {"float32": 4, "float16": 2, "int8": 1}
"""Bytes of a weight on its way."""


def show(settings: FederateSettings) -> None:
    """The split of these settings; a data set that is not here yet is not fetched for it.

    Raises:
        InvalidInput: the data cannot be cut in that way.
    """
    if not cached.summary(settings.dataset).local:
        st.caption(
            f"{title_of(settings.dataset)} is downloaded on first use; then the split is drawn "
            "here before it runs."
        )
        return
    told = cache.preview(settings)
    st.markdown(f"**Who owns what** · {settings.clients:,} clients with {split_words(settings)}")
    chart(told, settings, key=f"preview-{digest(settings)}")
    sentence(told)


def expected(chosen: Sequence[FederateSettings]) -> str:
    """What will be done, and what would travel if nothing were pruned.

    Raises:
        InvalidInput: the network cannot read the images.
    """
    settings, data = chosen[0], cached.summary(chosen[0].dataset, chosen[0].channels)
    shape = shape_of(settings.baseline, data.image_shape, data.classes)
    whole = WIDTHS[settings.values] * parameters(shape)
    most = 2 * whole * settings.cohort * settings.rounds
    runs = f"{len(chosen)} runs, each with " if len(chosen) > 1 else ""
    return (
        f"{runs}{settings.rounds:,} rounds of {settings.cohort:,} clients. The whole network "
        f"weighs {human(whole)}, so that without pruning {human(most)} would travel, both ways."
    )


def chart(told: Mapping[str, Any], settings: FederateSettings, *, key: str) -> None:
    """Images of each label of each client."""
    names = cached.class_names(settings.dataset, len(told["counts"][0]))
    st.plotly_chart(
        cached.drawn(key, partial(split.owners, told["counts"], names)),
        key="split",
        config=toolbar("prunescope-split"),
        alt=ALT["split"],
    )
    st.caption(READ["split"])


def sentence(told: Mapping[str, Any]) -> None:
    """How unlike the clients are, and what nobody owns."""
    sizes = [sum(row) for row in told["counts"]]
    left = f" {told['left_out']:,} images belong to nobody." if told["left_out"] else ""
    first = "" if told["clients"] == len(sizes) else f" Shown: the first {len(sizes)}."
    texts = [notice.text for notice in notices_of_split(told)]
    poor = "".join(f" {text[0].upper()}{text[1:]}." for text in texts)
    sizes = [size for size in sizes if size] or sizes
    amounts = f"{min(sizes):,}" if min(sizes) == max(sizes) else f"{min(sizes):,} to {max(sizes):,}"
    st.markdown(
        f"**{100 * told['label_distance']:.0f} % non-IID**: so many images would have to change "
        f"their label for all clients to be alike. {amounts} images a client."
        f"{left}{poor}{first}"
    )
