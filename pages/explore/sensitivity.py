"""Sensitivity: one layer at a time, at many K, all others whole."""

from functools import partial

import streamlit as st

from engine.explore.service import Subject
from pages.explore import charts
from pages.explore.controls import Asked, layer_name
from pages.explore.laboratory import drawn, lab, progress


def show(subject: Subject, asked: Asked) -> None:
    """The table of layers by K for the chosen method, measured on the sample."""
    network = lab().network(subject)
    with progress("Prunes one layer after the other") as turn:
        table = lab().sensitivity(subject, asked.question, turn)
    names = [layer_name(network, i) for i in range(len(network.layers))]
    with st.container(border=True):
        st.markdown(
            f"**Accuracy where one layer alone is pruned, %** · unpruned {100 * table.whole:.1f} %"
        )
        stamp = f"{subject}-{asked.question.method}"
        drawn("sensitivity", stamp, partial(charts.sensitivity, table, names))
