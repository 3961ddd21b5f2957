"""The one `ExploreService` of the web process, above the run store; and charts, drawn once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.explore.sample import Turn
from engine.explore.service import ExploreService, Subject
from engine.explore.shipped import SHIPPED, shipped
from engine.networks.file import load_network
from engine.networks.network import Network
from engine.results.files import WEIGHTS
from engine.runs.model import Run
from engine.settings import TrainSettings, training_of
from pages.shared import cached
from pages.shared.charts.base import Finished, toolbar
from pages.shared.texts import ALT, READ

SHIPPED_SUBJECT = Subject("shipped", SHIPPED.dataset)


@st.cache_resource(show_spinner=False)
def lab() -> ExploreService:
    """What everyone asks."""
    return ExploreService(_load)


def subject_of(run: Run) -> Subject:
    """The network that a finished training left; a training that was done again is another."""
    read = training_of(run.parsed)
    return Subject(f"{run.id}-{run.finished:.0f}", read.dataset, read.scale, read.channels)


def run_id(subject: Subject) -> str | None:
    """The run that trained the network; None of the one that ships."""
    return None if subject == SHIPPED_SUBJECT else subject.name.partition("-")[0]


def training(subject: Subject) -> TrainSettings:
    """How the network was trained."""
    run = run_id(subject)
    return SHIPPED if run is None else _settings(run)


@st.cache_resource(show_spinner=False, max_entries=100)
def _settings(run: str) -> TrainSettings:
    """The settings of a training; they are its id, and never change."""
    settings = cached.runs().get(run).parsed
    assert isinstance(settings, TrainSettings)  # noqa: S101  # subjects are trainings only
    return settings


def _load(subject: Subject) -> Network:
    run = run_id(subject)
    return shipped() if run is None else load_network(cached.runs().file(run, WEIGHTS))


def drawn(topic: str, stamp: str, draw: Callable[[], go.Figure], **words: object) -> DeltaGenerator:
    """A chart with its alt text and the sentence that says how to read it.

    Args:
        topic: names both in `texts`.
        stamp: changes whenever the chart does; equal ones are drawn once for everyone.
        draw: makes the chart.
        words: filled into the alt text.

    Returns:
        Where the chart is, for `redrawn`.
    """
    slot = redrawn(st.container(gap=None), topic, stamp, draw, **words)
    st.caption(READ[topic])
    return slot


def redrawn(
    place: DeltaGenerator, topic: str, stamp: str, draw: Callable[[], go.Figure], **words: object
) -> DeltaGenerator:
    """Draw over a chart of the same topic; nothing is missing from the page meanwhile."""
    chart, settings = finished(topic, stamp, draw), toolbar(f"prunescope-{topic}")
    return place.plotly_chart(chart, config=settings, alt=ALT[topic].format(**words))


def finished(topic: str, stamp: str, draw: Callable[[], go.Figure]) -> Finished:
    """A chart as it goes to browsers; equal ones are drawn once for everyone."""
    return cached.drawn(f"explore-{topic}-{stamp}", draw)


@contextmanager
def progress(text: str) -> Iterator[Turn]:
    """A bar that shows how far slow work is, and is gone afterwards."""
    place = st.empty()

    def turn(share: float) -> None:
        place.progress(share, text)

    yield turn
    place.empty()
