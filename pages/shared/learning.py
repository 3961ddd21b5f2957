"""The curves of a training and its last figures."""

from dataclasses import replace
from functools import partial

import streamlit as st

from engine.runs.model import Run
from pages.shared import cached, chart, metrics
from pages.shared.chart import ChartText
from pages.shared.charts import learning
from pages.shared.metrics import Metric
from pages.shared.words import loss

NOTHING = "Nothing was measured before it ended."
BALANCED = (
    "The mean of the classes' accuracies: each class counts alike, however few images it has."
)
ACCURACY = ChartText(
    "Accuracy in percent of training, validation and test images by epoch.",
    "Validation images choose, test images only report; training far above both means that the "
    "network learns by heart.",
)
LOSS = ChartText(
    "Loss in nats of training, validation and test images by epoch.",
    "A falling curve is learning; validation rising while training still falls is overfitting.",
)


def show(run: Run) -> None:
    """Metrics of the last epoch and the curves of accuracy and loss."""
    steps, epochs = cached.rows(run, "step"), cached.rows(run, "epoch")
    if not steps and not epochs:
        placeholder(run)
        return
    if epochs:
        unequal = any(each["code"] == "unequal-classes" for each in cached.notices(run))
        _figures(epochs, balanced=unequal)
    curves(run.id, steps, epochs)


def placeholder(run: Run, ended: str = NOTHING) -> None:
    """In the place of a result that is still to come, or that never came."""
    if run.state.active:
        st.skeleton(height=360)
    else:
        st.caption(ended)


def curves(
    run: str,
    steps: cached.Rows,
    epochs: cached.Rows,
    *,
    before: cached.Rows = (),
    texts: tuple[ChartText, ChartText] = (ACCURACY, LOSS),
    topic: str = "learning",
) -> None:
    """Accuracy and loss beside each other, drawn once for all who watch the same training.

    `before` are the epochs of the training that it goes on from; `topic` is what the keys and
    files of both charts are called after.
    """
    quantities: tuple[learning.Quantity, ...] = ("accuracy", "loss")
    for column, quantity, text in zip(st.columns(2), quantities, texts, strict=True):
        name = f"{topic}_{quantity}"
        with column:
            chart.card(
                quantity.capitalize(),
                partial(learning.curves, quantity, steps, epochs, before=before),
                text,
                key=f"{name}-{run}",
                stamp=f"{len(steps)}-{len(epochs)}-{len(before)}",
                file=f"{run[:9]}-{name}",
            )


def _figures(epochs: cached.Rows, *, balanced: bool) -> None:
    """Accuracies of the last epoch, with what they changed since the one before.

    Balanced accuracy stands beside them where classes are unequal.
    """
    last, found = epochs[-1], []
    for split, label in (("test", "Test"), ("validation", "Validation"), ("train", "Training")):
        metric = Metric(f"{label} accuracy", f"{100 * last[split]['accuracy']:.2f} %")
        if len(epochs) > 1:
            change = 100 * last[split]["accuracy"] - 100 * epochs[-2][split]["accuracy"]
            if abs(change) < 0.005:
                metric = replace(metric, delta="no change")
            else:
                delta = f"{change:+.2f} points"
                metric = replace(metric, delta=delta, colour="normal", arrow="auto")
        found.append(metric)
    if balanced and last["test"].get("balanced_accuracy") is not None:
        value = f"{100 * last['test']['balanced_accuracy']:.2f} %"
        found.append(Metric("Test, balanced", value, help=BALANCED))
    digits = 2 if last["seconds"] < 1 else 1
    found += [
        Metric("Test loss, nats", loss(last["test"]["loss"])),
        Metric("Time of an epoch", f"{last['seconds']:.{digits}f} s"),
    ]
    metrics.row(found, columns=5, width=150)
