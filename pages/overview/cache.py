"""The drawings of the overview, made once."""

import streamlit as st

from pages.overview import picture


@st.cache_data(show_spinner=False, max_entries=1)
def drawings() -> dict[str, str]:
    """The drawings of the overview."""
    return dict(picture.drawings())
