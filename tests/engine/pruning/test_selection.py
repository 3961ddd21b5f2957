import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.pruning.selection import GONE, lowest, lowest_entries, lowest_units
from tests import reference
from tests.networks import any_values, few_values, random_network, sparsities

vectors = st.lists(few_values | any_values, max_size=40)


@given(vectors, st.data())
def test_lowest_is_the_head_of_a_stable_sort(scores: list[float], data: st.DataObject) -> None:
    count = data.draw(st.integers(0, len(scores)))
    chosen = lowest(np.array(scores, np.float32), count)
    assert set(np.flatnonzero(chosen)) == reference.lowest(scores, count)


@given(st.lists(st.floats(0, width=32), min_size=1, max_size=40), st.data())
def test_magnitudes_of_any_size_are_ranked(scores: list[float], data: st.DataObject) -> None:
    count = data.draw(st.integers(0, len(scores)))
    chosen = lowest(np.array(scores, np.float32), count)
    assert set(np.flatnonzero(chosen)) == reference.lowest(scores, count)


@pytest.mark.parametrize("sparsity", [0.01, 0.5, 0.99])
def test_a_real_kernel_is_ranked_as_a_stable_sort_ranks_it(sparsity: float) -> None:
    scores = np.abs(random_network((200, 150)).layers[0].kernel)
    scores[::7] = scores[1::7][: len(scores[::7])]  # ties
    count = int(scores.size * sparsity)
    expected = np.argsort(scores, axis=None, kind="stable")[:count]
    assert np.array_equal(np.flatnonzero(lowest(scores, count)), np.sort(expected))


def test_of_equal_scores_the_lower_index_goes_first() -> None:
    assert lowest(np.array([1.0, 0.0, 1.0, 1.0]), 3).tolist() == [True, True, True, False]


def test_two_dimensional_scores_are_ranked_row_by_row() -> None:
    assert lowest(np.zeros((2, 2)), 3).tolist() == [[True, True], [True, False]]


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_nan_ranks_highest_and_the_count_still_holds(count: int) -> None:
    scores = np.array([np.nan, 1.0, np.nan])
    chosen = lowest(scores, count)
    assert chosen.sum() == count
    assert bool(chosen[1]) == (count > 0)


@given(st.lists(vectors, min_size=1, max_size=4), sparsities, st.sampled_from(["layer", "global"]))
def test_shares_agree_with_the_reference(
    layers: list[list[float]], sparsity: float, scope: str
) -> None:
    magnitudes = [[abs(x) for x in layer] for layer in layers]
    chosen = lowest_entries([np.array(m, np.float32) for m in magnitudes], sparsity, scope)
    expected = reference.lowest_share(magnitudes, sparsity, scope)
    assert [layer.tolist() for layer in chosen] == expected


def test_entries_that_are_gone_count_towards_the_share() -> None:
    scores = [np.array([5.0, GONE, 1.0, 2.0])]
    assert lowest_entries(scores, 0.5, "layer")[0].tolist() == [False, True, True, False]


def test_entries_that_are_gone_stay_gone_beyond_the_share() -> None:
    scores = [np.array([GONE, GONE, GONE, 2.0])]
    assert lowest_entries(scores, 0.25, "layer")[0].tolist() == [True, True, True, False]


def test_global_scope_spares_the_best_unit_of_each_layer() -> None:
    scores = [np.array([0.1, 0.2]), np.array([5.0, 6.0, 7.0, 8.0])]
    chosen = lowest_units(scores, 0.5, "global")
    assert [c.tolist() for c in chosen] == [[True, False], [True, True, False, False]]


def test_global_scope_prunes_what_it_can_when_asked_for_more() -> None:
    scores = [np.array([1.0, 1.0]), np.array([1.0])]
    chosen = lowest_units(scores, 0.99, "global")
    assert [c.tolist() for c in chosen] == [[True, False], [False]]
