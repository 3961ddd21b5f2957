"""The link from a page to the piece of Learn that explains what it shows."""

from collections.abc import Mapping

import streamlit as st

from pages.shared import state

PIECES = ("Significance", "By hand", "Zeros", "Guess", "Round")
"""The pieces of the page Learn, by the names that stand in its URL."""


EXPLAINS: Mapping[str, str] = {
    "": "Significance",
    "train": "Significance",
    "sweep": "By hand",
    "schedule": "Guess",
    "export": "Zeros",
    "compare": "Zeros",
    "explore": "Significance",
    "federate": "Round",
    "paper": "Guess",
    "runs": "By hand",
}
"""The piece that explains each page, by the page's path."""


def what_is_this(path: str) -> None:
    """A small link from that page to its piece; Learn itself has none."""
    if path not in EXPLAINS:
        return
    with st.container(horizontal=True, horizontal_alignment="right", key="what-is-this"):
        st.page_link(
            "learn/page.py",
            label="What is this?",
            icon=":material/school:",
            query_params={state.PIECE: EXPLAINS[path]},
        )
