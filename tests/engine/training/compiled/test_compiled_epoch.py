"""The compiled loops against matrix products, and what stops wrong sizes before them."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.training.compiled import Rates, epoch, joined, parted, training

RATES = Rates(*(np.float32(number) for number in (0.1, 0.5, 0.3, 255)))


def layers_of(widths, rng):
    return [
        (rng.normal(size=pair).astype(np.float32), rng.normal(size=pair[1]).astype(np.float32))
        for pair in itertools.pairwise(widths)
    ]


def started(layers, batch, *, masks=(), anchored=False):
    last = len(layers) - 1
    matrices = tuple(
        joined(kernel, bias, hidden=place < last) for place, (kernel, bias) in enumerate(layers)
    )
    widths = tuple(len(kernel) for kernel, _ in layers)
    anchors = tuple(matrix.copy() for matrix in matrices) if anchored else ()
    return training(matrices, widths, batch, masks=masks, anchors=anchors)


def trained(state, layers):
    return [
        parted(matrix, *kernel.shape)
        for matrix, (kernel, _) in zip(state.matrices, layers, strict=True)
    ]


def slow_epoch(layers, images, labels, batch, *, anchored=False):
    """Steps in float64, written down as they are taught."""
    weights = [array.astype(np.float64) for pair in layers for array in pair]
    anchor, velocity = weights, [np.zeros_like(array) for array in weights]
    right, loss = 0, 0.0
    for start in range(0, len(images), batch):
        x, wanted = images[start : start + batch] / 255, labels[start : start + batch]
        read = [x]
        for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
            read.append(np.maximum(read[-1] @ kernel + bias, 0))
        logits = read[-1] @ weights[-2] + weights[-1]
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        loss -= np.log(chances[np.arange(len(x)), wanted]).sum()
        right += (logits.argmax(axis=1) == wanted).sum()
        slopes = (chances - np.eye(logits.shape[1])[wanted]) / len(x)
        gradients = list(weights)
        for place in range(len(read) - 1, -1, -1):
            gradients[2 * place] = read[place].T @ slopes
            gradients[2 * place + 1] = slopes.sum(axis=0)
            slopes = (slopes @ weights[2 * place].T) * (read[place] > 0)
        if anchored:
            pulls = [0.3 * (now - then) for now, then in zip(weights, anchor, strict=True)]
            gradients = [g + pull for g, pull in zip(gradients, pulls, strict=True)]
        velocity = [0.5 * v + g for v, g in zip(velocity, gradients, strict=True)]
        weights = [w - 0.1 * v for w, v in zip(weights, velocity, strict=True)]
    return weights, right, loss


@settings(max_examples=60)
@given(
    st.lists(st.integers(1, 18), min_size=4, max_size=4),
    st.integers(1, 11),
    st.integers(1, 23),
    st.booleans(),
    st.integers(0, 1000),
)
def test_an_epoch_is_what_matrix_products_make(widths, batch, count, anchored, seed):
    rng = np.random.default_rng(seed)
    layers = layers_of(widths, rng)
    images = rng.integers(0, 256, (count, widths[0])) * (rng.random((count, widths[0])) < 0.5)
    images, labels = images.astype(np.uint8), rng.integers(0, widths[-1], count)
    state = started(layers, batch, anchored=anchored)
    right, loss = epoch(state, images, labels, RATES)
    wanted, right_slow, loss_slow = slow_epoch(layers, images, labels, batch, anchored=anchored)
    found = [array for pair in trained(state, layers) for array in pair]
    for mine, theirs in zip(found, wanted, strict=True):
        assert np.allclose(mine, theirs, rtol=1e-3, atol=1e-3)
    assert abs(right - right_slow) <= 1  # a draw may be lost to rounding
    assert loss == pytest.approx(loss_slow, rel=1e-3, abs=1e-3)


def test_what_stands_behind_units_and_rows_stays_zero():
    rng = np.random.default_rng(0)
    layers = layers_of((3, 9, 4, 2), rng)
    state = started(layers, 5)
    epoch(state, rng.integers(0, 256, (13, 3)).astype(np.uint8), rng.integers(0, 2, 13), RATES)
    for matrix, (kernel, _) in zip(state.matrices, layers, strict=True):
        rows, columns = kernel.shape
        assert np.any(matrix[rows])
        assert not np.any(matrix[rows + 1 :])
        assert not np.any(matrix[:, columns:])


def test_masks_hold_what_is_pruned_at_every_step():
    rng = np.random.default_rng(0)
    layers = layers_of((5, 12, 7, 3), rng)
    flags = [rng.random(kernel.shape) < 0.5 for kernel, _ in layers]
    layers = [(kernel * mask, bias) for (kernel, bias), mask in zip(layers, flags, strict=True)]
    ones = [
        (mask.astype(np.float32), np.ones_like(bias))
        for mask, (_, bias) in zip(flags, layers, strict=True)
    ]
    masks = tuple(matrix > 0 for matrix in started(ones, 1).matrices)
    state = started(layers, 1, masks=masks)
    image, label = rng.integers(1, 256, (1, 5)).astype(np.uint8), np.array([1])
    for _ in range(8):
        epoch(state, image, label, RATES)
        for (kernel, _), mask in zip(trained(state, layers), flags, strict=True):
            assert not np.any(kernel[~mask])
    assert not np.array_equal(trained(state, layers)[0][0], layers[0][0])


def test_joined_and_parted_are_inverse():
    kernel, bias = layers_of((7, 3), np.random.default_rng(0))[0]
    matrix = joined(kernel, bias, hidden=True)
    assert matrix.shape == (8, 8)
    assert joined(kernel, bias, hidden=False).shape == (8, 3)
    found = parted(matrix, 7, 3)
    assert np.array_equal(found[0], kernel)
    assert np.array_equal(found[1], bias)


@pytest.mark.parametrize("labels", [[0, 1, 2, 3], [0, -1, 2, 2]])
def test_a_label_without_a_column_is_refused(labels):
    state = started(layers_of((4, 5, 3), np.random.default_rng(0)), 2)
    with pytest.raises(ValueError, match="not 0 to 2"):
        epoch(state, np.zeros((4, 4), np.uint8), np.array(labels), RATES)


@pytest.mark.parametrize("shape", [(4, 5), (3, 4)])
def test_images_of_another_size_are_refused(shape):
    state = started(layers_of((4, 5, 3), np.random.default_rng(0)), 2)
    with pytest.raises(ValueError, match="images"):
        epoch(state, np.zeros(shape, np.uint8), np.zeros(4, np.int64), RATES)


def test_no_images_teach_nothing():
    layers = layers_of((4, 5, 3), np.random.default_rng(0))
    state = started(layers, 2)
    assert epoch(state, np.zeros((0, 4), np.uint8), np.zeros(0, np.int64), RATES) == (0, 0)
    assert np.array_equal(trained(state, layers)[0][0], layers[0][0])


def test_pixels_may_be_floats():
    rng = np.random.default_rng(0)
    layers = layers_of((6, 5, 3), rng)
    images, labels = rng.integers(0, 256, (9, 6)).astype(np.uint8), rng.integers(0, 3, 9)
    one, other = started(layers, 4), started(layers, 4)
    epoch(one, images, labels, RATES)
    epoch(other, (images / 255).astype(np.float32), labels, RATES._replace(scale=np.float32(1)))
    assert np.allclose(one.matrices[0], other.matrices[0], atol=1e-6)


def test_pixels_that_may_not_be_written_are_read():
    layers = layers_of((6, 5, 3), np.random.default_rng(0))
    images = np.zeros((9, 6), np.uint8)
    images.setflags(write=False)
    epoch(started(layers, 4), images, np.zeros(9, np.int64), RATES)


@pytest.mark.parametrize("widths", [(0, 4, 5, 2), (3, 0, 5, 2), (3, 4, 0, 2), (7, 8, 16, 1)])
def test_layers_without_units_and_of_whole_blocks_learn(widths):
    rng = np.random.default_rng(0)
    layers = layers_of(widths, rng)
    images = rng.integers(0, 256, (9, widths[0])).astype(np.uint8)
    labels = rng.integers(0, widths[-1], 9)
    state = started(layers, 4)
    epoch(state, images, labels, RATES)
    wanted, _, _ = slow_epoch(layers, images, labels, 4)
    for mine, theirs in zip(
        [array for pair in trained(state, layers) for array in pair], wanted, strict=True
    ):
        assert np.allclose(mine, theirs, rtol=1e-3, atol=1e-4)


def test_two_threads_learn_what_one_learns():
    rng = np.random.default_rng(0)
    layers = layers_of((30, 60, 20, 5), rng)
    images, labels = rng.integers(0, 256, (200, 30)).astype(np.uint8), rng.integers(0, 5, 200)
    states = [started(layers, 10) for _ in range(5)]

    def learn(state):
        return [epoch(state, images, labels, RATES) for _ in range(5)]

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(learn, states[1:]))
    assert told == [learn(states[0])] * 4
    for state in states[1:]:
        for mine, theirs in zip(state.matrices, states[0].matrices, strict=True):
            assert np.array_equal(mine, theirs)


def test_no_number_that_only_fades_becomes_subnormal():
    layers = layers_of((2, 4, 2), np.random.default_rng(0))
    state = started(layers, 1)
    rates = RATES._replace(momentum=np.float32(0.9), learning_rate=np.float32(0.001))
    epoch(state, np.array([[0, 255]], np.uint8), np.array([0]), rates)
    assert np.any(state.velocity[0][1])
    for _ in range(1000):
        epoch(state, np.array([[255, 0]], np.uint8), np.array([0]), rates)
    smallest = np.finfo(np.float32).tiny
    for array in (*state.velocity, *state.gradients):
        assert not np.any((array != 0) & (np.abs(array) < smallest))
    assert not np.any(state.velocity[0][1])


@pytest.mark.parametrize(
    ("widths", "batch", "masks"),
    [
        ((4, 5, 5), 2, ()),
        ((4,), 2, ()),
        ((4, 8), 2, ()),
        ((8, 5), 2, ()),
        ((4, 5), 0, ()),
        ((4, 5), 2, (np.ones((8, 8), bool), np.ones((8, 4), bool))),
        ((4, 5), 2, (np.ones((8, 8), bool),)),
    ],
)
def test_sizes_that_do_not_belong_together_are_refused(widths, batch, masks):
    state = started(layers_of((4, 5, 3), np.random.default_rng(0)), 2)
    with pytest.raises(ValueError, match=r"widths|masks|images a step"):
        training(state.matrices, widths, batch, masks=masks)
