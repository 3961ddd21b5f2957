"""The charts of a sweep with the choices that go with them; the URL holds every choice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from engine.results.points import BASELINE, Point
from engine.runs.model import Run
from pages.shared import cached
from pages.shared import headline as headline_grid
from pages.shared.charts.base import toolbar
from pages.shared.charts.sizes import LABELS, File
from pages.shared.grid import table
from pages.shared.palette import METHODS
from pages.shared.texts import ALT, HELP, READ
from pages.sweep import charts as tradeoff
from pages.sweep import headlines
from pages.sweep.scales import SCALES


@dataclass(frozen=True, slots=True)
class Choices:
    """What of a sweep is drawn, and how."""

    methods: tuple[str, ...]
    scale: str
    format: str
    removed: bool

    @property
    def zipped(self) -> File:
        """The zip of the chosen kind of file."""
        return File(self.format, zipped=True, removed=self.removed)

    @property
    def raw(self) -> File:
        """The chosen kind of file as it is."""
        return File(self.format, removed=self.removed)


def choose(methods: Sequence[str]) -> Choices:
    """The row of choices above the charts."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
        chosen = st.pills(
            "Methods",
            list(methods),
            selection_mode="multi",
            default=list(methods),
            format_func=lambda name: METHODS[name].label,
            key="methods",
            bind="query-params",
        )
        scale = st.selectbox(
            "Against",
            list(SCALES),
            format_func=lambda name: SCALES[name].label,
            key="x",
            bind="query-params",
            help=HELP["scale"],
            width=220,
        )
        model = st.segmented_control(
            "Model file",
            list(LABELS),
            default=next(iter(LABELS)),
            required=True,
            format_func=lambda name: LABELS[name],
            key="file",
            bind="query-params",
            help=HELP["format"],
        )
        removed = st.toggle(
            "Remove pruned units", key="removed", bind="query-params", help=HELP["removed"]
        )
    return Choices(tuple(chosen), scale or "k", model or "tflite", removed)


def show(run: Run, points: Sequence[Point]) -> None:
    """The choices, and all charts of what is chosen."""
    name, asked = run.id, run.settings["methods"]
    choices, stamp = choose([m for m in METHODS if m in asked]), cached.stamp(run, points)
    kept = [p for p in points if p.method == BASELINE or p.method in choices.methods]
    grid(name, kept, choices, stamp=stamp)
    with st.container(border=True):
        st.markdown(f"**Accuracy against size** · {choices.zipped.label}")
        _chart(
            f"pareto-{name}",
            lambda: tradeoff.accuracy_by_size(kept, choices.zipped),
            choices,
            stamp=stamp,
        )


def headline(points: Sequence[Point]) -> None:
    """The sweep in a few large figures."""
    headline_grid.show(headlines.of(points[0], points[1:]), columns=5, width=200)


def grid(name: str, points: Sequence[Point], choices: Choices, *, stamp: str) -> None:
    """Accuracy, loss, zipped and raw size, two a row; `stamp` changes with the points."""
    label = LABELS[choices.format]
    charts: tuple[tuple[str, str, Callable[[], go.Figure]], ...] = (
        ("accuracy", "Accuracy", lambda: tradeoff.accuracy(points, scale=choices.scale)),
        ("loss", "Loss", lambda: tradeoff.loss(points, scale=choices.scale)),
        (
            "zipped",
            f"Size of the zip · {label}",
            lambda: tradeoff.file_size(points, choices.zipped, scale=choices.scale),
        ),
        (
            "raw",
            f"Size of the file · {label}",
            lambda: tradeoff.file_size(points, choices.raw, scale=choices.scale),
        ),
    )
    columns = [*st.columns(2), *st.columns(2)]
    for column, (topic, title, draw) in zip(columns, charts, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{title}**")
            _chart(f"{topic}-{name}", draw, choices, stamp=stamp)


def rows(run: Run, points: Sequence[Point]) -> None:
    """All points as a table that sorts, searches and exports."""
    frame = cached.frame(cached.stamp(run, points), points)
    formats = {column: _format(column) for column in frame.columns if column != "Method"}
    alt = "All points of the sweep with accuracy, loss, parameters and sizes."
    table(frame, formats=formats, key="points", alt=alt)


def _format(column: str) -> str:
    if "parameters" in column or "(kB)" in column:
        return "localized" if "parameters" in column else "%.0f"
    return "%.2f" if "%" in column or "×" in column else "%.3f"


def _chart(name: str, draw: Callable[[], go.Figure], choices: Choices, *, stamp: str) -> None:
    topic, words = name.partition("-")[0], {"x": SCALES[choices.scale].title}
    words |= {"file": LABELS[choices.format]}
    st.plotly_chart(
        cached.drawn(f"{name}-{stamp}-{choices}", draw),
        key=name,
        config=toolbar(f"prunescope-{name}"),
        alt=ALT[topic].format(**words),
    )
    st.caption(READ[topic])
