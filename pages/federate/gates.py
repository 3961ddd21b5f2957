"""Who pruned, who did not and why."""

from functools import partial

import streamlit as st

from pages.federate.charts import gates
from pages.federate.look import Look


def show(look: Look) -> None:
    """Each client in each round, and the distances beside their thresholds."""
    settings = look.own.settings
    if not settings.prunes:
        st.caption("Nothing is pruned here, so there are no gates: only Sub-FedAvg has them.")
        return
    left, right = st.columns(2)
    with left:
        draw = partial(gates.reasons, look.rounds, settings)
        look.chart("reasons", "Pruned, or why not", draw)
    with right:
        draw = partial(gates.distances, look.rounds, settings)
        look.chart("distances", "Did the choice move enough?", draw)
