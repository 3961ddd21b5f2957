"""Overview: what this is, a picture, the reference results, one button."""

import json

import streamlit as st

from engine.settings import SweepSettings
from pages.federate import overview as federated
from pages.overview import cache
from pages.shared import cached, state
from pages.shared.notices import explained
from pages.shared.texts import PICTURE, TAGLINE
from pages.shared.words import described_settings
from pages.sweep import curves


def introduce() -> None:
    """Two sentences, the button, the picture."""
    st.title("What does pruning cost, and what does it buy?")
    st.markdown(TAGLINE)
    with st.container(horizontal=True, vertical_alignment="center"):
        started = st.button(
            "Train and prune a network now",
            type="primary",
            icon=":material/play_arrow:",
            shortcut="Mod+Enter",
            key="start-default",
        )
        st.page_link(state.RUNS_PAGE, label="See everyone's runs", icon=":material/list:")
    if started:
        with explained():
            state.open_run(cached.runs().submit(SweepSettings(), owner=state.owner()))
    _picture()


def _picture() -> None:
    with st.grid(4, min_column_width=150, gap="medium"):
        for name, drawing in cache.drawings().items():
            title, text = PICTURE[name]
            with st.container(border=True, height="stretch", horizontal_alignment="center"):
                st.image(drawing, width=190, alt=f"A small kernel: {title}. {text}")
                st.markdown(f"**{title}**  \n{text}")


def reference() -> None:
    """The figures and curves of the sweep that ships with the project."""
    written, baseline, points = cached.reference_sweep()
    st.header("Measured with this code")
    st.caption(
        f"The sweep that ships along: {described_settings('sweep', json.loads(written))}. For each "
        "method: the highest K that costs at most one point on validation images."
    )
    curves.headline([baseline, *points])
    methods = tuple(dict.fromkeys(point.method for point in points))
    choices = curves.Choices(methods, "k", "tflite", removed=True)
    curves.grid("reference", [baseline, *points], choices, stamp="reference")


introduce()
with explained():
    reference()
with explained():
    federated.show()
