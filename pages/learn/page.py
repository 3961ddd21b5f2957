"""Learn: five short pieces, each with one thing to do and one thing to see."""

import streamlit as st

from pages.learn import pieces
from pages.learn.links import PIECES
from pages.shared import state
from pages.shared.notices import explained

SHOWN = (
    pieces.significance,
    pieces.by_hand,
    pieces.cost_of_zeros,
    pieces.guess,
    pieces.federated_round,
)
"""What draws each of `PIECES`."""


def page() -> None:
    """The choice of the piece, the piece, and the way to the next one."""
    st.title("Pruning in five minutes")
    chosen = st.pills(
        "Piece",
        PIECES,
        default=PIECES[0],
        required=True,
        format_func=str,
        key=state.PIECE,
        bind="query-params",
        label_visibility="collapsed",
    )
    number = PIECES.index(chosen) if chosen in PIECES else 0
    SHOWN[number]()
    with st.container(horizontal=True):
        if number:
            _way_to(PIECES[number - 1], "arrow_back", primary=False)
        if number + 1 < len(PIECES):
            _way_to(PIECES[number + 1], "arrow_forward", primary=True)
        else:
            st.page_link(
                "sweep/page.py", label="Now prune a real network", icon=":material/play_arrow:"
            )


def _way_to(piece: str, icon: str, *, primary: bool) -> None:
    """A button to another piece."""

    def go() -> None:
        st.session_state[state.PIECE] = piece

    st.button(
        piece,
        icon=f":material/{icon}:",
        key=f"to-{piece.lower().replace(' ', '-')}",
        type="primary" if primary else "secondary",
        on_click=go,
    )


with explained():
    page()
