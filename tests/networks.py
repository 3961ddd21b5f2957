"""Networks for tests: hypothesis strategies and the real architecture with random weights."""

import itertools
from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.networks.architecture import guide_cnn
from engine.networks.convolution import Convolution
from engine.networks.network import Layer, Network, initial_network

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


@st.composite
def convolutional_networks(
    draw: st.DrawFn, values: st.SearchStrategy[float] = few_values
) -> Network:
    """One or two convolutions of 1 to 3 filters, none or one hidden dense layer, logits."""
    layers = [_convolution(draw, draw(places()), values)]
    rows, columns = layers[0].convolution.passed  # type: ignore[union-attr]
    if min(rows, columns) >= 2 and draw(st.booleans()):
        second = Convolution(rows, columns, layers[0].units, window=2, pool=1)
        layers.append(_convolution(draw, second, values))
    widths = [layers[-1].shape.outputs, *draw(st.lists(st.integers(1, 4), min_size=1, max_size=2))]
    return Network((*layers, *(_layer(draw, pair, values) for pair in itertools.pairwise(widths))))


@st.composite
def places(draw: st.DrawFn) -> Convolution:
    """Small images of up to 3 channels, windows of up to 3x3, pooling of up to 2x2."""
    window, pool = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    least = window + pool - 1
    height, width = draw(st.integers(least, 6)), draw(st.integers(least, 6))
    return Convolution(height, width, draw(st.integers(1, 3)), window=window, pool=pool)


def random_cnn(image_shape: Sequence[int] = (28, 28), classes: int = 10, seed: int = 0) -> Network:
    """The guide's network with weights as Glorot draws them, biases small and of both signs."""
    rng = np.random.default_rng(seed)
    start = initial_network(guide_cnn(image_shape, classes), rng)
    biases = (rng.normal(0, 0.02, layer.units).astype(np.float32) for layer in start.layers)
    pairs = zip(start.layers, biases, strict=True)
    return Network(tuple(Layer(x.kernel, bias, x.convolution) for x, bias in pairs))


def random_network(widths: Sequence[int], seed: int = 0) -> Network:
    """Weights as Glorot draws them, biases small and of both signs."""
    rng = np.random.default_rng(seed)
    shapes = itertools.pairwise(widths)
    return Network(tuple(_random_layer(shape, rng) for shape in shapes))


def _layer(draw: st.DrawFn, shape: tuple[int, int], values: st.SearchStrategy[float]) -> Layer:
    kernel = draw(hnp.arrays(np.float32, shape, elements=values))
    return Layer(kernel, draw(hnp.arrays(np.float32, shape[1:], elements=values)))


def _convolution(draw: st.DrawFn, place: Convolution, values: st.SearchStrategy[float]) -> Layer:
    filters = draw(st.integers(1, 3))
    kernel = draw(hnp.arrays(np.float32, (place.patch, filters), elements=values))
    return Layer(kernel, draw(hnp.arrays(np.float32, filters, elements=values)), place)


def _random_layer(shape: tuple[int, int], rng: np.random.Generator) -> Layer:
    limit = np.sqrt(6 / sum(shape))
    kernel = rng.uniform(-limit, limit, shape).astype(np.float32)
    return Layer(kernel, rng.normal(0, 0.02, shape[1]).astype(np.float32))
