import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.networks.metrics import confusion, evaluate_logits, softmax_cross_entropy
from tests import reference

rows = st.lists(st.lists(st.floats(-50, 50, width=32), min_size=3, max_size=3), min_size=1)


def labels(*values: int) -> np.ndarray:
    return np.array(values, np.uint8)


@given(rows, st.integers(0, 2))
def test_losses_agree_with_the_reference(logits: list[list[float]], label: int) -> None:
    losses = softmax_cross_entropy(np.array(logits, "f4"), labels(*[label] * len(logits)))
    expected = [reference.cross_entropy(row, label) for row in logits]
    assert losses == pytest.approx(expected, abs=1e-9)


def test_huge_logits_neither_overflow_nor_lose_the_loss() -> None:
    losses = softmax_cross_entropy(np.array([[1e4, 0.0], [0.0, 1e4]], "f4"), labels(0, 0))
    assert losses.tolist() == [0, 10_000]


def test_confusion_counts_true_classes_in_rows() -> None:
    logits = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 1]], "f4")
    table = confusion(logits, labels(0, 0, 2), 3)
    assert table.tolist() == [[1, 0, 1], [0, 0, 0], [0, 0, 1]]


def test_an_evaluation_sums_up() -> None:
    logits = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 1]], "f4")
    found = evaluate_logits(logits, labels(0, 0, 2), 3)
    assert found.accuracy == 2 / 3
    assert found.class_accuracy == (0.5, None, 1.0)  # class 1 has no images
    assert found.balanced_accuracy == 0.75
    assert found.confusion == ((1, 0, 1), (0, 0, 0), (0, 0, 1))
    right, wrong = math.log(math.e + 2) - 1, math.log(math.e + 2)
    assert found.loss == pytest.approx((right + wrong + right) / 3)


def test_equal_logits_answer_the_first_class_with_loss_of_chance() -> None:
    found = evaluate_logits(np.zeros((4, 4), "f4"), labels(0, 1, 2, 3), 4)
    assert found.accuracy == 0.25
    assert found.loss == pytest.approx(math.log(4))


def test_many_images_of_small_labels_do_not_wrap_around() -> None:
    found = evaluate_logits(np.eye(100, dtype="f4"), np.arange(100, dtype=np.uint8), 100)
    assert found.accuracy == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_diverged_network_gets_an_evaluation_too(bad: float) -> None:
    found = evaluate_logits(np.full((3, 2), bad, "f4"), labels(0, 0, 1), 2)
    assert found.accuracy == 2 / 3
    assert math.isnan(found.loss)


def test_no_images_are_refused() -> None:
    with pytest.raises(ValueError, match="no images"):
        evaluate_logits(np.zeros((0, 2), "f4"), labels(), 2)
