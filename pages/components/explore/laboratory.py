"""The one `Lab` of the web process, with the run store behind it."""

import streamlit as st

from engine.explore.lab import Lab, Subject
from engine.explore.shipped import SHIPPED, shipped
from engine.network import Network
from engine.network_file import load_network
from engine.runs.model import Run
from engine.settings import TrainSettings
from pages.components import cached
from pages.components.words import dataset_of

WEIGHTS = "weights.npz"
SHIPPED_SUBJECT = Subject("shipped", SHIPPED.dataset)


@st.cache_resource(show_spinner=False)
def lab() -> Lab:
    """What everyone asks."""
    return Lab(_load)


def subject_of(run: Run) -> Subject:
    """The network that a finished training left; a training that was done again is another."""
    return Subject(f"{run.id}-{run.finished:.0f}", dataset_of(run))


def run_id(subject: Subject) -> str | None:
    """The run that trained the network; None of the one that ships."""
    return None if subject == SHIPPED_SUBJECT else subject.name.partition("-")[0]


def training(subject: Subject) -> TrainSettings:
    """How the network was trained."""
    run = run_id(subject)
    if run is None:
        return SHIPPED
    settings = cached.runs().get(run).parsed
    assert isinstance(settings, TrainSettings)  # noqa: S101  # subjects are trainings only
    return settings


def _load(subject: Subject) -> Network:
    run = run_id(subject)
    return shipped() if run is None else load_network(cached.runs().file(run, WEIGHTS))
