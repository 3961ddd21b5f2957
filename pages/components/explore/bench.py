"""The bench: controls on top, the answer below, then the same network from several sides."""

import time
from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.explore.answers import Answer
from engine.explore.lab import Subject
from pages.components.explore import (
    controls,
    draw,
    figures,
    gallery,
    inside,
    measuring,
    sensitivity,
)
from pages.components.explore.controls import Asked
from pages.components.explore.laboratory import lab, training
from pages.components.notices import explained

HEAD_START_SECONDS = 0.08
"""How long the browser gets for the answer before the rest arrives, which takes it longer."""

VIEWS = ("Inside the network", "Confusion", "Sensitivity", "Draw a digit", "First to be forgotten")


def show(subject: Subject) -> None:
    """Ask the network, and show what it answers: at once from 1,000 images, then from all."""
    with explained():
        network = lab().network(subject)
        with st.container(border=True):
            asked = controls.ask(network, seed=training(subject).seed)
        place = st.empty()
        answer = _known(subject, asked)
        figures.show(place, subject, asked, answer)
        time.sleep(HEAD_START_SECONDS)
        note = st.empty()
        measuring.show(subject, asked, answer)
        again = _views(subject, asked, answer)
        if not answer.exact:
            complete = lab().exact(subject, asked.question, partial(_turn, note))
            figures.show(place, subject, asked, complete)
            again(complete)
        note.empty()


def _known(subject: Subject, asked: Asked) -> Answer:
    """What a sweep or somebody's question has measured already, or the quick answer."""
    found = measuring.swept(subject, asked.question) or lab().known(subject, asked.question)
    return found or lab().quick(subject, asked.question)


def _views(subject: Subject, asked: Asked, answer: Answer) -> Callable[[Answer], None]:
    """Draw the open view; what is returned draws it again for a better answer."""
    tabs = st.tabs(list(VIEWS), key="view", on_change="rerun", bind="query-params")
    opened = next((i for i, tab in enumerate(tabs) if tab.open), 0)
    with tabs[opened], explained():
        if VIEWS[opened] == "Confusion":
            place = st.empty()
            figures.confusion(place, subject, asked, answer)
            return partial(figures.confusion, place, subject, asked)
        shown = (inside.show, None, sensitivity.show, draw.show, gallery.show)[opened]
        assert shown is not None  # noqa: S101  # the confusion matrix was handled above
        shown(subject, asked)
    return _nothing


def _nothing(_: Answer) -> None:
    """A view that does not depend on how many images have answered."""


def _turn(note: DeltaGenerator, share: float) -> None:
    """Say how far it is; a slider that has moved breaks in here."""
    note.caption(f"All test images answer: {share:.0%}")
