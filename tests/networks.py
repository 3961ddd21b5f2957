"""Networks for tests: hypothesis strategies and the real architecture with random weights."""

import itertools
from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.network import Layer, Network

REAL_WIDTHS = (784, 1000, 1000, 500, 200, 10)

few_values = st.integers(-3, 3).map(float)
"""So few that ties, zeros and all-zero columns are common, and sums are exact in any order."""

any_values = st.floats(-4, 4, width=32)

sparsities = st.integers(0, 99_000).map(lambda step: step / 100_000)
"""Every K from 0 to 0.99 on the grid of settings."""


@st.composite
def networks(
    draw: st.DrawFn, values: st.SearchStrategy[float] = few_values, most_hidden: int = 3
) -> Network:
    """Small networks: 1 to 5 units a layer, 1 to 3 hidden layers."""
    widths = draw(st.lists(st.integers(1, 5), min_size=3, max_size=most_hidden + 2))
    return Network(tuple(_layer(draw, shape, values) for shape in itertools.pairwise(widths)))


def random_network(widths: Sequence[int], seed: int = 0) -> Network:
    """Weights as Glorot draws them, biases small and of both signs."""
    rng = np.random.default_rng(seed)
    shapes = itertools.pairwise(widths)
    return Network(tuple(_random_layer(shape, rng) for shape in shapes))


def _layer(draw: st.DrawFn, shape: tuple[int, int], values: st.SearchStrategy[float]) -> Layer:
    kernel = draw(hnp.arrays(np.float32, shape, elements=values))
    return Layer(kernel, draw(hnp.arrays(np.float32, shape[1:], elements=values)))


def _random_layer(shape: tuple[int, int], rng: np.random.Generator) -> Layer:
    limit = np.sqrt(6 / sum(shape))
    kernel = rng.uniform(-limit, limit, shape).astype(np.float32)
    return Layer(kernel, rng.normal(0, 0.02, shape[1]).astype(np.float32))
