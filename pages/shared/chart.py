"""A chart on a page: drawn once for all who look, with alt text, toolbar and how to read it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pages.shared import cached


@dataclass(frozen=True, slots=True)
class ChartText:
    """What a chart shows, for those who do not see it, and how to read it, in a line below.

    Names in braces in `alt` are filled in when it is shown.
    """

    alt: str
    read: str = ""


CONFUSION = ChartText(
    "Confusion matrix: test images by true class and by answer.",
    "Rows are the true class, columns the answer; everything off the diagonal is an error, and a "
    "full column is the answer of a collapsed network.",
)


def show(
    draw: Callable[[], go.Figure],
    text: ChartText,
    *,
    key: str,
    stamp: str | None,
    file: str = "",
    select: Callable[[], None] | None = None,
    words: Mapping[str, object] | None = None,
) -> None:
    """Show a chart and how to read it.

    Args:
        draw: makes the figure.
        text: what is said of it.
        key: of the element on the page.
        stamp: changes whenever the figure does: equal ones are drawn once for everyone. None for
            a figure that holds one's own choice: it is drawn anew.
        file: what its PNG is called, after the name of the project; the key unless it is given.
        select: called when a mark is clicked; the session holds which, under the key.
        words: filled into the alt text.
    """
    st.plotly_chart(
        draw() if stamp is None else cached.drawn(f"{key}-{stamp}", draw),
        key=key,
        config=toolbar(file or key),
        alt=text.alt.format(**(words or {})),
        on_select=select or "ignore",
        selection_mode="points",
    )
    if text.read:
        st.caption(text.read)


def card(
    title: str,
    draw: Callable[[], go.Figure],
    text: ChartText,
    *,
    key: str,
    stamp: str | None,
    file: str = "",
    about: str = "",
    words: Mapping[str, object] | None = None,
) -> None:
    """The same in a box with a title, and what it is about beside that."""
    with box(title, about):
        show(draw, text, key=key, stamp=stamp, file=file, words=words)


@contextmanager
def box(title: str, about: str = "") -> Iterator[None]:
    """A box with a title, as high as those beside it."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{title}**{f' · {about}' if about else ''}")
        yield


def toolbar(file: str) -> dict[str, Any]:
    """Settings of plotly's toolbar: a PNG at twice the size, under a telling name."""
    return {
        "displaylogo": False,
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d"],
        "toImageButtonOptions": {"format": "png", "scale": 2, "filename": f"prunescope-{file}"},
    }
