"""A schedule as it runs and after: curves, masks against the plan, the network before and after."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from engine.results.points import BASELINE, START, Point
from engine.runs.model import Run
from pages.schedule import charts as schedule
from pages.schedule.preview import shape_of
from pages.shared import cached, grid
from pages.shared.charts import learning
from pages.shared.charts.base import toolbar
from pages.shared.notices import plain
from pages.shared.palette import look_of
from pages.shared.texts import ALT, HELP, READ
from pages.shared.words import point_title

FILE = "tflite_zip"
"""Whose size is told in the headline figures."""


def show(run: Run) -> None:
    """Everything that is measured so far."""
    points = {point.method: point for point in cached.points(run)}
    steps, epochs = cached.steps(run), cached.epochs(run)
    if not points and not steps:
        _placeholder(run)
        return
    disagreement(epochs)
    headline(points)
    _curves(run, steps, epochs)
    plan = cached.plan(run)
    for line in plan.get("notices", []) if plan is not None else []:
        st.warning(plain(line[0].upper() + line[1:] + "."), icon=":material/warning:")
    if plan is not None and plan["layers"]:
        _masks(run, plan, steps, epochs)
    if points:
        with st.expander("Before and after", icon=":material/table_rows:", expanded=True):
            rows(list(points.values()), key="networks")


def disagreement(epochs: cached.Rows) -> None:
    """A red flag where plan and masks lie more than half a point apart at the end of an epoch."""
    bad = [str(row["epoch"]) for row in epochs if not row["agrees"]]
    if bad:
        st.error(
            f"Planned and achieved sparsity differ by more than 0.5 points at the end of epoch "
            f"{', '.join(bad)}.",
            icon=":material/flag:",
        )


def headline(points: Mapping[str, Point]) -> None:
    """The networks in a few large figures: accuracy, and what changed against the first."""
    first = points.get(BASELINE) or points.get(START)
    with st.grid(4, min_column_width=200):
        for point in points.values():
            same = first is None or first is point
            change = None if same else _change(point, first)
            st.metric(
                look_of(point.method).label,
                f"{100 * point.accuracy:.2f} %",
                change,
                delta_color="off",
                delta_arrow="off",
                border=True,
                height="stretch",
                help="Accuracy on the test images; smaller: the zipped float32 TFLite file.",
            )


def _change(point: Point, first: Point | None) -> str:
    assert first is not None  # noqa: S101  # narrows the type
    change = f"{100 * (point.accuracy - first.accuracy):+.2f} points"
    before, after = first.bytes.get(FILE), point.bytes.get(FILE)
    return f"{change}, zip {before / after:.1f}× smaller" if before and after else change


def rows(points: Sequence[Point], *, key: str) -> None:
    """The networks as a table that sorts and exports."""
    frame = pd.DataFrame([_row(point) for point in points])
    alt = "The networks with accuracy, loss, zeros, parameters and sizes."
    grid.table(frame, formats=FORMATS, key=key, alt=alt)


FORMATS = {
    "Accuracy (%)": "%.2f",
    "Loss (nats)": "%.4f",
    "Zeros in pruned kernels (%)": "%.2f",
    "Nonzero parameters": "localized",
    "After removal": "localized",
    "Keras zip (kB)": "%.0f",
    "TFLite zip (kB)": "%.0f",
    "Dynamic int8 zip (kB)": "%.0f",
    "Dynamic int8 accuracy (%)": "%.2f",
}
"""How the numbers of each column are written."""


def _row(point: Point) -> dict[str, Any]:
    int8 = point.tflite_dynamic_accuracy
    return {
        "Network": point_title(point),
        "Accuracy (%)": 100 * point.accuracy,
        "Loss (nats)": point.loss,
        "Zeros in pruned kernels (%)": 100 * point.achieved_sparsity,
        "Nonzero parameters": point.nonzero_parameters,
        "After removal": point.effective_parameters,
        "Keras zip (kB)": _kilobytes(point, "keras_zip"),
        "TFLite zip (kB)": _kilobytes(point, "tflite_zip"),
        "Dynamic int8 zip (kB)": _kilobytes(point, "tflite_dynamic_zip"),
        "Dynamic int8 accuracy (%)": None if int8 is None else 100 * int8,
    }


def _kilobytes(point: Point, name: str) -> float | None:
    count = point.bytes.get(name)
    return None if count is None else count / 1000


def _curves(run: Run, steps: cached.Rows, epochs: cached.Rows) -> None:
    before = cached.history(run)
    stamp = f"{run.id}-{len(steps)}-{len(epochs)}-{len(before)}"
    charts = (
        ("tuned_accuracy", "Accuracy", partial(learning.accuracy, steps, epochs, before=before)),
        ("tuned_loss", "Loss", partial(learning.loss, steps, epochs, before=before)),
    )
    for column, (topic, title, draw) in zip(st.columns(2), charts, strict=True):
        with column, st.container(border=True, height="stretch"):
            _chart(run, topic, title, draw, stamp)


def _masks(run: Run, plan: Mapping[str, Any], steps: cached.Rows, epochs: cached.Rows) -> None:
    measured = sorted([*learning.thinned(steps), *epochs], key=lambda row: float(row["step"]))
    stamp = f"{run.id}-{len(steps)}-{len(epochs)}"
    achieved = [(row["step"], row["sparsity"]) for row in measured]
    ends = [row["step"] for row in epochs]
    first, second = st.columns(2)
    with first, st.container(border=True, height="stretch"):
        draw = partial(schedule.sparsity, plan["planned"], achieved, ends)
        _chart(run, "sparsity", "Planned and achieved", draw, stamp)
    with second, st.container(border=True, height="stretch"):
        names = [f"{each['layer']}: {shape_of(tuple(each['shape']))}" for each in plan["layers"]]
        now = measured[-1]["layers"] if measured else {}
        shares = [now.get(str(each["layer"]), 0.0) for each in plan["layers"]]
        wanted = [planned_at(plan, each, achieved) for each in plan["layers"]]
        draw = partial(schedule.layers, names, wanted, shares)
        _chart(run, "layers", "Layer by layer", draw, stamp)
        back = returned(epochs)
        if back:
            st.caption(back, help=HELP["returned"])


def returned(epochs: cached.Rows) -> str:
    """A line about weights that were pruned and came back; empty where none did."""
    counts = [(row["epoch"], row["regrown"]) for row in epochs if row["regrown"]]
    if not counts:
        return ""
    told = ", ".join(f"{count:,} in epoch {epoch}" for epoch, count in counts)
    return f"Weights that were pruned an epoch before and are kept again: {told}."


def planned_at(
    plan: Mapping[str, Any], layer: Mapping[str, Any], achieved: Sequence[tuple[float, float]]
) -> float:
    """The planned zero share of a kernel at the last step that was measured.

    The staircase is the same for every kernel but for rounding, which the end value shows.
    """
    step = achieved[-1][0] if achieved else 0
    level = [share for at, share in plan["planned"] if at <= step][-1]
    end = plan["planned"][-1][1]
    return float(layer["planned"] * level / end) if end else 0.0


def _chart(run: Run, topic: str, title: str, draw: Any, stamp: str) -> None:
    st.markdown(f"**{title}**")
    st.plotly_chart(
        cached.drawn(f"{topic}-{stamp}", draw),
        key=f"{topic}-{run.id}",
        config=toolbar(f"prunescope-{run.id[:9]}-{topic}"),
        alt=ALT[topic],
    )
    st.caption(READ[topic])


def _placeholder(run: Run) -> None:
    if run.state.active:
        st.skeleton(height=360)
    else:
        st.caption("Nothing was measured before it ended.")
