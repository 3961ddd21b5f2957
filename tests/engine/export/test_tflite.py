"""The TFLite file written without the converter is the one that the converter writes."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from engine.networks.architecture import guide_cnn
from engine.networks.network import Layer, Network, initial_network
from engine.pruning.prune import prune
from engine.pruning.shrink import shrink
from tests.engine.export.shapes import (
    MIXED,
    SMALL,
    SPECIAL,
    changed,
    convert,
    unit_pruned,
    weight_pruned,
)
from tests.networks import random_cnn, random_network

pytestmark = pytest.mark.tensorflow

VARIANTS = ("float32", "dynamic")

# Of these the converter makes something that a skeleton cannot express.
LEFT_TO_THE_CONVERTER = {
    "two all-zero kernels",
    "equal kernels",
    "equal biases",
}


@pytest.fixture(scope="module")
def skeleton_for() -> Callable[..., bytes]:
    """The skeleton of a network's kind, made of the first one of that kind: once, as in use."""
    from engine.export import tflite

    made: dict[tflite.Kind, bytes] = {}

    def skeleton(network: Network, variant: str) -> bytes:
        kind = tflite.kind(network, variant)
        if kind not in made:
            bare = tflite.skeleton(network, convert, variant)
            assert bare is not None
            made[kind] = bare
        return made[kind]

    return skeleton


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    "network",
    [
        random_network(MIXED, seed=1),
        weight_pruned(random_network(MIXED, seed=2), 0.8),
        unit_pruned(random_network(MIXED, seed=3), 0.5),
        random_network((784, 33, 40, 26, 9, 7), seed=4),
        random_network((1030, 1, 1024, 1, 1, 5), seed=5),
    ],
    ids=["dense", "weight-pruned", "unit-pruned", "other widths", "layers of one unit"],
)
def test_a_skeleton_serves_networks_of_its_kind_whatever_their_widths(
    skeleton_for: Callable[..., bytes], network: Network, variant: str
) -> None:
    from engine.export import tflite

    other = random_network(MIXED)
    assert tflite.kind(network, variant) == tflite.kind(other, variant)
    expected = convert(network, variant)
    assert tflite.write(skeleton_for(other, variant), network) == expected


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", sorted(SPECIAL))
def test_special_values_are_written_as_the_converter_does_or_left_to_it(
    skeleton_for: Callable[..., bytes], name: str, variant: str
) -> None:
    from engine.export import tflite

    network = changed(random_network(MIXED), SPECIAL[name])
    written = tflite.write(skeleton_for(network, variant), network)
    left = name in LEFT_TO_THE_CONVERTER or (variant == "dynamic" and "once quantised" in name)
    assert (written is None) == left
    assert left or written == convert(network, variant)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_weights_that_are_no_numbers_are_left_to_the_converter(
    skeleton_for: Callable[..., bytes], bad: float
) -> None:
    from engine.export import tflite

    def spoil(arrays: list[np.ndarray]) -> None:
        arrays[0][3, 2] = bad

    bare = skeleton_for(random_network(MIXED), "dynamic")
    assert tflite.write(bare, changed(random_network(MIXED), spoil)) is None


def test_small_kernels_stay_float_and_share_one_kind() -> None:
    from engine.export import tflite

    network = random_network(SMALL)
    assert not any(tflite.kind(network, "dynamic").quantized)
    assert tflite.kind(random_network(MIXED), "dynamic").quantized == (
        *[True] * 3,
        False,
        False,
    )
    bare = tflite.skeleton(network, convert, "dynamic")
    assert bare is not None
    assert tflite.write(bare, network) == convert(network, "dynamic")


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_skeleton_of_wide_layers_is_made_of_narrow_ones(variant: str) -> None:
    from engine.export import tflite

    network = random_network((900, 700, 600, 2))
    bare = tflite.skeleton(network, convert, variant)
    assert bare is not None
    assert len(bare) < 20_000
    assert tflite.write(bare, network) == convert(network, variant)


def test_quantisation_follows_its_rule_to_the_last_half() -> None:
    from engine.export import tflite

    rng = np.random.default_rng(0)
    scale = rng.integers(1, 65_000, 64)  # exact in float32, as are all halves of a step
    steps = rng.integers(-127, 127, (300, 64)) + 0.5
    steps[0] = 127
    network = Network((Layer((steps * scale).astype("f4"), np.ones(64, "f4")),))
    bare = tflite.skeleton(network, convert, "dynamic")
    assert bare is not None
    file = tflite.write(bare, network)
    assert file == convert(network, "dynamic")
    rounded = np.trunc(steps + np.copysign(0.5, steps)).astype(np.int8)  # away from zero
    assert np.ascontiguousarray(rounded.T).tobytes() in file


def without_filters(k: float) -> Network:
    return prune(random_cnn(seed=3), method="unit", sparsity=k, bias="pruned").network


CONVOLUTIONAL = {
    "weight-pruned": prune(random_cnn(seed=4), method="weight", sparsity=0.9).network,
    "one filter left": without_filters(0.99),
    "filters removed": shrink(without_filters(0.5)),
    "no biases": initial_network(guide_cnn((28, 28), 10), np.random.default_rng(0)),
    "cifar-10": random_cnn((32, 32, 3), seed=2),
    "an int8 convolution": random_cnn((9, 7, 130), classes=3),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", CONVOLUTIONAL)
def test_networks_with_convolutions_are_written_as_the_converter_does(
    skeleton_for: Callable[..., bytes], name: str, variant: str
) -> None:
    from engine.export import tflite

    network = CONVOLUTIONAL[name]
    bare = skeleton_for(network, variant)
    assert tflite.write(bare, network) == convert(network, variant)


def test_networks_with_convolutions_share_a_skeleton_only_with_those_of_their_shape() -> None:
    from engine.export import tflite

    whole, small = without_filters(0.5), shrink(without_filters(0.5))
    assert tflite.kind(whole, "float32") == tflite.kind(random_cnn(), "float32")
    assert tflite.kind(whole, "float32") != tflite.kind(small, "float32")


def test_repeated_conversions_are_the_same_bytes() -> None:

    network = random_network(SMALL)
    for variant in VARIANTS:
        first, second = (convert(network, variant) for _ in range(2))
        assert first == second


def test_random_small_networks_are_written_as_the_converter_does() -> None:
    """Widths at random, so that kernels fall on both sides of the quantisation threshold."""
    from engine.export import tflite

    rng = np.random.default_rng(7)
    for seed, variant in itertools.product(range(2), VARIANTS):
        widths = tuple(int(w) for w in rng.integers(2, 70, rng.integers(2, 6)))
        network = random_network(widths, seed)
        bare = tflite.skeleton(network, convert, variant)
        assert bare is not None
        assert tflite.write(bare, network) == convert(network, variant)
