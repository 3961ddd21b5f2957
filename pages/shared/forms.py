"""Forms that several pages have: widgets in, validated settings out.

Bounds of widgets are only a courtesy of the browser; the settings check everything again and
raise InvalidInput with the one line that the command line shows too.
"""

from dataclasses import replace
from typing import Any

import streamlit as st

from engine import datasets
from engine.settings import (
    AUTO,
    PAPER_EPOCHS,
    DataSettings,
    ScheduleSettings,
    TrainSettings,
    built_in_datasets,
    options,
)
from pages.shared import cached
from pages.shared.fields import Fields
from pages.shared.notices import quiet
from pages.shared.words import expected

OWN = "own .npz file"
ABOUT_OWN = (
    "An .npz file with images and labels for training and test, such as x_train, y_train, "
    "x_test and y_test: uint8 or float images of any shape, labels as numbers, text or one-hot; "
    "x_val and y_val choose if they are there. At most 200 MB."
)
ABOUT_GUIDE_CNN = (
    "A convolution of 12 filters of 3 x 3, pooling of 2 x 2, and the output layer, "
    "which holds nearly all weights and is pruned too. Its units are the filters."
)
EPOCHS = {"Quick, 3": 3, f"Paper, {PAPER_EPOCHS}": PAPER_EPOCHS}


def training(base: TrainSettings, *, prefix: str) -> TrainSettings:
    """Fields for a training, filled from `base`; keys start with `prefix`."""
    fields = Fields(base, prefix)
    first, second = st.columns(2)
    with first:
        data = data_fields(base.data, prefix)
        network, hidden = fields.one("network"), TrainSettings().hidden
        if network == "dense":
            hidden = fields.one("hidden")
        else:
            st.caption(ABOUT_GUIDE_CNN)
    with second:
        preset = st.segmented_control(
            "Epochs",
            [*EPOCHS, "Other"],
            default=next((name for name, count in EPOCHS.items() if count == base.epochs), "Other"),
            required=True,
            key=fields.key("epochs-preset"),
            help=options(TrainSettings)["epochs"].help,
        )
        epochs = EPOCHS[preset] if preset in EPOCHS else fields.one("epochs")
        seed = fields.one("seed")
    with st.expander("Optimizer", icon=":material/tune:"):
        steps = optimizer_fields(base, prefix)
    settings = TrainSettings(
        data=data, network=network, hidden=hidden, epochs=epochs, seed=seed, **steps
    )
    settings = datasets.settled(settings)
    st.caption(expected(settings, cached.summary(data.dataset, settings.data.channels)))
    return settings


def optimizer_fields(base: TrainSettings | ScheduleSettings, prefix: str) -> dict[str, Any]:
    """Fields for how a training steps: optimizer, learning rate, decay, batch size."""
    fields = Fields(base, prefix)
    first, second = st.columns(2)
    with first:
        steps = fields.those("optimizer", "batch_size")
    with second:
        return steps | fields.those("decay", "learning_rate")


def data_fields(base: DataSettings, prefix: str) -> DataSettings:
    """Fields for the data, filled from `base`; what was understood of a person's own is said.

    Raises:
        InvalidInput: no network can be trained of such data.
    """
    chosen = _dataset_field(base.dataset, prefix)
    built_in = chosen in built_in_datasets()
    if built_in and (chosen != base.dataset or base.scale == AUTO):
        return DataSettings(dataset=chosen)
    if chosen != base.dataset:  # another one is looked at anew: its numbers are its own
        base = replace(base, scale=AUTO, channels=AUTO)
    fields = Fields(base, f"{prefix}-{chosen}")
    scale, channels = fields.one("scale"), AUTO
    if not built_in and len(cached.content(chosen).image_shape) == 3:
        channels = fields.one("channels")
    data = datasets.settled(DataSettings(dataset=chosen, scale=scale, channels=channels))
    quiet(datasets.notices(data))
    datasets.check_usable(data)
    return data


def _dataset_field(base: str, prefix: str) -> str:
    """A field for the data set, with an upload for one's own."""
    known = list(built_in_datasets()) + ([] if base in built_in_datasets() else [base])
    declared = options(TrainSettings)["dataset"]
    chosen = st.selectbox(
        declared.label,
        [*known, OWN],
        index=known.index(base),
        format_func=lambda name: OWN.capitalize() if name == OWN else datasets.title(name),
        key=f"{prefix}-dataset",
        help=declared.help,
    )
    if chosen != OWN:
        return chosen
    file = st.file_uploader(
        "Your own .npz file",
        type="npz",
        key=f"{prefix}-file",
        help=ABOUT_OWN,
        max_upload_size=200,  # MB
    )
    if file is None:
        st.caption(f"Without a file, {datasets.title(base)} is used. {ABOUT_OWN}")
        return base
    return cached.imported(file)
