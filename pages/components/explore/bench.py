"""The bench: controls on top, the answer below, then the same network from several sides."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.explore.lab import Subject
from pages.components.explore import controls, figures
from pages.components.explore.controls import Asked
from pages.components.explore.laboratory import lab, training
from pages.components.notices import explained


def show(subject: Subject) -> None:
    """Ask the network, and show what it answers: at once from 1,000 images, then from all."""
    with explained():
        network = lab().network(subject)
        asked = controls.ask(network, seed=training(subject).seed)
        place, note = st.empty(), st.empty()
        known = lab().known(subject, asked.question)
        figures.show(place, subject, asked, known or lab().quick(subject, asked.question))
        if known is None:
            _complete(place, note, subject, asked)


def _complete(
    place: DeltaGenerator, note: DeltaGenerator, subject: Subject, asked: Asked
) -> None:
    """Replace the quick answer by the exact one; another move of a slider breaks this off."""
    answer = lab().exact(subject, asked.question, partial(_turn, note))
    figures.show(place, subject, asked, answer)
    note.empty()


def _turn(note: DeltaGenerator, share: float) -> None:
    note.caption(f"exact figure: {share:.0%}")
