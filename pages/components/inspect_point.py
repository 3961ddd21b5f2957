"""One point in detail: which classes it has forgotten, and what it answers instead."""

from collections.abc import Sequence

import streamlit as st

from engine.results import BASELINE, Point
from engine.settings import percent
from pages.components import cached
from pages.components.charts import classes
from pages.components.charts.base import toolbar
from pages.components.palette import METHODS
from pages.components.texts import ALT, READ


def show(points: Sequence[Point], dataset: str, name: str) -> None:
    """Choose a point; see its accuracy by class and its confusion matrix."""
    by_key = {point.key: point for point in points}
    chosen = st.selectbox(
        "Point",
        list(by_key),
        index=_first(points),
        format_func=lambda key: title(by_key[key]),
        key="point",
        bind="query-params",
        width=320,
    )
    point = by_key[chosen]
    names = cached.class_names(dataset, len(point.class_accuracy))
    baseline = by_key.get(BASELINE)
    first, second = st.columns(2)
    with first, st.container(border=True):
        st.markdown("**Accuracy by class**")
        _chart("classes", classes.class_accuracy(point, baseline, names), name)
    with second, st.container(border=True):
        st.markdown("**Confusion**")
        _chart("confusion", classes.confusion(point, names), name)


def title(point: Point) -> str:
    """A point for people: Weight, K = 90 %."""
    label = METHODS[point.method].label
    return label if point.method == BASELINE else f"{label}, K = {percent(point.sparsity)} %"


def _first(points: Sequence[Point]) -> int:
    """The point to start with: the first that lost more than three points of accuracy."""
    base = points[0].accuracy
    lost = [i for i, point in enumerate(points) if point.accuracy < base - 0.03]
    return lost[0] if lost else 0


def _chart(topic: str, chart: object, name: str) -> None:
    settings = toolbar(f"prunescope-{name[:9]}-{topic}")
    st.plotly_chart(chart, key=f"{topic}-{name}", config=settings, alt=ALT[topic])
    st.caption(READ[topic])
