"""The answer of a network: accuracy by class beside large figures, then the same from other sides.

A browser draws what it gets in one go at once, and all again for each late part. So the chart is
sent first where it can be: it then stands while the rest is still being drawn.
"""

import contextlib
from collections.abc import Callable
from functools import lru_cache, partial

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.errors import InvalidInput
from engine.explore.answers import Answer
from engine.explore.question import Question
from engine.explore.service import Subject
from engine.explore.sizes import estimated, margin
from engine.pruning.shrink import shrink
from engine.results.points import Point
from pages.explore import charts, form, inside, measuring, views
from pages.explore.form import Asked
from pages.explore.networks import draw_over, prepare, service, show_chart, training
from pages.explore.words import HELP
from pages.shared import cached
from pages.shared.charts import classes
from pages.shared.charts.sizes import human
from pages.shared.metrics import Metric
from pages.shared.notices import explained
from pages.shared.turns import turns
from pages.shared.words import loss

HEAD_START_SECONDS = 0.08
"""How long the browser gets for the answer before the rest arrives, which takes it longer."""

VIEWS = ("Inside the network", "Confusion", "Sensitivity", "Draw a digit", "First to be forgotten")
WHOLE = Question(sparsities=(0.0,))

Chart = tuple[str, str, Callable[[], go.Figure]]
"""A topic, a stamp that changes whenever the chart does, and what draws it."""

Again = Callable[[Answer], None]
"""Draws what is on the page over for a better answer."""


def show(subject: Subject) -> None:
    """Ask the network, and show what it answers: at once from 1,000 images, then from all."""
    with explained():
        asked, answer, chart, beside = _ask(subject)
        cells = beside.grid(2, min_column_width=160)
        figures = [metric.show(cells) for metric in _metrics(subject, asked, answer)]
        note = st.empty()
        measuring.show(subject, asked.question, answer)
        again_below = _views(subject, asked, answer)
        if not answer.exact:

            def progress(share: float) -> None:  # a slider that has moved breaks in here
                note.caption(f"All test images answer: {share:.0%}")

            complete = service().exact(subject, asked.question, progress)
            draw_over(chart, *_by_class(subject, asked, complete))
            for slot, metric in zip(figures, _metrics(subject, asked, complete), strict=True):
                metric.show(slot)
            again_below(complete)
        note.empty()


def _unpruned(subject: Subject) -> Answer:
    """The answer of the whole network, the best one that is known."""
    return service().known(subject, WHOLE) or service().quick(subject, WHOLE)


def _rests_on(answer: Answer) -> str:
    """On how many images the answer rests, and how sure that makes it."""
    if answer.source == "sweep":
        return f"all {answer.images:,} test images, measured by a sweep of this network"
    if answer.exact:
        return f"all {answer.images:,} test images"
    low, high = (100 * end for end in answer.interval)
    return f"{low:.1f} to {high:.1f} % (95 %), {answer.images:,} images"


def _ask(subject: Subject) -> tuple[Asked, Answer, DeltaGenerator, DeltaGenerator]:
    """The controls and the chart that answers them; the chart is sent first where it can be.

    Returns:
        What was asked, its answer, the chart to draw over, and the room beside it.
    """
    network, seed = service().network(subject), training(subject).seed
    held, early = form.held(network, seed=seed), None
    if held is not None:
        with contextlib.suppress(InvalidInput):  # what is wrong is told below the controls
            early = _answer(subject, held)
    top, below = st.container(border=True), st.container()
    drawn = _chart(below, subject, held, early) if held and early else None
    with top:
        asked = form.ask(network, seed=seed)
    answer = early if early and asked == held else _answer(subject, asked)
    if drawn is None:
        drawn = _chart(below, subject, asked, answer)
    elif answer is not early:
        draw_over(drawn[0], *_by_class(subject, asked, answer))
    return asked, answer, *drawn


def _answer(subject: Subject, asked: Asked) -> Answer:
    """What a sweep or somebody's question has measured already, or the quick answer.

    Its chart can be shown without delay.
    """
    question = asked.question
    found = measuring.swept(subject, question) or service().known(subject, question)
    answer = found or service().quick(subject, question)
    prepare(*_by_class(subject, asked, answer))
    return answer


def _chart(
    below: DeltaGenerator, subject: Subject, asked: Asked, answer: Answer
) -> tuple[DeltaGenerator, DeltaGenerator]:
    """The chart, alone for a moment: a browser draws the rest for longer; and the room beside."""
    left, right = below.columns([5, 4])
    with left, st.container(border=True, height="stretch", key="explore-answer"):
        st.markdown("**Accuracy by class**")
        slot = show_chart(*_by_class(subject, asked, answer))
    turns().rest(HEAD_START_SECONDS)
    return slot, right


def _views(subject: Subject, asked: Asked, answer: Answer) -> Again:
    """Draw the open view."""
    tabs = st.tabs(list(VIEWS), key="view", on_change="rerun", bind="query-params")
    opened = next((i for i, tab in enumerate(tabs) if tab.open), 0)
    with tabs[opened], explained():
        if VIEWS[opened] == "Confusion":
            return _confusion(subject, asked, answer)
        shown = {
            "Sensitivity": views.sensitivity,
            "Draw a digit": views.digit,
            "First to be forgotten": views.forgetting,
        }
        shown.get(VIEWS[opened], inside.show)(subject, asked)
    return lambda _: None  # it does not depend on how many images have answered


def _confusion(subject: Subject, asked: Asked, answer: Answer) -> Again:
    """Draw the confusion matrix."""

    def titled(of: Answer) -> str:
        return f"**Confusion** · {of.images:,} test images"

    def chart(of: Answer) -> Chart:
        names = cached.class_names(subject.data.dataset, len(of.point.class_accuracy))
        draw = partial(classes.confusion, of.point.confusion, names)
        return "confusion", _stamp(subject, asked, of), draw

    with st.container(border=True):
        title = st.markdown(titled(answer))
        slot = show_chart(*chart(answer))

    def again(complete: Answer) -> None:
        title.markdown(titled(complete))
        draw_over(slot, *chart(complete))

    return again


def _by_class(subject: Subject, asked: Asked, answer: Answer) -> Chart:
    names = cached.class_names(subject.data.dataset, len(answer.point.class_accuracy))
    draw = partial(charts.class_accuracy, answer, _unpruned(subject), names)
    return "explore_classes", _stamp(subject, asked, answer), draw


def _stamp(subject: Subject, asked: Asked, answer: Answer) -> str:
    return f"{subject}-{asked.question}-{answer.exact}-{answer.source}"


def _metrics(subject: Subject, asked: Asked, answer: Answer) -> list[Metric]:
    point, whole = answer.point, _unpruned(subject)
    change = 100 * (point.accuracy - whole.point.accuracy)
    left = point.effective_parameters if asked.removed else point.nonzero_parameters
    of_parameters = f"{100 * left / point.parameters:.1f} % of {point.parameters:,}"
    work = point.effective_macs if asked.removed else point.nonzero_macs
    of_macs = f"{100 * work / point.macs:.1f} % of {point.macs:,}"
    float32 = _size(subject, asked, point, "tflite")
    dynamic = _size(subject, asked, point, "tflite_dynamic")
    return [
        Metric("Accuracy", f"{100 * point.accuracy:.2f} %", _rests_on(answer), HELP["accuracy"]),
        Metric("Change, points", f"{change:+.2f}", f"loss {loss(point.loss)} nats"),
        Metric("Parameters left", f"{left:,}", of_parameters, HELP["left"]),
        Metric("MACs for one image", f"{work:,}", of_macs, HELP["macs"]),
        Metric("TFLite, zip", *float32, HELP["size"]),
        Metric("Dynamic int8, zip", *dynamic, HELP["size"]),
    ]


def _size(subject: Subject, asked: Asked, point: Point, name: str) -> tuple[str, str]:
    """Zipped and raw size of a file in words; exact where the point has its files."""
    made = point.removed_bytes if asked.removed and point.removed_bytes else point.bytes
    if made:
        return human(made[f"{name}_zip"]), f"file {human(made[name])}, exact"
    raw, zipped = _estimate(subject, asked, name)
    off = f"± {100 * margin(zipped):.0f} %"
    return f"≈ {human(zipped)}", f"file {human(raw)}, estimated {off}"


@lru_cache(2000)
def _estimate(subject: Subject, asked: Asked, name: str) -> tuple[int, int]:
    network = service().pruned(subject, asked.question).network
    return estimated(shrink(network) if asked.removed else network, name)
