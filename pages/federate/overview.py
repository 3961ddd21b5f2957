"""The federations that ship with the project on the Overview: all at a glance, one in detail."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from engine.federated.history import mean_accuracy, share_of_bytes
from pages.federate import cache, reference
from pages.federate.charts.series import Series
from pages.federate.texts import ALT, OVERVIEW, READ
from pages.shared import state

FULL = "fedavg-finetune"
OTHERS = ("local", FULL)
"""What Sub-FedAvg is set against: clients alone, and clients that send everything."""


def show() -> None:
    """All studies side by side, then the chosen one; nothing where none ships along."""
    names = cache.studies()
    if not names:
        return
    st.header("Pruned apart, trained together")
    st.markdown(OVERVIEW)
    with st.grid(4, min_column_width=280):
        for name in names:
            _glance(name)
    st.caption(READ["studies"])
    _chosen(reference.choose(names))


def frame(series: Sequence[Series]) -> pd.DataFrame:
    """What Sub-FedAvg and its rivals reach, and their bytes as a share of FedAvg's that fine-tunes.

    The share is left out where the study has no such federation.
    """
    shown = [s for s in series if s.settings.prunes or s.settings.algorithm in OTHERS]
    full = next((s.rounds for s in shown if s.settings.algorithm == FULL), None)
    columns = {
        "Algorithm": [s.name for s in shown],
        "Accuracy": [_percent(mean_accuracy(s.finals), 2) for s in shown],
    }
    if full is not None:
        columns["Bytes"] = [_percent(share_of_bytes(s.rounds, full), 0) for s in shown]
    return pd.DataFrame(columns)


def _glance(name: str) -> None:
    """A study in a box."""
    made, series = cache.study(name)
    title = reference.titled(name, made)
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{title}**")
        alt = ALT["studies"].format(study=title)
        st.table(frame(series), border="horizontal", hide_index=True, alt=alt)


def _chosen(name: str) -> None:
    """Accuracy against bytes, figures and settings of one study, and a link."""
    made, series = cache.study(name)
    figures, picture = st.columns(2)
    with figures:
        reference.table(series)
        st.caption(reference.told(made, series))
        st.page_link(state.FEDERATE_PAGE, label="Start one", icon=":material/hub:")
    with picture, st.container(border=True):
        reference.chart("traffic", name, series)


def _percent(share: float | None, figures: int) -> str:
    return "–" if share is None else f"{100 * share:.{figures}f} %"
