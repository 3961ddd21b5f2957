"""A sweep on the page: the choices, which the URL holds, the charts, the table, one point."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd
import streamlit as st

from engine.results.points import BASELINE, Point
from engine.runs.model import Run
from pages.shared import cached, chart, metrics, tables
from pages.shared.charts import classes
from pages.shared.charts.sizes import LABELS, File
from pages.shared.choices import from_list, one_of
from pages.shared.palette import METHODS
from pages.shared.words import dataset_of, point_title
from pages.sweep import charts, table, words
from pages.sweep.charts import SCALES
from pages.sweep.words import CHARTS, HELP


@dataclass(frozen=True, slots=True)
class Choices:
    """What of a sweep is drawn, and how."""

    methods: tuple[str, ...]
    scale: str
    file: File


def headline(points: Sequence[Point]) -> None:
    """The sweep in a few large figures."""
    metrics.row(words.headlines(points[0], points[1:]), columns=5, width=200)


def shipped(name: str, points: Sequence[Point]) -> None:
    """A sweep that ships with the project: its figures and its curves against K."""
    headline(points)
    methods = tuple(dict.fromkeys(point.method for point in points[1:]))
    grid(name, points, Choices(methods, "k", File(removed=True)), stamp=name)


def show(run: Run, points: Sequence[Point]) -> None:
    """The choices, and all charts of what is chosen."""
    asked, stamp = run.settings["methods"], stamp_of(run, points)
    choices = _choose([method for method in METHODS if method in asked])
    chosen = [p for p in points if p.method == BASELINE or p.method in choices.methods]
    grid(run.id, chosen, choices, stamp=stamp)
    zipped = replace(choices.file, zipped=True)
    chart.card(
        "Accuracy against size",
        lambda: charts.accuracy_by_size(chosen, zipped),
        CHARTS["pareto"],
        about=zipped.label,
        key=f"pareto-{run.id}",
        stamp=f"{stamp}-{choices}",
    )


def grid(name: str, points: Sequence[Point], choices: Choices, *, stamp: str) -> None:
    """Accuracy, loss, zipped and raw size, two a row; `stamp` changes with the points."""
    raw, scale = choices.file, choices.scale
    label, zipped = LABELS[raw.format], replace(raw, zipped=True)
    found = (
        ("accuracy", "Accuracy", "", partial(charts.accuracy, points)),
        ("loss", "Loss", "", partial(charts.loss, points)),
        ("zipped", "Size of the zip", label, partial(charts.file_size, points, zipped)),
        ("raw", "Size of the file", label, partial(charts.file_size, points, raw)),
    )
    columns = [*st.columns(2), *st.columns(2)]
    for column, (topic, title, about, draw) in zip(columns, found, strict=True):
        with column:
            chart.card(
                title,
                partial(draw, scale=scale),
                CHARTS[topic],
                about=about,
                key=f"{topic}-{name}",
                stamp=f"{stamp}-{choices}",
                words={"x": SCALES[scale].title, "model": label},
            )


def rows(points: Sequence[Point], *, stamp: str) -> None:
    """All points as a table that sorts, searches and exports."""
    frame = _frame(stamp, points)
    tables.show(frame, formats=table.formats(frame), key="points", alt=words.TABLE)


def one_point(run: Run, points: Sequence[Point]) -> None:
    """Choose a point; see which classes it has forgotten, and what it answers instead.

    The first that lost more than three points of accuracy is chosen at first.
    """
    by_key = {point.key: point for point in points}
    titles = {key: point_title(each) for key, each in by_key.items()}
    lost = (each.key for each in points if each.accuracy < points[0].accuracy - 0.03)
    start = next(lost, points[0].key)
    chosen = from_list("Point", titles, key="point", width=320, first=start)
    point, baseline, stamp = by_key[chosen], by_key.get(BASELINE), f"{chosen}-{run.id}"
    names = cached.class_names(dataset_of(run), len(point.class_accuracy))
    first, second = st.columns(2)
    with first:
        chart.card(
            "Accuracy by class",
            lambda: classes.class_accuracy(point, baseline, names),
            CHARTS["classes"],
            key="classes",
            stamp=stamp,
        )
    with second:
        chart.card(
            "Confusion",
            lambda: classes.confusion(point.confusion, names),
            CHARTS["confusion"],
            key="confusion",
            stamp=stamp,
        )


def stamp_of(run: Run, measured: Sequence[Point]) -> str:
    """Changes whenever the points of a run do: they come one by one, later with their files."""
    with_files = sum(bool(point.bytes) for point in measured)
    return f"{run.id}-{len(measured)}-{with_files}-{run.finished}"


def _choose(methods: Sequence[str]) -> Choices:
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
        scales = {name: each.label for name, each in SCALES.items()}
        scale = from_list("Against", scales, key="x", width=220, help_text=HELP["scale"])
        model = one_of("Model file", LABELS, key="file", help_text=HELP["format"])
        removed = st.toggle(
            "Remove pruned units", key="removed", bind="query-params", help=HELP["removed"]
        )
    return Choices(tuple(chosen), scale, File(model, removed=removed))


@st.cache_resource(show_spinner=False, max_entries=100)
def _frame(stamp: str, _measured: Sequence[Point]) -> pd.DataFrame:
    del stamp  # only the cache reads it
    return table.frame(_measured)
