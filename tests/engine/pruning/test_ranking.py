import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.pruning.ranking import lowest, rank_entries, rank_units
from engine.settings import count_of
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


@given(vectors, sparsities)
def test_a_ranking_chooses_as_who_asks_but_once(scores: list[float], sparsity: float) -> None:
    array = np.array([*scores, np.nan, -1.5, -0.0], np.float32)
    (chosen,) = rank_entries([array], "layer").at([sparsity])
    assert np.array_equal(chosen, lowest(array, count_of(array.size, sparsity)))


@given(st.lists(vectors, min_size=1, max_size=4), sparsities, st.sampled_from(["layer", "global"]))
def test_shares_agree_with_the_reference(
    layers: list[list[float]], sparsity: float, scope: str
) -> None:
    magnitudes = [[abs(x) for x in layer] for layer in layers]
    ranking = rank_entries([np.array(m, np.float32) for m in magnitudes], scope)
    chosen = ranking.at([sparsity] * len(layers))
    expected = reference.lowest_share(magnitudes, sparsity, scope)
    assert [layer.tolist() for layer in chosen] == expected


def test_entries_that_are_gone_count_towards_the_share() -> None:
    ranking, gone = rank_entries([np.array([5.0, 6.0, 1.0, 2.0])], "layer"), np.arange(4) == 1
    assert ranking.at([0.5], [gone])[0].tolist() == [False, True, True, False]


def test_entries_that_are_gone_stay_gone_beyond_the_share() -> None:
    ranking, gone = rank_entries([np.array([3.0, 4.0, 5.0, 2.0])], "layer"), np.arange(4) < 3
    assert ranking.at([0.25], [gone])[0].tolist() == [True, True, True, False]


def test_global_scope_spares_the_best_unit_of_each_layer() -> None:
    scores = [np.array([0.1, 0.2]), np.array([5.0, 6.0, 7.0, 8.0])]
    chosen = rank_units(scores, "global").at([0.5])
    assert [c.tolist() for c in chosen] == [[True, False], [True, True, False, False]]


def test_global_scope_prunes_what_it_can_when_asked_for_more() -> None:
    scores = [np.array([1.0, 1.0]), np.array([1.0])]
    chosen = rank_units(scores, "global").at([0.99])
    assert [c.tolist() for c in chosen] == [[True, False], [False]]
