"""How a piece is laid out: what to do, the thing to play with, what one saw."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import plotly.graph_objects as go
import streamlit as st

from pages.learn.words import CHARTS, PIECES
from pages.shared import chart


@contextmanager
def piece(topic: str) -> Iterator[None]:
    """The question of the piece and the one thing to do, and a box for the thing to play with."""
    st.header(PIECES[topic].question)
    st.markdown(f":material/touch_app: **Do:** {PIECES[topic].do}")
    with st.container(border=True):
        yield


def lesson(topic: str) -> None:
    """What one has seen, in a sentence or two."""
    st.markdown(f":material/visibility: **See:** {PIECES[topic].seen}")


def draw(topic: str, figure: Callable[[], go.Figure]) -> None:
    """A chart that holds one's own choice."""
    chart.show(figure, CHARTS[topic], key=f"lesson-{topic}", stamp=None, file=topic)
