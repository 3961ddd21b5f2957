"""What single weights are worth: computed once for everyone who opens the page."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from engine import datasets
from engine.lessons import one_weight
from engine.lessons.one_weight import Effect
from engine.networks.network import forward

TESTED = 1000
TRIED = 100
"""Weights that one can try on the page Learn, out of 12,544."""


@dataclass(frozen=True, slots=True)
class WeightEffects:
    """What single weights of the small network are worth, on the first test images."""

    effects: Sequence[Effect]
    accuracy: float
    images: int


@st.cache_resource(show_spinner="Tries each weight", max_entries=1)
def weight_effects() -> WeightEffects:
    """The effect of `TRIED` weights from the smallest to the largest, on `TESTED` test images."""
    network, data = one_weight.small_network(), datasets.load("mnist")
    images, labels = datasets.normalised(data.x_test[:TESTED]), data.y_test[:TESTED]
    count = network.layers[0].kernel.size
    ranks = [1 + round(i * (count - 1) / (TRIED - 1)) for i in range(TRIED)]
    answers = forward(network, images).argmax(axis=1)
    found = one_weight.effects(network, images, labels, ranks)
    return WeightEffects(found, float((answers == labels).mean()), len(labels))
