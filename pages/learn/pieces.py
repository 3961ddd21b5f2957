"""The five pieces of the page Learn; each has one thing to do and one thing to see."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import plotly.graph_objects as go
import streamlit as st

from engine import datasets
from engine.lessons import one_weight, polynomial, steps, toy_round, zeros
from engine.lessons.guess import Break, breaking
from engine.lessons.one_weight import Effect
from engine.networks.network import forward
from engine.settings import PAPER_SPARSITIES, percent
from pages.learn import charts, drawing
from pages.learn.words import BY_HAND, CHARTS, PIECES, ROUND
from pages.shared import cached, chart, metrics
from pages.shared.choices import one_of
from pages.shared.metrics import Metric
from pages.shared.palette import METHODS

TESTED = 1000
"""Test images that answer without each weight."""

TRIED = 100
"""Weights that one can try, out of 12,544."""

NUMBERS = (0.6, -1.25, 0.0, 0.0, 2.0)
"""Those whose bytes are shown."""


@contextmanager
def _piece(topic: str) -> Iterator[None]:
    """The question and the one thing to do, and a box for the thing to play with."""
    st.header(PIECES[topic].question)
    st.markdown(f":material/touch_app: **Do:** {PIECES[topic].do}")
    with st.container(border=True):
        yield


def _lesson(topic: str) -> None:
    """What one has seen, in a sentence or two."""
    st.markdown(f":material/visibility: **See:** {PIECES[topic].seen}")


def _chart(topic: str, figure: Callable[[], go.Figure]) -> None:
    """A chart that holds one's own choice."""
    chart.show(figure, CHARTS[topic], key=f"lesson-{topic}", stamp=None, file=topic)


def significance() -> None:
    """What is insignificant: first a coefficient of a polynomial, then a real weight."""
    with _piece("significance"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            dropped = one_of("Leave out", ("nothing", *polynomial.TERMS), key="drop")
            reach = st.slider(
                "How far x goes", 0.05, 2.0, 1.0, 0.05, key="reach", bind="query-params", width=260
            )
        xs = polynomial.places(reach)
        gone = [] if dropped == "nothing" else [dropped]
        _chart("polynomial", lambda: charts.polynomial(xs, gone))
        changes = [(term, polynomial.largest_change(xs, term)) for term in polynomial.TERMS]
        found = [Metric(f"Without {t}, f changes by at most", f"{c:.3g}") for t, c in changes]
        metrics.row(found, columns=2, width=200)
    _lesson("significance")
    with _piece("one_weight"):
        effects, accuracy = weight_effects()
        number = st.slider(
            "Which weight to set to zero, from the smallest to the largest of 12,544",
            1, len(effects), 1, key="weight", bind="query-params",
        )  # fmt: skip
        effect = effects[number - 1]
        _chart("one_weight", lambda: charts.weights(effects, effect))
        change = f"{100 * (effect.accuracy - accuracy):+.2f} points"
        found = [
            Metric("The weight", f"{effect.weight:+.3g}"),
            Metric(f"Answers that change, of {TESTED:,}", f"{effect.changed}"),
            Metric("Test accuracy without it", f"{100 * effect.accuracy:.2f} %", change),
        ]
        metrics.row(found, columns=3, width=160)
    _lesson("one_weight")


@st.cache_resource(show_spinner="Tries each weight", max_entries=1)
def weight_effects() -> tuple[Sequence[Effect], float]:
    """The effects of `TRIED` weights from the smallest to the largest, on `TESTED` test images.

    With them, as a share, the accuracy of the whole network on these images.
    """
    network, data = one_weight.small_network(), datasets.load("mnist")
    images, labels = datasets.normalised(data.x_test[:TESTED]), data.y_test[:TESTED]
    count = network.layers[0].kernel.size
    ranks = [1 + round(i * (count - 1) / (TRIED - 1)) for i in range(TRIED)]
    answers = forward(network, images).argmax(axis=1)
    found = one_weight.effects(network, images, labels, ranks)
    return found, float((answers == labels).mean())


def by_hand() -> None:
    """A kernel with its norms, after the chosen step: rank, cut, zero, remove."""
    with _piece("by_hand"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            way = one_of("Prune by", steps.WAYS, key="way", first="weight")
            share = one_of("K, %", (25, 50, 75), key="share", first=50)
        step = one_of("Step", steps.STEPS, key="step", first="kernel")
        st.markdown(BY_HAND[step, way])
        found = steps.pruned(way, share / 100)
        after = found.removed if step == "remove" else found.kernel
        alt = (
            f"A kernel of {' by '.join(map(str, after.shape))}, pruned by {way}, step {step}; "
            f"{int(found.gone.sum())} of 20 chosen."
        )
        st.image(drawing.kernel(found, way, step), alt=alt, width="content")
    _lesson("by_hand")


def cost_of_zeros() -> None:
    """Bytes of a few numbers, then of a kernel as zeros fill it."""
    with _piece("zeros"):
        st.markdown("**Five numbers as they lie in a file: four bytes each, a zero too**")
        alt = "; ".join(f"{number:g} is {zeros.as_bytes(number)}" for number in NUMBERS)
        st.image(drawing.bytes_of(NUMBERS), alt=alt, width="content")
        share = st.slider(
            "K of a kernel of 64 by 64, %", 0, 99, 0, key="zeros", bind="query-params"
        )
        costs = zeros.costs(share / 100)
        _chart("zeros", lambda: charts.costs(costs))
        found = [Metric(f"{c.label}: multiplications", f"{c.products:,}") for c in costs]
        metrics.row(found, columns=3, width=160)
    _lesson("zeros")


def guess() -> None:
    """A guess at which K it breaks, and the measured curve of the sweep that ships along."""
    _, baseline, points = cached.reference_points()
    with _piece("guess"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            ways = {name: METHODS[name].label for name in ("weight", "unit", "hybrid")}
            method = one_of("Prune by", ways, key="method")
            guessed = st.select_slider(
                "It breaks at K, %", [round(100 * k) for k in PAPER_SPARSITIES], 60,
                key="guess", bind="query-params", width=300,
            )  # fmt: skip
            revealed = st.toggle("Reveal", key="reveal", bind="query-params")
        share = guessed / 100
        _chart("guess", lambda: charts.guess(baseline, points, method, share, revealed=revealed))
        if revealed:
            st.markdown(f"#### {verdict(breaking(baseline, points, method), share)}")
    if revealed:
        _lesson("guess")


def verdict(found: Break, guessed: float) -> str:
    """What to say to the guess."""
    if found.breaks is None:
        return "It never breaks at any K that was measured."
    found_at = f"It holds at {percent(found.holds)} % and breaks at {percent(found.breaks)} %."
    if guessed == found.breaks:
        return f":material/check_circle: Right. {found_at}"
    tougher = guessed < found.breaks
    return f"{found_at} {'It is tougher than you thought.' if tougher else 'It broke before that.'}"


def federated_round() -> None:
    """Server and clients of one round of Sub-FedAvg, after the chosen step."""
    with _piece("round"):
        step = one_of("Step", toy_round.STEPS, key="round", first="start")
        st.markdown(ROUND[step])
        scene = toy_round.scenes()[step]
        server = ", ".join(f"{weight:.2f}" for weight in scene.server)
        keepers = ", ".join(map(str, scene.keepers))
        alt = f"The server's weights are {server}; kept by {keepers} clients."
        st.image(drawing.federated_round(step), alt=alt, width="content")
        st.caption(
            "Client A has images of 0 and 1, B of 1 and 2, C of 0 and 2. A dashed box is a weight "
            "that the client does not keep."
        )
    _lesson("round")
