"""Who learns what: personal accuracy over rounds, the worst tenth, gains over being alone."""

from functools import partial

import streamlit as st

from engine.federated.history import gains
from pages.federate.charts import clients, curves
from pages.federate.look import Look


def show(look: Look) -> None:
    """Personal and global accuracy, never on one axis; then those who are left behind."""
    left, right = st.columns(2)
    with left:
        look.chart("personal", "On own labels", partial(curves.personal, look.series))
    with right:
        look.chart("server", "On all labels", partial(curves.server, look.series))
    left, right = st.columns(2)
    with left:
        look.chart("tail", "The worst tenth", partial(curves.tail, look.series))
    with right:
        _gains(look)
    _spread(look)


def _spread(look: Look) -> None:
    title = "Every client at the end"
    if any(each.finals for each in look.series):
        look.chart("spread", title, partial(curves.spread, look.series))
    else:
        look.later(title, "Appears when the clients have been measured, after the last round.")


def _gains(look: Look) -> None:
    alone = next((s for s in look.series if s.settings.algorithm == "local" and s.finals), None)
    others = [s for s in look.series if s is not alone and s.finals]
    if alone is None or not others:
        look.later(
            "Gain over being alone",
            "Appears once this federation and **Local only** on the same clients have ended: the "
            "button above starts what is missing.",
        )
        return
    found = {each.name: gains(each.finals, alone.finals) for each in others}
    looks = {each.name: each.look for each in others}
    look.chart("gains", "Gain over being alone", partial(clients.gains, found, looks))
