"""The answer: accuracy by class beside the figures that a person compares."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.explore.answers import Answer
from engine.explore.lab import Subject
from engine.explore.question import Question
from engine.explore.sizes import estimated
from engine.pruning.shrink import shrink
from engine.results import Point
from pages.components import cached
from pages.components.charts import classes, explore
from pages.components.charts.sizes import human
from pages.components.explore.controls import Asked
from pages.components.explore.laboratory import drawn, lab
from pages.components.texts import HELP
from pages.components.words import loss

WHOLE = Question(sparsities=(0.0,))


def show(place: DeltaGenerator, subject: Subject, asked: Asked, answer: Answer) -> None:
    """Draw the answer into its place, over an earlier one; the chart goes out first."""
    names = cached.class_names(subject.dataset, len(answer.point.class_accuracy))
    whole = unpruned(subject)
    with place.container():
        left, right = st.columns([5, 4])
        with left, st.container(border=True, height="stretch"):
            st.markdown("**Accuracy by class**")
            drawn(
                "explore_classes",
                f"{subject}-{asked.question}-{answer.exact}-{answer.source}",
                partial(explore.class_accuracy, answer, whole, names),
            )
        with right:
            _figures(subject, asked, answer, whole)


def confusion(place: DeltaGenerator, subject: Subject, asked: Asked, answer: Answer) -> None:
    """Draw the confusion matrix into its place, over an earlier one."""
    names = cached.class_names(subject.dataset, len(answer.point.class_accuracy))
    with place.container(border=True):
        st.markdown(f"**Confusion** · {answer.images:,} test images")
        stamp = f"{subject}-{asked.question}-{answer.exact}-{answer.source}"
        drawn("confusion", stamp, partial(classes.confusion, answer.point, names))


def unpruned(subject: Subject) -> Answer:
    """The answer of the whole network, the best one that is known."""
    return lab().known(subject, WHOLE) or lab().quick(subject, WHOLE)


def said(answer: Answer) -> str:
    """On what the answer rests."""
    if answer.source == "sweep":
        return f"all {answer.images:,} test images, measured by a sweep of this network"
    if answer.exact:
        return f"all {answer.images:,} test images"
    low, high = (100 * end for end in answer.interval)
    return f"{low:.1f} to {high:.1f} % (95 %), {answer.images:,} images"


def _figures(subject: Subject, asked: Asked, answer: Answer, whole: Answer) -> None:
    point = answer.point
    with st.grid(2, min_column_width=160):
        _metric("Accuracy", f"{100 * point.accuracy:.2f} %", said(answer), HELP["accuracy_figure"])
        change = 100 * (point.accuracy - whole.point.accuracy)
        _metric("Change, points", f"{change:+.2f}", f"loss {loss(point.loss)} nats")
        left = point.effective_parameters if asked.removed else point.nonzero_parameters
        share = f"{100 * left / point.parameters:.1f} % of {point.parameters:,}"
        _metric("Parameters left", f"{left:,}", share, HELP["left_figure"])
        work = point.effective_macs if asked.removed else point.nonzero_macs
        share = f"{100 * work / point.macs:.1f} % of {point.macs:,}"
        _metric("MACs for one image", f"{work:,}", share, HELP["macs_figure"])
        for name, label in (("tflite", "TFLite, zipped"), ("tflite_dynamic", "int8, zipped")):
            _metric(label, *_size(subject, asked, point, name), HELP["size_figure"])


def _metric(label: str, value: str, note: str, help_text: str | None = None) -> None:
    st.metric(
        label,
        value,
        note,
        delta_color="off",
        delta_arrow="off",
        help=help_text,
        border=True,
        height="stretch",
    )


def _size(subject: Subject, asked: Asked, point: Point, name: str) -> tuple[str, str]:
    """Zipped and raw size of a file in words; exact where the point has its files."""
    made = point.removed_bytes if asked.removed and point.removed_bytes else point.bytes
    if made:
        return human(made[f"{name}_zip"]), f"file {human(made[name])}, exact"
    raw, zipped = _estimate(f"{subject}-{asked}", subject, asked, name)
    return f"≈ {human(zipped)}", f"file {human(raw)}, estimated"


@st.cache_data(show_spinner=False, max_entries=2000)
def _estimate(key: str, _subject: Subject, _asked: Asked, name: str) -> tuple[int, int]:
    del key  # only the cache reads it
    network = lab().pruned(_subject, _asked.question).network
    return estimated(shrink(network) if _asked.removed else network, name)
