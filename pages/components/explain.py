"""The link from a page to the piece of Learn that explains what it shows."""

import streamlit as st

from pages.components import state

PIECES = ("Significance", "By hand", "Zeros", "Guess", "Round")
"""The pieces of the page Learn, by the names that stand in its URL."""


def what_is_this(piece: str, *, label: str = "What is this?") -> None:
    """A small link to a piece."""
    st.page_link(
        state.LEARN_PAGE,
        label=label,
        icon=":material/school:",
        query_params={state.PIECE: piece},
    )
