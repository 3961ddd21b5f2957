"""The curves of a training and its last figures."""

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
    steps, epochs = cached.steps(run), cached.epochs(run)
    if not steps and not epochs:
        placeholder(run)
        return
    if epochs:
        unequal = any(each["code"] == "unequal-classes" for each in cached.notices(run))
        figures(epochs, balanced=unequal)
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

    Args:
        run: its id.
        steps: measured steps.
        epochs: measured epochs.
        before: epochs of the training that it goes on from.
        texts: of both charts.
        topic: what their keys and files are called after.
    """
    stamp = f"{len(steps)}-{len(epochs)}-{len(before)}"
    draws = (("Accuracy", learning.accuracy), ("Loss", learning.loss))
    for column, (title, draw), text in zip(st.columns(2), draws, texts, strict=True):
        name = f"{topic}_{title.lower()}"
        with column:
            chart.card(
                title,
                partial(draw, steps, epochs, before=before),
                text,
                key=f"{name}-{run}",
                stamp=stamp,
                file=f"{run[:9]}-{name}",
            )


def figures(epochs: cached.Rows, *, balanced: bool = False) -> None:
    """Accuracies of the last epoch, with what they changed since the one before.

    Balanced accuracy stands beside them where classes are unequal.
    """
    last, before = epochs[-1], epochs[-2] if len(epochs) > 1 else None
    found = []
    for split, label in (("test", "Test"), ("validation", "Validation"), ("train", "Training")):
        value = 100 * last[split]["accuracy"]
        earlier = before[split]["accuracy"] if before else None
        found.append(_accuracy(f"{label} accuracy", value, earlier))
    if balanced and last["test"].get("balanced_accuracy") is not None:
        value = f"{100 * last['test']['balanced_accuracy']:.2f} %"
        found.append(Metric("Test, balanced", value, help=BALANCED))
    found.append(Metric("Test loss, nats", loss(last["test"]["loss"])))
    found.append(
        Metric("Time of an epoch", f"{last['seconds']:.{2 if last['seconds'] < 1 else 1}f} s")
    )
    metrics.row(found, columns=5, width=150)


def _accuracy(label: str, percent: float, before: float | None) -> Metric:
    """An accuracy in percent with what it changed since the epoch before; what did not, says so."""
    if before is None:
        return Metric(label, f"{percent:.2f} %")
    change = percent - 100 * before
    if abs(change) < 0.005:
        return Metric(label, f"{percent:.2f} %", "no change")
    text = f"{change:+.2f} points"
    return Metric(label, f"{percent:.2f} %", text, colour="normal", arrow="auto")
