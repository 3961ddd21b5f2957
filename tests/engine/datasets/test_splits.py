import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import Dataset, split
from engine.datasets.splits import split_classes, split_indices
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


@given(counts=st.lists(st.integers(1, 60), min_size=2, max_size=8), seed=SEEDS)
def test_each_class_holds_out_its_share(counts: list[int], seed: int) -> None:
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(len(counts)), counts))
    parts = split_classes(labels.astype(np.uint8), seed)
    both = np.concatenate([parts.train, parts.validation])
    np.testing.assert_array_equal(np.sort(both), np.arange(len(labels)))
    held_out = np.bincount(labels[parts.validation], minlength=len(counts))
    learnt = np.bincount(labels[parts.train], minlength=len(counts))
    wanted = max(1, len(labels) // 12)
    assert held_out.sum() == wanted
    if wanted <= sum(count - 1 for count in counts):
        assert learnt.min() >= 1  # nobody's only image is taken away
    if all(count >= 12 for count in counts):
        shares = np.array(counts) * wanted / len(labels)
        assert np.abs(held_out - shares).max() < 1
    again = split_classes(labels.astype(np.uint8), seed)
    np.testing.assert_array_equal(parts.validation, again.validation)


def test_ten_wines_hold_out_four_three_and_three() -> None:
    labels = np.repeat(np.arange(3, dtype=np.uint8), [41, 50, 33])
    held_out = split_classes(labels, 0).validation
    assert np.bincount(labels[held_out]).tolist() == [3, 4, 3]
    assert not np.array_equal(held_out, split_classes(labels, 1).validation)


@pytest.mark.parametrize(("each", "plain"), [(1200, True), (1199, False)])
def test_chance_cuts_where_every_class_has_plenty(each: int, *, plain: bool) -> None:
    labels = np.repeat(np.arange(2, dtype=np.uint8), each)
    images = np.zeros((len(labels), 1), np.uint8)
    found = split(Dataset("x", images, labels, images[:10], labels[:10]), seed=0)
    by_chance = split_indices(len(labels), 0).validation
    assert np.array_equal(found.validation, by_chance) == plain
