"""Paper: the published tables beside what this code measures, and what made the difference."""

import streamlit as st

from pages.paper import reproduce, view
from pages.paper.words import INTRODUCTION
from pages.shared.notices import explained


def page() -> None:
    """Tables, claims and curves of one study: the one that ships along, or this machine's own."""
    st.title("The published tables, reproduced")
    st.markdown(INTRODUCTION)
    with explained():
        study = reproduce.choose()
        view.tables(study)
        view.claims(study)
        view.curves(study)
    st.header("The dense network over K")
    with explained():
        view.dense()
    st.header("Make them yourself")
    with explained():
        reproduce.here()


page()
