"""The curves of a training and its last figures."""

from functools import partial

import streamlit as st

from engine.runs.model import Run
from pages.shared import cached
from pages.shared.charts import learning
from pages.shared.charts.base import toolbar
from pages.shared.texts import ALT, HELP, READ
from pages.shared.words import loss

CHARTS = {"learning_accuracy": learning.accuracy, "learning_loss": learning.loss}


def show(run: Run) -> None:
    """Metrics of the last epoch and the curves of accuracy and loss."""
    steps, epochs = cached.steps(run), cached.epochs(run)
    if not steps and not epochs:
        _placeholder(run)
        return
    if epochs:
        unequal = any(each["code"] == "unequal-classes" for each in cached.notices(run))
        metrics(epochs, balanced=unequal)
    charts(run.id, steps, epochs)


def charts(name: str, steps: cached.Rows, epochs: cached.Rows) -> None:
    """Accuracy and loss beside each other, drawn once for all who watch the same training."""
    stamp = f"{name}-{len(steps)}-{len(epochs)}"
    for column, (topic, draw) in zip(st.columns(2), CHARTS.items(), strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown("**Accuracy**" if draw is learning.accuracy else "**Loss**")
            chart = cached.drawn(f"{topic}-{stamp}", partial(draw, steps, epochs))
            settings = toolbar(f"prunescope-{name[:9]}-{topic}")
            st.plotly_chart(chart, key=f"{topic}-{name}", config=settings, alt=ALT[topic])
            st.caption(READ[topic])


def metrics(epochs: cached.Rows, *, balanced: bool = False) -> None:
    """Accuracies of the last epoch, with what they changed since the one before.

    Balanced accuracy stands beside them where classes are unequal.
    """
    last, before = epochs[-1], epochs[-2] if len(epochs) > 1 else None
    with st.grid(5, min_column_width=150):
        for split, label in (("test", "Test"), ("validation", "Validation"), ("train", "Training")):
            value = 100 * last[split]["accuracy"]
            change = None if before is None else value - 100 * before[split]["accuracy"]
            delta = None if change is None else f"{change:+.2f} points"
            st.metric(f"{label} accuracy", f"{value:.2f} %", delta, border=True, height="stretch")
        if balanced and last["test"].get("balanced_accuracy") is not None:
            value = f"{100 * last['test']['balanced_accuracy']:.2f} %"
            st.metric("Test, balanced", value, border=True, height="stretch", help=HELP["balanced"])
        st.metric("Test loss, nats", loss(last["test"]["loss"]), border=True, height="stretch")
        st.metric("Time of an epoch", f"{last['seconds']:.1f} s", border=True, height="stretch")


def _placeholder(run: Run) -> None:
    if run.state.active:
        st.skeleton(height=360)
    else:
        st.caption("Nothing was measured before it ended.")
