"""What does it mean that a number is insignificant?"""

import streamlit as st

from engine.lessons import polynomial
from engine.lessons.one_weight import Effect
from pages.learn import cache, charts, frame


def show() -> None:
    """First a coefficient of a polynomial, then a weight of a trained network."""
    frame.opening("significance")
    with st.container(border=True):
        _polynomial()
    frame.lesson("significance")
    frame.opening("one_weight")
    with st.container(border=True):
        _weight()
    frame.lesson("one_weight")


def _polynomial() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dropped = st.segmented_control(
            "Leave out",
            ["nothing", *polynomial.TERMS],
            default="nothing",
            required=True,
            key="drop",
            bind="query-params",
        )
        reach = st.slider(
            "How far x goes", 0.05, 2.0, 1.0, 0.05, key="reach", bind="query-params", width=260
        )
    xs = polynomial.places(reach)
    gone = [] if dropped in {None, "nothing"} else [str(dropped)]
    frame.chart("polynomial", lambda: charts.polynomial(xs, gone))
    with st.grid(2, min_column_width=200):
        for term in polynomial.TERMS:
            change = polynomial.largest_change(xs, term)
            st.metric(f"Without {term}, f changes by at most", f"{change:.3g}", border=True)


def _weight() -> None:
    found = cache.weight_effects()
    last = len(found.effects) - 1
    place = st.slider(
        "Which weight to set to zero, from the smallest to the largest of 12,544",
        1, last + 1, 1, key="weight", bind="query-params",
    )  # fmt: skip
    effect: Effect = found.effects[place - 1]
    frame.chart("one_weight", lambda: charts.weights(found.effects, effect))
    with st.grid(3, min_column_width=160):
        st.metric("The weight", f"{effect.weight:+.3g}", border=True, height="stretch")
        st.metric(
            f"Answers that change, of {found.images:,}", f"{effect.changed}", border=True,
            height="stretch",
        )  # fmt: skip
        st.metric(
            "Test accuracy without it",
            f"{100 * effect.accuracy:.2f} %",
            f"{100 * (effect.accuracy - found.accuracy):+.2f} points",
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
        )
