"""Fields for the data of a run: which set, how its numbers are scaled, where its channels are."""

from dataclasses import replace

import streamlit as st

from engine import datasets
from engine.datasets import Read
from engine.settings import AUTO, DataSettings, built_in_datasets, options
from pages.shared import cached
from pages.shared.fields import Fields
from pages.shared.notices import quiet
from pages.shared.texts import HELP
from pages.shared.words import title_of

OWN = "own .npz file"
MOST_MEGABYTES = 200
MOST_SHOWN_SHAPE = 3
"""Axes of an image that may have its channels first."""


def fields(base: DataSettings, prefix: str) -> DataSettings:
    """Fields for the data, filled from `base`; what was understood of a person's own is said.

    Raises:
        InvalidInput: no network can be trained of such data.
    """
    chosen = dataset_field(base.dataset, prefix)
    built_in = chosen in built_in_datasets()
    if built_in and (chosen != base.dataset or base.scale == AUTO):
        return DataSettings(dataset=chosen)
    if chosen != base.dataset:  # another one is looked at anew: its numbers are its own
        base = replace(base, scale=AUTO, channels=AUTO)
    own = Fields(base, f"{prefix}-{chosen}")
    scale, channels = own.one("scale"), AUTO
    if not built_in and len(cached.content(chosen).image_shape) == MOST_SHOWN_SHAPE:
        channels = own.one("channels")
    data = datasets.settled(DataSettings(dataset=chosen, scale=scale, channels=channels))
    said(data)
    datasets.check_usable(data)
    return data


def said(settings: Read) -> None:
    """What a person should know of their data, before anything runs."""
    quiet(datasets.notices(settings))


def dataset_field(base: str, prefix: str) -> str:
    """A field for the data set, with an upload for one's own."""
    known = list(built_in_datasets()) + ([] if base in built_in_datasets() else [base])
    declared = options(DataSettings)["dataset"]
    chosen = st.selectbox(
        declared.label,
        [*known, OWN],
        index=known.index(base),
        format_func=lambda name: OWN.capitalize() if name == OWN else title_of(name),
        key=f"{prefix}-dataset",
        help=declared.help,
    )
    if chosen != OWN:
        return chosen
    file = st.file_uploader(
        "Your own .npz file",
        type="npz",
        key=f"{prefix}-file",
        help=HELP["own"],
        max_upload_size=MOST_MEGABYTES,
    )
    if file is None:
        st.caption(f"Without a file, {title_of(base)} is used. {HELP['own']}")
        return base
    return cached.imported(file)
