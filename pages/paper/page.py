"""Paper: the published tables beside what this code measures, and what made the difference."""

import streamlit as st

from pages.paper import dense, reproduce, shown
from pages.paper.texts import INTRODUCTION
from pages.shared.notices import explained


def page() -> None:
    """Tables, claims and curves of one study: the one that ships along, or this machine's own."""
    st.title("The published tables, reproduced")
    st.markdown(INTRODUCTION)
    with explained():
        study = reproduce.choose()
        shown.tables(study)
        shown.claims(study)
        shown.curves(study)
    st.header("The dense network over K")
    with explained():
        dense.show()
    st.header("Make them yourself")
    with explained():
        reproduce.here()


page()
