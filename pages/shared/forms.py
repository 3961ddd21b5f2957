"""Forms that several pages have: widgets in, validated settings out.

Bounds of widgets are only a courtesy of the browser; the settings check everything again and
raise InvalidInput with the one line that the command line shows too.
"""

from typing import Any

import streamlit as st

from engine.datasets import settled
from engine.settings import PAPER_EPOCHS, ScheduleSettings, TrainSettings, options
from pages.shared import cached, data_fields
from pages.shared.fields import Fields
from pages.shared.texts import HELP
from pages.shared.words import expected

QUICK_EPOCHS = 3


def training(base: TrainSettings, *, prefix: str) -> TrainSettings:
    """Fields for a training, filled from `base`; keys start with `prefix`."""
    fields = Fields(base, prefix)
    first, second = st.columns(2)
    with first:
        data = data_fields.fields(base.data, prefix)
        network = fields.one("network")
        if network == "dense":
            hidden = fields.one("hidden")
        else:
            hidden = TrainSettings().hidden
            st.caption(HELP[network])
    with second:
        epochs = _epochs(fields)
        seed = fields.one("seed")
    with st.expander("Optimizer", icon=":material/tune:"):
        steps = optimizer_fields(base, prefix)
    settings = settled(
        TrainSettings(
            data=data,
            network=network,
            hidden=hidden,
            epochs=epochs,
            seed=seed,
            **steps,
        )
    )
    st.caption(expected(settings, cached.summary(data.dataset, settings.data.channels)))
    return settings


def _epochs(fields: Fields) -> int:
    """The number of epochs: one of two usual ones, or another."""
    base = fields.base
    assert isinstance(base, TrainSettings)  # noqa: S101  # narrows the type
    presets = {f"Quick, {QUICK_EPOCHS}": QUICK_EPOCHS, f"Paper, {PAPER_EPOCHS}": PAPER_EPOCHS}
    chosen = st.segmented_control(
        "Epochs",
        [*presets, "Other"],
        default=next((name for name, epochs in presets.items() if epochs == base.epochs), "Other"),
        required=True,
        key=fields.key("epochs-preset"),
        help=options(TrainSettings)["epochs"].help,
    )
    return presets[chosen] if chosen in presets else int(fields.one("epochs"))


def optimizer_fields(base: TrainSettings | ScheduleSettings, prefix: str) -> dict[str, Any]:
    """Fields for how a training steps: optimizer, learning rate, decay, batch size."""
    fields = Fields(base, prefix)
    first, second = st.columns(2)
    with first:
        steps = fields.those("optimizer", "batch_size")
    with second:
        return steps | fields.those("decay", "learning_rate")
