import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import Dataset, normalised
from engine.explore.answers import BLOCK, exact, quick, sample, sample_rows
from engine.explore.question import Question
from engine.explore.question import pruned as cut
from engine.networks.forward import evaluation_set
from engine.pruning.measure import achieved_sparsity, measure
from engine.results.intervals import wilson_interval
from tests.networks import random_network


@pytest.fixture
def tiny():
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (BLOCK + 70, 3, 4), np.uint8)
    labels = rng.integers(0, 3, len(images)).astype(np.uint8)
    return Dataset("tiny", images[:9], labels[:9], images, labels)


def pruned_as(question):
    network = random_network((12, 9, 6, 3))
    return cut(network, question)


def swept(pruned, inputs, method, sparsity):
    achieved = achieved_sparsity(method, pruned)
    return measure(pruned.network, inputs, method=method, sparsity=sparsity, achieved=achieved)


def test_the_interval_of_wilson_is_that_of_the_books():
    low, high = wilson_interval(81 / 263, 263)  # Newcombe 1998, table I
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson_interval(0 / 20, 20) == pytest.approx((0, 0.1611), abs=5e-5)  # his (0, 0.1611)
    assert wilson_interval(29 / 29, 29) == pytest.approx((0.8830, 1), abs=5e-5)


@given(st.integers(1, 2000), st.data())
def test_the_interval_holds_the_share_and_narrows_with_more_images(images, data):
    right = data.draw(st.integers(0, images))
    low, high = wilson_interval(right / images, images)
    assert 0 <= low <= right / images <= high <= 1
    wide = high - low
    assert (
        wilson_interval(right / images, 10 * images)[1]
        - wilson_interval(right / images, 10 * images)[0]
        < wide
    )


def test_the_sample_is_fixed_and_evenly_spaced():
    rows = sample_rows(10_000, 1000)
    assert np.array_equal(rows, sample_rows(10_000, 1000))
    assert (np.diff(rows) > 0).all()
    assert np.count_nonzero(rows < 5000) == 500
    assert np.array_equal(sample_rows(7, 1000), np.arange(7))


def test_a_quick_answer_is_the_point_of_a_sweep_on_the_sample(tiny):
    chosen = sample(tiny, most=50)
    question = Question(method="unit", sparsities=(0.5,))
    answer = quick(pruned_as(question), question, chosen)
    images = normalised(tiny.x_test[chosen.rows])
    inputs = evaluation_set(images, tiny.y_test[chosen.rows])
    assert answer.point == swept(pruned_as(question), inputs, "unit", 0.5)
    assert (answer.images, answer.exact) == (50, False)
    low, high = answer.interval
    assert low < answer.point.accuracy < high


def test_the_exact_answer_is_the_point_of_a_sweep_on_all_images(tiny):
    question = Question(sparsities=(0.3,))
    pruned, shares = pruned_as(question), list[float]()
    first = quick(pruned, question, sample(tiny, most=50))
    answer = exact(pruned, first, tiny, shares.append)
    inputs = evaluation_set(normalised(tiny.x_test), tiny.y_test)
    whole = swept(pruned, inputs, "weight", 0.3)
    assert math.isclose(answer.point.loss, whole.loss, rel_tol=1e-5)
    assert replace(answer.point, loss=whole.loss) == whole
    assert answer.exact
    assert answer.interval == (whole.accuracy, whole.accuracy)
    assert shares == [0, BLOCK / (BLOCK + 70)]


def test_what_a_turn_raises_stops_the_exact_answer(tiny):
    def stop(_):
        raise InterruptedError

    question = Question()
    pruned = pruned_as(question)
    first = quick(pruned, question, sample(tiny, most=50))
    with pytest.raises(InterruptedError):
        exact(pruned, first, tiny, stop)


def test_a_sample_of_all_images_is_exact(tiny):
    question = Question()
    answer = quick(pruned_as(question), question, sample(tiny))
    assert answer.exact
    assert answer.images == len(tiny.y_test)


def test_layers_with_their_own_k_report_the_k_that_was_achieved():
    network = random_network((10, 10, 10, 3))
    question = Question(method="unit", sparsities=(0.2, 0.6))
    pruned = cut(network, question)
    data = Dataset("x", *[np.zeros((4, 10), np.uint8), np.zeros(4, np.uint8)] * 2)
    assert quick(pruned, question, sample(data)).point.sparsity == 0.4
