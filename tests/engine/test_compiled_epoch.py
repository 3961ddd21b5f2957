"""The compiled loops against matrix products, and what stops wrong sizes before them."""

import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compiled_epoch import Rates, _compiled_for_good, epoch, joined, parted, training

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
    return training(matrices, widths, batch, masks=masks, anchored=anchored)


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


@settings(max_examples=60, deadline=None)
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


PROGRAM = """
import resource
import sys

from engine.compiled_epoch import _compiled_for_good

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))


def twice(number):
    return 2 * number


print(_compiled_for_good(twice)(21))
"""


@pytest.mark.parametrize("room", [0, 10**9])
def test_what_is_compiled_is_kept_and_works_on_a_full_disk_too(tmp_path, room):
    program, kept = tmp_path / "program.py", tmp_path / "kept"
    program.write_text(PROGRAM)
    environment = os.environ | {"NUMBA_CACHE_DIR": str(kept), "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, program, str(room)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "42\n"
    assert bool(list(kept.rglob("*.nbc"))) == bool(room)


def test_without_a_place_to_keep_it_it_is_compiled_all_the_same():
    made: dict[str, Any] = {}
    exec("def twice(number):\n    return 2 * number", made)  # noqa: S102  # a function of no file
    assert _compiled_for_good(made["twice"])(21) == 42
