"""Fields for the network of a training: which one, and how wide where that can be chosen."""

import streamlit as st

from engine.settings import NETWORKS, TrainSettings
from pages.shared.texts import HELP
from pages.shared.words import NETWORK_TITLES


def fields(base: TrainSettings, prefix: str) -> tuple[str, tuple[int, ...]]:
    """The network, and the units of its hidden layers; those of the default where it has none."""
    network = st.segmented_control(
        "Network",
        NETWORKS,
        default=base.network,
        required=True,
        format_func=lambda name: NETWORK_TITLES[name],
        key=f"{prefix}-network",
        help=HELP["network"],
    )
    if network != "dense":
        st.caption(HELP["guide-cnn"])
        return network or base.network, TrainSettings().hidden
    written = st.text_input(
        "Hidden layers, units",
        ", ".join(str(units) for units in base.hidden),
        key=f"{prefix}-hidden",
        help=HELP["hidden"],
        max_chars=400,
    )
    return network, numbers(written or "")


def numbers(written: str) -> tuple[int, ...]:
    """Whole numbers of a list with commas; what is none stays text for the settings to refuse."""
    parts = [part.strip().replace("_", "") for part in written.split(",") if part.strip()]
    read = (int(part) if part.isascii() and part.isdigit() else part for part in parts)
    return tuple(read)  # type: ignore[arg-type]  # the settings check every entry
