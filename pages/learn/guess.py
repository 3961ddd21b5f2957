"""At which K does it break? Guess first."""

import streamlit as st

from engine.lessons.guess import Break, breaking
from engine.settings import PAPER_SPARSITIES, percent
from pages.learn import charts, frame
from pages.shared import cached
from pages.shared.choices import one_of
from pages.shared.palette import METHODS

WAYS = ("weight", "unit", "hybrid")


def show() -> None:
    """A guess, and the measured curve of the sweep that ships along."""
    _, baseline, points = cached.reference_points()
    with frame.piece("guess"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            method = one_of("Prune by", {name: METHODS[name].label for name in WAYS}, key="method")
            guessed = st.select_slider(
                "It breaks at K, %", [round(100 * k) for k in PAPER_SPARSITIES], 60,
                key="guess", bind="query-params", width=300,
            )  # fmt: skip
            revealed = st.toggle("Reveal", key="reveal", bind="query-params")
        share = guessed / 100
        frame.draw(
            "guess", lambda: charts.guess(baseline, points, method, share, revealed=revealed)
        )
        if revealed:
            st.markdown(f"#### {verdict(breaking(baseline, points, method), share)}")
    if revealed:
        frame.lesson("guess")


def verdict(found: Break, guessed: float) -> str:
    """What to say to the guess."""
    if found.breaks is None:
        return "It never breaks at any K that was measured."
    found_at = f"It holds at {percent(found.holds)} % and breaks at {percent(found.breaks)} %."
    if guessed == found.breaks:
        return f":material/check_circle: Right. {found_at}"
    harder = (
        "It is tougher than you thought." if guessed < found.breaks else "It broke before that."
    )
    return f"{found_at} {harder}"
