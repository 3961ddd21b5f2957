"""Fields for the data of a run: which set, how its numbers are scaled, where its channels are."""

from dataclasses import dataclass

import streamlit as st

from engine import datasets
from engine.datasets import Read
from engine.settings import AUTO, BUILT_IN_DATASETS, CHANNELS, SCALES, TrainSettings
from pages.shared import cached
from pages.shared.notices import quiet
from pages.shared.texts import HELP
from pages.shared.words import title_of

OWN = "own .npz file"
MOST_MEGABYTES = 200
MOST_SHOWN_SHAPE = 3
"""Axes of an image that may have its channels first."""

SCALE_TITLES = {
    AUTO: "As the images ask for",
    "1": "Take as they are",
    "255": "Divide by 255",
    "max": "Divide by their maximum",
    "standardise": "Standardise: less the mean, by the spread",
}
CHANNEL_TITLES = {AUTO: "As the shape looks", "last": "Last", "first": "First"}


@dataclass(frozen=True, slots=True)
class Data:
    """A data set and how it is read; see `engine.settings.TrainSettings`."""

    dataset: str
    scale: str = AUTO
    channels: str = AUTO


def fields(base: Read, prefix: str) -> Data:
    """Fields for the data, filled from `base`; what was understood of a person's own is said."""
    chosen = dataset_field(base.dataset, prefix)
    built_in = chosen in BUILT_IN_DATASETS
    if built_in and (chosen != base.dataset or base.scale == AUTO):
        return Data(chosen)
    # another data set than the form began with is looked at anew: its numbers are its own
    start = base if chosen == base.dataset else Data(chosen)
    scale = _choice(
        "Scale of the numbers",
        SCALE_TITLES,
        SCALES,
        start.scale,
        f"{prefix}-scale-{chosen}",
        "numbers",
    )
    channels = AUTO
    if not built_in and len(cached.content(chosen).image_shape) == MOST_SHOWN_SHAPE:
        key = f"{prefix}-channels-{chosen}"
        channels = _choice("Channels", CHANNEL_TITLES, CHANNELS, start.channels, key, "channels")
    data = datasets.settled(Data(chosen, scale, channels))
    said(data)
    return data


def said(settings: Read) -> None:
    """What a person should know of their data, before anything runs."""
    quiet(datasets.notices(settings))


def training_with(data: Data, **values: object) -> TrainSettings:
    """Training settings on that data, as it will be read."""
    return datasets.settled(
        TrainSettings(
            dataset=data.dataset,
            scale=data.scale,
            channels=data.channels,
            **values,  # type: ignore[arg-type]
        )
    )


def dataset_field(base: str, prefix: str) -> str:
    """A field for the data set, with an upload for one's own."""
    known = list(BUILT_IN_DATASETS) + ([] if base in BUILT_IN_DATASETS else [base])
    chosen = st.selectbox(
        "Data set",
        [*known, OWN],
        index=known.index(base),
        format_func=lambda name: OWN.capitalize() if name == OWN else title_of(name),
        key=f"{prefix}-dataset",
        help=HELP["dataset"],
    )
    return _uploaded(prefix, base) if chosen == OWN else chosen


def _uploaded(prefix: str, base: str) -> str:
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


def _choice(
    label: str,
    titles: dict[str, str],
    options: tuple[str, ...],
    base: str,
    key: str,
    topic: str,
) -> str:
    chosen = st.selectbox(
        label,
        options,
        index=options.index(base),
        format_func=lambda name: titles[name],
        key=key,
        help=HELP[topic],
    )
    return chosen or base
