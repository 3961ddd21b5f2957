"""Explore: a trained network under your hands; move K and everything answers at once."""

import streamlit as st

from pages.explore import form, view
from pages.shared.notices import explained_page
from pages.shared.turns import fragment

with explained_page():
    wanted = form.wanted()
    st.title("Explore a trained network")
    fragment(view.show, key="bench")(form.choose(wanted))
