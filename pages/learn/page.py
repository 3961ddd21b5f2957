"""Learn: five short pieces, each with one thing to do and one thing to see."""

from collections.abc import Callable, Mapping

import streamlit as st

from pages.learn import by_hand, federated_round, guess, significance, zeros
from pages.learn.links import PIECES
from pages.shared import state
from pages.shared.notices import explained

SHOWN = (significance.show, by_hand.show, zeros.show, guess.show, federated_round.show)
SHOW: Mapping[str, Callable[[], None]] = dict(zip(PIECES, SHOWN, strict=True))


def page() -> None:
    """The choice of the piece, the piece, and the way to the next one."""
    st.title("Pruning in five minutes")
    chosen = st.pills(
        "Piece",
        PIECES,
        default=PIECES[0],
        required=True,
        format_func=lambda name: name,
        key=state.PIECE,
        bind="query-params",
        label_visibility="collapsed",
    )
    number = PIECES.index(chosen) if chosen in PIECES else 0
    SHOW[PIECES[number]]()
    with st.container(horizontal=True):
        if number:
            _to(PIECES[number - 1], "arrow_back", primary=False)
        if number + 1 < len(PIECES):
            _to(PIECES[number + 1], "arrow_forward", primary=True)
        else:
            st.page_link(
                state.SWEEP_PAGE, label="Now prune a real network", icon=":material/play_arrow:"
            )


def _to(piece: str, icon: str, *, primary: bool) -> None:
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
