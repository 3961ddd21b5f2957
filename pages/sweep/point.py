"""One point in detail: which classes it has forgotten, and what it answers instead."""

from collections.abc import Callable, Sequence

import plotly.graph_objects as go
import streamlit as st

from engine.results.points import BASELINE, Point
from engine.runs.model import Run
from pages.shared import cached
from pages.shared.charts import classes
from pages.shared.charts.base import toolbar
from pages.shared.texts import ALT, READ
from pages.shared.words import dataset_of, point_title


def show(run: Run, points: Sequence[Point]) -> None:
    """Choose a point; see its accuracy by class and its confusion matrix."""
    by_key = {point.key: point for point in points}
    chosen = st.selectbox(
        "Point",
        list(by_key),
        index=_first(points),
        format_func=lambda key: point_title(by_key[key]),
        key="point",
        bind="query-params",
        width=320,
    )
    point = by_key[chosen]
    names = cached.class_names(dataset_of(run), len(point.class_accuracy))
    baseline, stamp = by_key.get(BASELINE), f"{point.key}-{run.id}"
    first, second = st.columns(2)
    with first, st.container(border=True, height="stretch"):
        st.markdown("**Accuracy by class**")
        _chart("classes", stamp, lambda: classes.class_accuracy(point, baseline, names))
    with second, st.container(border=True, height="stretch"):
        st.markdown("**Confusion**")
        _chart("confusion", stamp, lambda: classes.confusion(point, names))


def _first(points: Sequence[Point]) -> int:
    """The point to start with: the first that lost more than three points of accuracy."""
    base = points[0].accuracy
    lost = [i for i, point in enumerate(points) if point.accuracy < base - 0.03]
    return lost[0] if lost else 0


def _chart(topic: str, stamp: str, draw: Callable[[], go.Figure]) -> None:
    settings = toolbar(f"prunescope-{topic}")
    chart = cached.drawn(f"{topic}-{stamp}", draw)
    st.plotly_chart(chart, key=topic, config=settings, alt=ALT[topic])
    st.caption(READ[topic])
