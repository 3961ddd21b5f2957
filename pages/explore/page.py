"""Explore: a trained network under your hands; move K and everything answers at once."""

import streamlit as st

from pages.explore import bench, subjects
from pages.shared.fragments import fragment
from pages.shared.notices import shown_run

with shown_run():
    wanted = subjects.wanted()
    st.title("Explore a trained network")
    fragment(bench.show, key="bench")(subjects.choose(wanted))
