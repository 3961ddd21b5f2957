"""The answer: accuracy by class beside the figures that a person compares."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.explore.answers import Answer
from engine.explore.question import Question
from engine.explore.service import Subject
from engine.explore.sizes import estimated, margin
from engine.pruning.shrink import shrink
from engine.results.points import Point
from pages.explore import charts
from pages.explore.controls import Asked
from pages.explore.laboratory import drawn, finished, lab, redrawn
from pages.shared import cached
from pages.shared.charts import classes
from pages.shared.charts.sizes import human
from pages.shared.texts import HELP
from pages.shared.words import loss

TOPIC = "explore_classes"
WHOLE = Question(sparsities=(0.0,))

Words: TypeAlias = tuple[str, str, str, str | None]
"""Label, value, note and help of a figure."""


@dataclass(frozen=True, slots=True)
class Board:
    """Where an answer is drawn, and drawn over by a better one.

    Attributes:
        chart: of the accuracy by class.
        room: beside it, for the figures.
    """

    chart: DeltaGenerator
    room: DeltaGenerator


def prepare(subject: Subject, asked: Asked, answer: Answer) -> None:
    """Draw the chart of an answer without showing it.

    What a browser gets in one go it draws at once; it would draw all again for each late part.
    """
    stamp, draw = _by_class(subject, asked, answer)
    finished(TOPIC, stamp, draw)


def chart(place: DeltaGenerator, subject: Subject, asked: Asked, answer: Answer) -> Board:
    """Draw the chart of an answer, and nothing else yet."""
    left, right = place.columns([5, 4])
    with left, st.container(border=True, height="stretch", key="explore-answer"):
        st.markdown("**Accuracy by class**")
        slot = drawn(TOPIC, *_by_class(subject, asked, answer))
    return Board(slot, right)


def redraw(board: Board, subject: Subject, asked: Asked, answer: Answer) -> None:
    """Draw the chart of another answer over an earlier one."""
    redrawn(board.chart, TOPIC, *_by_class(subject, asked, answer))


def numbers(
    board: Board, subject: Subject, asked: Asked, answer: Answer
) -> Callable[[Answer], None]:
    """Draw the figures that a person compares; what is returned draws all over a better answer."""
    cells = board.room.grid(2, min_column_width=160)
    slots = [_metric(cells, *words) for words in _figures(subject, asked, answer)]

    def again(complete: Answer) -> None:
        redraw(board, subject, asked, complete)
        for slot, words in zip(slots, _figures(subject, asked, complete), strict=True):
            _metric(slot, *words)

    return again


def confusion(subject: Subject, asked: Asked, answer: Answer) -> Callable[[Answer], None]:
    """Draw the confusion matrix; what is returned draws it over a better answer."""
    with st.container(border=True):
        title = st.markdown(_title(answer))
        slot = drawn("confusion", *_confusion(subject, asked, answer))

    def again(complete: Answer) -> None:
        title.markdown(_title(complete))
        redrawn(slot, "confusion", *_confusion(subject, asked, complete))

    return again


def _title(answer: Answer) -> str:
    return f"**Confusion** · {answer.images:,} test images"


def _by_class(
    subject: Subject, asked: Asked, answer: Answer
) -> tuple[str, Callable[[], go.Figure]]:
    names = cached.class_names(subject.dataset, len(answer.point.class_accuracy))
    draw = partial(charts.class_accuracy, answer, unpruned(subject), names)
    return _stamp(subject, asked, answer), draw


def _confusion(
    subject: Subject, asked: Asked, answer: Answer
) -> tuple[str, Callable[[], go.Figure]]:
    names = cached.class_names(subject.dataset, len(answer.point.class_accuracy))
    return _stamp(subject, asked, answer), partial(classes.confusion, answer.point, names)


def _stamp(subject: Subject, asked: Asked, answer: Answer) -> str:
    return f"{subject}-{asked.question}-{answer.exact}-{answer.source}"


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


def _figures(subject: Subject, asked: Asked, answer: Answer) -> list[Words]:
    point, whole = answer.point, unpruned(subject)
    change = 100 * (point.accuracy - whole.point.accuracy)
    left = point.effective_parameters if asked.removed else point.nonzero_parameters
    of_parameters = f"{100 * left / point.parameters:.1f} % of {point.parameters:,}"
    work = point.effective_macs if asked.removed else point.nonzero_macs
    of_macs = f"{100 * work / point.macs:.1f} % of {point.macs:,}"
    sizes = [
        (label, *_size(subject, asked, point, name), HELP["size_figure"])
        for name, label in (
            ("tflite", "TFLite, zipped"),
            ("tflite_dynamic", "Dynamic int8, zipped"),
        )
    ]
    return [
        ("Accuracy", f"{100 * point.accuracy:.2f} %", said(answer), HELP["accuracy_figure"]),
        ("Change, points", f"{change:+.2f}", f"loss {loss(point.loss)} nats", None),
        ("Parameters left", f"{left:,}", of_parameters, HELP["left_figure"]),
        ("MACs for one image", f"{work:,}", of_macs, HELP["macs_figure"]),
        *sizes,
    ]


def _metric(
    place: DeltaGenerator, label: str, value: str, note: str, help_text: str | None
) -> DeltaGenerator:
    return place.metric(
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
    off = f"± {100 * margin(zipped):.0f} %"
    return f"≈ {human(zipped)}", f"file {human(raw)}, estimated {off}"


@st.cache_data(show_spinner=False, max_entries=2000)
def _estimate(key: str, _subject: Subject, _asked: Asked, name: str) -> tuple[int, int]:
    del key  # only the cache reads it
    network = lab().pruned(_subject, _asked.question).network
    return estimated(shrink(network) if _asked.removed else network, name)
