"""The bench: controls on top, the answer below, then the same network from several sides."""

import contextlib
from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.errors import InvalidInput
from engine.explore.answers import Answer
from engine.explore.service import Subject
from pages.explore import controls, draw, figures, gallery, inside, measuring, sensitivity
from pages.explore.controls import Asked
from pages.explore.figures import Board
from pages.explore.laboratory import lab, training
from pages.shared import cached
from pages.shared.notices import explained

HEAD_START_SECONDS = 0.08
"""How long the browser gets for the answer before the rest arrives, which takes it longer."""

VIEWS = ("Inside the network", "Confusion", "Sensitivity", "Draw a digit", "First to be forgotten")


def show(subject: Subject) -> None:
    """Ask the network, and show what it answers: at once from 1,000 images, then from all."""
    with explained():
        asked, answer, board = _asked(subject)
        again = figures.numbers(board, subject, asked, answer)
        note = st.empty()
        measuring.show(subject, asked, answer)
        again_below = _views(subject, asked, answer)
        if not answer.exact:
            complete = lab().exact(subject, asked.question, partial(_turn, note))
            again(complete)
            again_below(complete)
        note.empty()


def _asked(subject: Subject) -> tuple[Asked, Answer, Board]:
    """The controls and the chart that answers them; the chart is sent first where it can be."""
    network, seed = lab().network(subject), training(subject).seed
    held = controls.held(network, seed=seed)
    early = _early(subject, held)
    top, place = st.container(border=True), st.container()
    board = _chart(place, subject, held, early) if held and early else None
    with top:
        asked = controls.ask(network, seed=seed)
    answer = early if early and asked == held else _ready(subject, asked)
    if board is None:
        board = _chart(place, subject, asked, answer)
    elif answer is not early:
        figures.redraw(board, subject, asked, answer)
    return asked, answer, board


def _early(subject: Subject, held: Asked | None) -> Answer | None:
    """The answer to what the controls hold; what is wrong with that is told below them."""
    with contextlib.suppress(InvalidInput):
        return None if held is None else _ready(subject, held)
    return None


def _ready(subject: Subject, asked: Asked) -> Answer:
    """The answer; its chart can be shown without delay."""
    answer = _known(subject, asked)
    figures.prepare(subject, asked, answer)
    return answer


def _chart(place: DeltaGenerator, subject: Subject, asked: Asked, answer: Answer) -> Board:
    """Draw the chart, alone for a moment: a browser draws the rest for longer."""
    board = figures.chart(place, subject, asked, answer)
    cached.turns().rest(HEAD_START_SECONDS)
    return board


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
            return figures.confusion(subject, asked, answer)
        shown = (inside.show, None, sensitivity.show, draw.show, gallery.show)[opened]
        assert shown is not None  # noqa: S101  # the confusion matrix was handled above
        shown(subject, asked)
    return _nothing


def _nothing(_: Answer) -> None:
    """A view that does not depend on how many images have answered."""


def _turn(note: DeltaGenerator, share: float) -> None:
    """Say how far it is; a slider that has moved breaks in here."""
    note.caption(f"All test images answer: {share:.0%}")
