"""The federations that ship with the project on the Overview: all at a glance, one in detail."""

from collections.abc import Sequence
from functools import partial

import plotly.graph_objects as go
import streamlit as st

from pages.components import cached, cached_federation, state
from pages.components.charts.base import toolbar
from pages.components.charts.federated import studies
from pages.components.federated import reference
from pages.components.federated.texts import ALT, OVERVIEW, READ

GLANCE = {
    "studies_accuracy": ("On own labels at the end", studies.accuracy),
    "studies_traffic": ("What travelled", studies.traffic),
}


def show() -> None:
    """A row for each study, then the chosen one; nothing where none ships along."""
    names = cached_federation.studies()
    if not names:
        return
    st.header("Pruned apart, trained together")
    st.markdown(OVERVIEW)
    _glance(names)
    _chosen(reference.choose(names))


def _glance(names: Sequence[str]) -> None:
    """All studies, each a row of two charts."""
    for column, topic in zip(st.columns(2), GLANCE, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{GLANCE[topic][0]}**")
            st.plotly_chart(
                cached.drawn(topic, partial(_drawn, topic, names)),
                key=topic,
                config=toolbar(f"prunescope-{topic}"),
                alt=ALT[topic],
            )
            st.caption(READ[topic])


def _drawn(topic: str, names: Sequence[str]) -> go.Figure:
    found = {name: cached_federation.study(name) for name in names}
    titled = {reference.titled(name, made): series for name, (made, series) in found.items()}
    return GLANCE[topic][1](titled)


def _chosen(name: str) -> None:
    """Accuracy against bytes, figures and settings of one study, and a link."""
    made, series = cached_federation.study(name)
    figures, picture = st.columns(2)
    with figures:
        reference.table(series)
        st.caption(reference.told(made, series))
        st.page_link(state.FEDERATE_PAGE, label="Start one", icon=":material/hub:")
    with picture, st.container(border=True):
        reference.chart("traffic", name, series)
