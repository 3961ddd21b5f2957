"""How a piece is laid out: what to do, the thing to play with, what one saw."""

from collections.abc import Callable

import plotly.graph_objects as go
import streamlit as st

from pages.learn.words import PIECES
from pages.shared.charts.base import toolbar
from pages.shared.texts import ALT, READ


def opening(topic: str) -> None:
    """The question of the piece and the one thing to do."""
    st.header(PIECES[topic].question)
    st.markdown(f":material/touch_app: **Do:** {PIECES[topic].do}")


def lesson(topic: str) -> None:
    """What one has seen, in a sentence or two."""
    st.markdown(f":material/visibility: **See:** {PIECES[topic].seen}")


def chart(topic: str, draw: Callable[[], go.Figure]) -> None:
    """A chart with its alt text and how to read it; drawn anew, since one's own choice is in it."""
    st.plotly_chart(
        draw(), key=f"lesson-{topic}", config=toolbar(f"prunescope-{topic}"), alt=ALT[topic]
    )
    st.caption(READ[topic])
