"""Sensitivity, flips, strips and the views of the inside, against slow and obvious computations."""

import numpy as np
import pytest

from engine.datasets import Dataset
from engine.errors import InvalidInput
from engine.explore import inside
from engine.explore.answers import sample
from engine.explore.by_sparsity import GRID, LAYER_LEVELS, ROWS, Flips, flips, sensitivity, strip
from engine.explore.question import Question
from engine.explore.question import pruned as cut
from engine.networks.network import Layer, Network, forward
from engine.networks.quantization import quantized, scales_of, steps_of
from engine.pruning.prune import Rankings, prune
from engine.system.cache import Cache
from tests.networks import random_cnn, random_network

WIDTHS = (12, 9, 6, 3)


@pytest.fixture
def network():
    return random_network(WIDTHS)


@pytest.fixture
def ranked():
    return Cache[Rankings](9).get


@pytest.fixture
def chosen():
    rng = np.random.default_rng(2)
    images = rng.integers(0, 256, (40, 12), np.uint8)
    labels = rng.integers(0, 3, 40).astype(np.uint8)
    return sample(Dataset("tiny", images, labels, images, labels))


def answers(network, chosen):
    return forward(network, chosen.inputs.whole).argmax(axis=1)


def unheard(_share):
    """Nobody looks how far it is."""


def test_each_cell_of_the_sensitivity_prunes_one_layer_alone(network, ranked, chosen):
    shares: list[float] = []
    table = sensitivity(network, "unit", chosen, ranked, seed=0, turn=shares.append)
    assert len(shares) == 2 * len(LAYER_LEVELS)
    for layer, row in enumerate(table.accuracy):
        for level, found in zip(table.levels, row, strict=True):
            pruned = prune(network, method="unit", sparsity=level).network
            layers = list(network.layers)
            layers[layer] = pruned.layers[layer]
            right = answers(Network(tuple(layers)), chosen) == chosen.inputs.labels
            assert found == right.mean()


def test_the_output_of_a_cnn_has_a_row_for_weights_and_none_for_units(chosen):
    network = random_cnn((6, 6), classes=3)
    data = Dataset("x", *[np.zeros((4, 6, 6), np.uint8), np.zeros(4, np.uint8)] * 2)
    images, order = sample(data), Cache[Rankings](9).get
    counts = {
        method: len(sensitivity(network, method, images, order, seed=0, turn=unheard).accuracy)
        for method in ("weight", "unit")
    }
    assert counts == {"weight": 2, "unit": 1}


def test_flips_ask_the_pruned_network_at_every_k(network, ranked, chosen):
    found = flips(network, Question(method="hybrid"), chosen, ranked, turn=unheard)
    for level, row in zip(GRID, found.answers, strict=True):
        pruned = prune(network, method="hybrid", sparsity=level).network
        assert np.array_equal(row, answers(pruned, chosen))


def test_the_order_of_forgetting():
    right = np.array([
        [1, 1, 0, 1, 1, 1],
        [1, 0, 0, 1, 0, 1],
        [1, 1, 1, 0, 0, 1],
        [1, 0, 0, 0, 0, 1],
    ])  # fmt: skip
    found = Flips((0.0, 0.5, 0.8, 0.9), 1 - right, np.zeros(6, np.int64))
    assert found.first_wrong.tolist() == [4, 1, 0, 2, 1, 4]
    assert found.order.tolist() == [4, 1, 3]  # 4 is wrong three times, 1 twice
    assert found.never == 2
    assert found.accuracy == tuple(right.mean(axis=1))


def test_a_strip_asks_each_network_by_itself(network, ranked):
    image = np.random.default_rng(3).random(12, np.float32)
    found = strip(network, quantized(network), image, ranked)
    assert tuple(found.rows) == ROWS
    for i, level in enumerate(found.levels):
        pruned = {m: prune(network, method=m, sparsity=level).network for m in ("weight", "unit")}
        expected = {
            "dense": network,
            "weight": pruned["weight"],
            "unit": pruned["unit"],
            "quantized": quantized(network),
            "weight-quantized": quantized(pruned["weight"]),
        }
        for row, each in expected.items():
            logits = forward(each, image[np.newaxis])[0].astype(np.float64)
            cell = found.rows[row][i]
            assert cell.answer == logits.argmax()
            assert cell.share == pytest.approx(np.exp(logits.max()) / np.exp(logits).sum())


def test_pruning_the_rounded_weights_is_rounding_the_pruned_ones():
    network = random_network((40, 64, 32, 3))  # kernels large enough to be int8
    ranking = Cache[Rankings](9).get
    for level in (0.3, 0.9, 0.99):
        found = cut(network, Question(sparsities=(level,)), ranking)
        one, other = found.masks.apply(quantized(network)), quantized(found.network)
        for a, b in zip(one.layers, other.layers, strict=True):
            assert np.array_equal(a.kernel, b.kernel)


def test_int8_steps_are_symmetric_and_no_further_off_than_half_a_step():
    kernel = random_network((64, 32, 2)).layers[0].kernel
    steps, scales = steps_of(kernel), scales_of(kernel)
    assert (np.abs(steps).max(axis=0) == 127).all()
    assert np.abs(steps * scales - kernel).max() <= scales.max() / 2 * (1 + 1e-6)
    assert np.array_equal(steps_of(-kernel), -steps)


def test_small_kernels_stay_float():
    network = random_network((31, 33, 3))
    assert network.layers[0].kernel.size < 1024
    assert np.array_equal(quantized(network).layers[0].kernel, network.layers[0].kernel)


def test_a_histogram_counts_every_weight_once(network, ranked):
    pruned = cut(network, Question(sparsities=(0.5,)), ranked)
    layer, kept = network.layers[0], pruned.masks.kernels[0]
    found = inside.histogram(layer, kept)
    assert found.kept.sum() == kept.sum()
    assert found.pruned.sum() == (~kept).sum()
    assert found.threshold == np.abs(layer.kernel[~kept]).max()
    assert found.threshold < np.abs(layer.kernel[kept]).min()
    assert inside.histogram(layer, np.ones_like(kept)).threshold is None


def test_units_are_ranked_and_the_cut_divides_them(network, ranked):
    pruned = cut(network, Question(method="unit", sparsities=(0.5,)), ranked)
    found = inside.norms(network, pruned, 0)
    norms = np.linalg.norm(network.layers[0].kernel, axis=0)
    assert np.allclose(found.norms, np.sort(norms))
    assert np.allclose(norms[found.units], found.norms)
    assert found.dead.tolist() == [True] * 4 + [False] * 5


def test_a_kernel_larger_than_the_picture_is_shown_in_blocks():
    kernel = np.ones((500, 3), np.float32)
    kernel[250:] = -2
    kept = np.ones(kernel.shape, bool)
    kept[::2] = False
    signed, share = inside.picture(Layer(kernel, np.zeros(3, np.float32)), kept)
    assert signed.shape == share.shape == (250, 3)
    assert (share == 0.5).all()
    assert np.allclose(signed[:125], 0.5)
    assert np.allclose(signed[125:], -1)


def test_pixels_are_counted_by_the_rows_of_the_first_kernel(network, ranked):
    pruned = cut(network, Question(sparsities=(0.7,)), ranked)
    shares = inside.pixel_shares(pruned, (3, 4))
    assert shares.shape == (3, 4)
    assert shares[1, 2] == np.float32(pruned.masks.kernels[0][6].mean())
    colours = inside.pixel_shares(pruned, (2, 2, 3))
    assert colours[0, 1] == pytest.approx(pruned.masks.kernels[0][3:6].mean())


def test_fields_go_from_the_weakest_to_the_strongest_unit_and_dead_ones_can_still_be_seen(
    network, ranked
):
    pruned = cut(network, Question(method="unit", sparsities=(0.5,)), ranked)
    units, images, dead = inside.fields(network, pruned, (3, 4), 3)
    order = np.argsort(np.linalg.norm(network.layers[0].kernel, axis=0))
    assert units.tolist() == order[[0, 4, 8]].tolist()
    assert dead.tolist() == [True, False, False]
    column = network.layers[0].kernel[:, units[0]].reshape(3, 4)
    assert np.allclose(images[0], column / np.abs(column).max())


def test_what_a_filter_looks_at_is_its_window():
    layer = random_cnn((6, 6), classes=3).layers[0]
    assert inside.field_shape(layer, (6, 6)) == (3, 3, 1)


def test_an_image_of_another_size_is_no_question_to_the_network(network):
    from engine.explore.service import ExploreService, Subject

    lab = ExploreService(lambda _: network)
    with pytest.raises(InvalidInput, match="drawing must be an image of 12 values, not 784"):
        lab.strip(Subject("x"), np.zeros(784, np.float32))
