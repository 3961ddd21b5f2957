"""The answer: large figures, accuracy by class, confusion."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.explore.answers import Answer
from engine.explore.lab import Subject
from engine.explore.question import Question
from pages.components import cached
from pages.components.charts import classes
from pages.components.charts.base import toolbar
from pages.components.explore.controls import Asked
from pages.components.explore.laboratory import lab
from pages.components.texts import ALT, READ
from pages.components.words import loss

WHOLE = Question(sparsities=(0.0,))


def show(place: DeltaGenerator, subject: Subject, asked: Asked, answer: Answer) -> None:
    """Draw the answer into its place, over an earlier one."""
    with place.container():
        _figures(subject, asked, answer)


def _figures(subject: Subject, asked: Asked, answer: Answer) -> None:
    point = answer.point
    low, high = (100 * end for end in answer.interval)
    with st.grid(5, min_column_width=180):
        st.metric("Accuracy", f"{100 * point.accuracy:.2f} %", border=True)
        st.metric("Loss, nats", loss(point.loss), border=True)
        st.metric("Interval", f"{low:.1f} {high:.1f}", border=True)
    stamp = f"{subject}-{asked}-{answer.exact}"
    names = cached.class_names(subject.dataset, len(point.class_accuracy))
    first, second = st.columns(2)
    with first, st.container(border=True, height="stretch"):
        st.markdown("**Accuracy by class**")
        draw = partial(classes.class_accuracy, point, lab().quick(subject, WHOLE).point, names)
        _chart("classes", stamp, draw)
    with second, st.container(border=True, height="stretch"):
        st.markdown("**Confusion**")
        _chart("confusion", stamp, partial(classes.confusion, point, names))


def _chart(topic, stamp, draw):
    chart = cached.drawn(f"explore-{topic}-{stamp}", draw)
    st.plotly_chart(chart, config=toolbar(f"prunescope-{topic}"), alt=ALT[topic])
    st.caption(READ[topic])
