"""A schedule as it runs and after: curves, masks against the plan, the network before and after."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from engine.results.points import BASELINE, START, Point
from engine.runs.model import Run
from pages.schedule import charts
from pages.schedule.preview import shape_of
from pages.schedule.words import CHARTS, HELP
from pages.shared import cached, chart, learning, metrics, tables
from pages.shared.charts.learning import thinned
from pages.shared.metrics import Metric
from pages.shared.notices import plain
from pages.shared.palette import style_of
from pages.shared.tables import kilobytes, percent
from pages.shared.words import point_title

FILE = "tflite_zip"
"""Whose size is told in the headline figures."""

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


def show(run: Run) -> None:
    """Everything that is measured so far."""
    points = {point.method: point for point in cached.points(run)}
    steps, epochs = cached.rows(run, "step"), cached.rows(run, "epoch")
    if not points and not steps:
        learning.placeholder(run)
        return
    apart = ", ".join(str(row["epoch"]) for row in epochs if not row["agrees"])
    if apart:
        line = "Planned and achieved sparsity differ by more than 0.5 points at the end of epoch"
        st.error(f"{line} {apart}.", icon=":material/flag:")
    _headline(points)
    learning.curves(
        run.id,
        steps,
        epochs,
        before=cached.rows(run, "history"),
        texts=(CHARTS["accuracy"], CHARTS["loss"]),
        topic="tuned",
    )
    for plan in cached.rows(run, "plan"):  # none until its worker has said so
        for line in plan.get("notices", []):
            st.warning(plain(line[0].upper() + line[1:] + "."), icon=":material/warning:")
        if plan["layers"]:
            _masks(run, plan, steps, epochs)
    if points:
        with st.expander("Before and after", icon=":material/table_rows:", expanded=True):
            rows(list(points.values()), key="networks")


def _headline(points: Mapping[str, Point]) -> None:
    """The networks in a few large figures: accuracy, and what changed against the first."""
    first = points.get(BASELINE) or points.get(START)
    found = []
    for point in points.values():
        change = None
        if first is not None and point is not first:
            change = f"{100 * (point.accuracy - first.accuracy):+.2f} points"
            before, after = first.bytes.get(FILE), point.bytes.get(FILE)
            change += f", zip {before / after:.1f}× smaller" if before and after else ""
        found.append(
            Metric(
                style_of(point.method).label,
                f"{100 * point.accuracy:.2f} %",
                change,
                "Accuracy on the test images; smaller: the zipped float32 TFLite file.",
            )
        )
    metrics.row(found, columns=4, width=200)


def rows(points: Sequence[Point], *, key: str) -> None:
    """The networks as a table that sorts and exports."""
    frame = pd.DataFrame(
        {
            "Network": point_title(point),
            "Accuracy (%)": 100 * point.accuracy,
            "Loss (nats)": point.loss,
            "Zeros in pruned kernels (%)": 100 * point.achieved_sparsity,
            "Nonzero parameters": point.nonzero_parameters,
            "After removal": point.effective_parameters,
            "Keras zip (kB)": kilobytes(point.bytes.get("keras_zip")),
            "TFLite zip (kB)": kilobytes(point.bytes.get("tflite_zip")),
            "Dynamic int8 zip (kB)": kilobytes(point.bytes.get("tflite_dynamic_zip")),
            "Dynamic int8 accuracy (%)": percent(point.tflite_dynamic_accuracy),
        }
        for point in points
    )
    alt = "The networks with accuracy, loss, zeros, parameters and sizes."
    tables.show(frame, formats=FORMATS, key=key, alt=alt)


def _planned_at(
    plan: Mapping[str, Any], layer: Mapping[str, Any], achieved: Sequence[tuple[float, float]]
) -> float:
    """The planned zero share of a kernel at the last step that was measured.

    The staircase is the same for every kernel but for rounding, which the end value shows.
    """
    step = achieved[-1][0] if achieved else 0
    level = [share for at, share in plan["planned"] if at <= step][-1]
    end = plan["planned"][-1][1]
    return float(layer["planned"] * level / end) if end else 0.0


def _masks(run: Run, plan: Mapping[str, Any], steps: cached.Rows, epochs: cached.Rows) -> None:
    """What the masks hold against the plan: over all steps, and layer by layer."""
    measured = sorted([*thinned(steps), *epochs], key=lambda row: float(row["step"]))
    stamp, name = f"{len(steps)}-{len(epochs)}", run.id[:9]
    achieved = [(row["step"], row["sparsity"]) for row in measured]
    first, second = st.columns(2)
    with first:
        chart.card(
            "Planned and achieved",
            partial(charts.sparsity, plan["planned"], achieved, [row["step"] for row in epochs]),
            CHARTS["sparsity"],
            key=f"sparsity-{run.id}",
            stamp=stamp,
            file=f"{name}-sparsity",
        )
    layers, now = plan["layers"], measured[-1]["layers"] if measured else {}
    with second, chart.box("Layer by layer"):
        chart.show(
            partial(
                charts.layers,
                [f"{each['layer']}: {shape_of(tuple(each['shape']))}" for each in layers],
                [_planned_at(plan, each, achieved) for each in layers],
                [now.get(str(each["layer"]), 0.0) for each in layers],
            ),
            CHARTS["layers"],
            key=f"layers-{run.id}",
            stamp=stamp,
            file=f"{name}-layers",
        )
        back = [f"{row['regrown']:,} in epoch {row['epoch']}" for row in epochs if row["regrown"]]
        if back:
            line = "Weights that were pruned an epoch before and are kept again"
            st.caption(f"{line}: {', '.join(back)}.", help=HELP["returned"])
