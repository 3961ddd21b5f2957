"""Overview: what this is, a picture, the reference results, one button."""

import streamlit as st

from engine.settings import SweepSettings
from engine.system import registry
from pages.federate import studies
from pages.overview import picture
from pages.shared import cached, run_page
from pages.shared.kinds import described_settings
from pages.shared.notices import explained
from pages.sweep import view

TAGLINE = (
    "Prunescope shows what pruning a neural network costs and what it buys. Train a real network, "
    "set a share K of its weights or neurons to zero, and see accuracy, loss and file size answer."
)


def introduce() -> None:
    """Two sentences, the button, the picture."""
    st.title("What does pruning cost, and what does it buy?")
    st.markdown(TAGLINE)
    with st.container(horizontal=True, vertical_alignment="center"):
        started = run_page.start_button("Train and prune a network now", "default")
        st.page_link("runs/page.py", label="See everyone's runs", icon=":material/list:")
    if started:
        run_page.submit(SweepSettings())
    with st.grid(4, min_column_width=150, gap="medium"):
        for name, drawing in picture.drawings().items():
            title, text = "Dense", "Every unit (a column) reads every input (a row)."
            if name != "dense":
                method = registry.found("methods")[name]
                title, text = f"{method.label} pruning", method.about
            with st.container(border=True, height="stretch", horizontal_alignment="center"):
                st.image(drawing, width=190, alt=f"A small kernel: {title}. {text}")
                st.markdown(f"**{title}**  \n{text}")


def reference() -> None:
    """The figures and curves of the sweep that ships with the project."""
    made, baseline, points = cached.reference_points()
    st.header("Measured with this code")
    st.caption(
        f"The sweep that ships along: {described_settings('sweep', made['settings'])}. For each "
        "method: the highest K that costs at most one point on validation images."
    )
    view.shipped("reference", [baseline, *points])


introduce()
with explained():
    reference()
with explained():
    studies.overview()
