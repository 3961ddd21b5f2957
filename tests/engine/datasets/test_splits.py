import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import split_indices
from engine.errors import InvalidInput

SEEDS = st.integers(0, 2**31 - 1)


@given(count=st.integers(2, 500), seed=SEEDS)
def test_the_parts_are_disjoint_sorted_and_together_everything(count: int, seed: int) -> None:
    parts = split_indices(count, seed)
    both = np.concatenate([parts.train, parts.validation])
    np.testing.assert_array_equal(np.sort(both), np.arange(count))
    assert len(parts.validation) == max(1, count // 12)
    for part in (parts.train, parts.validation):
        assert part.dtype == np.int64
        np.testing.assert_array_equal(part, np.sort(part))


@given(count=st.integers(2, 500), seed=SEEDS)
def test_the_same_count_and_seed_give_the_same_split(count: int, seed: int) -> None:
    once, again = split_indices(count, seed), split_indices(count, seed)
    np.testing.assert_array_equal(once.validation, again.validation)


def test_another_seed_gives_another_split() -> None:
    assert not np.array_equal(split_indices(600, 0).validation, split_indices(600, 1).validation)


def test_the_split_is_pinned_because_results_depend_on_it() -> None:
    assert split_indices(36, 0).validation.tolist() == [20, 21, 30]


def test_mnist_leaves_5000_images_for_validation() -> None:
    parts = split_indices(60_000, 0)
    assert (len(parts.train), len(parts.validation)) == (55_000, 5_000)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_images_cannot_be_split(count: int) -> None:
    with pytest.raises(InvalidInput, match="training images must be a whole number from 2"):
        split_indices(count, 0)
