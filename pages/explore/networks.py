"""Trained networks and the one `ExploreService` that asks them; charts of what it answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.explore.answers import Turn
from engine.explore.service import SHIPPED, ExploreService, Subject, shipped
from engine.networks.file import load_network
from engine.networks.network import Network
from engine.results.files import WEIGHTS
from engine.runs.model import Run
from engine.settings import TrainSettings, training_of
from pages.explore.words import CHARTS
from pages.shared import cached, run_page
from pages.shared.chart import toolbar
from pages.shared.charts.base import Finished

SHIPPED_SUBJECT = Subject("shipped", SHIPPED.data)


@st.cache_resource(show_spinner=False)
def service() -> ExploreService:
    """What everyone asks."""
    return ExploreService(_load)


def subject_of(run: Run) -> Subject:
    """The network that a finished training left; a training that was done again is another."""
    read = training_of(run.parsed).data
    return Subject(f"{run.id}-{run.finished:.0f}", read)


def run_id(subject: Subject) -> str | None:
    """The run that trained the network; None of the one that ships."""
    return None if subject == SHIPPED_SUBJECT else subject.name.partition("-")[0]


@lru_cache(100)
def training(subject: Subject) -> TrainSettings:
    """How the network was trained; the settings of a run are its id, and never change."""
    run = run_id(subject)
    return SHIPPED if run is None else run_page.parsed(cached.runs().get(run), TrainSettings)


def _load(subject: Subject) -> Network:
    run = run_id(subject)
    return shipped() if run is None else load_network(cached.runs().file(run, WEIGHTS))


def show_chart(
    topic: str, stamp: str, draw: Callable[[], go.Figure], **words: object
) -> DeltaGenerator:
    """A chart without a key, how to read it below; where it is, for `draw_over`.

    Args:
        topic: names its texts.
        stamp: changes whenever the chart does; equal ones are drawn once for everyone.
        draw: makes the chart.
        words: filled into the alt text.
    """
    slot = draw_over(st.container(gap=None), topic, stamp, draw, **words)
    st.caption(CHARTS[topic].read)
    return slot


def draw_over(
    slot: DeltaGenerator, topic: str, stamp: str, draw: Callable[[], go.Figure], **words: object
) -> DeltaGenerator:
    """Draw over a chart of the same topic; nothing is missing from the page meanwhile."""
    figure, alt = prepare(topic, stamp, draw), CHARTS[topic].alt.format(**words)
    return slot.plotly_chart(figure, config=toolbar(topic), alt=alt)


def prepare(topic: str, stamp: str, draw: Callable[[], go.Figure]) -> Finished:
    """A chart as it goes to browsers; equal ones are drawn once for everyone."""
    return cached.drawn(f"explore-{topic}-{stamp}", draw)


@contextmanager
def progress(text: str) -> Iterator[Turn]:
    """A bar that shows how far slow work is, and is gone afterwards."""
    bar = st.empty()

    def turn(share: float) -> None:
        bar.progress(share, text)

    yield turn
    bar.empty()
