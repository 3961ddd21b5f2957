"""What does it mean that a number is insignificant?"""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from engine import datasets
from engine.lessons import one_weight, polynomial
from engine.lessons.one_weight import Effect
from engine.networks.network import forward
from pages.learn import charts, frame
from pages.shared import metrics
from pages.shared.choices import one_of
from pages.shared.metrics import Metric

TESTED = 1000
TRIED = 100
"""Weights that one can try, out of 12,544."""


def show() -> None:
    """First a coefficient of a polynomial, then a weight of a trained network."""
    with frame.piece("significance"):
        _polynomial()
    frame.lesson("significance")
    with frame.piece("one_weight"):
        _weight()
    frame.lesson("one_weight")


def _polynomial() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dropped = one_of("Leave out", ("nothing", *polynomial.TERMS), key="drop")
        reach = st.slider(
            "How far x goes", 0.05, 2.0, 1.0, 0.05, key="reach", bind="query-params", width=260
        )
    xs = polynomial.places(reach)
    gone = [] if dropped == "nothing" else [dropped]
    frame.draw("polynomial", lambda: charts.polynomial(xs, gone))
    changes = {term: polynomial.largest_change(xs, term) for term in polynomial.TERMS}
    found = [Metric(f"Without {t}, f changes by at most", f"{c:.3g}") for t, c in changes.items()]
    metrics.row(found, columns=2, width=200)


def _weight() -> None:
    found = weight_effects()
    number = st.slider(
        "Which weight to set to zero, from the smallest to the largest of 12,544",
        1, len(found.effects), 1, key="weight", bind="query-params",
    )  # fmt: skip
    effect = found.effects[number - 1]
    frame.draw("one_weight", lambda: charts.weights(found.effects, effect))
    change = f"{100 * (effect.accuracy - found.accuracy):+.2f} points"
    figures = [
        Metric("The weight", f"{effect.weight:+.3g}"),
        Metric(f"Answers that change, of {found.images:,}", f"{effect.changed}"),
        Metric("Test accuracy without it", f"{100 * effect.accuracy:.2f} %", change),
    ]
    metrics.row(figures, columns=3, width=160)


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
