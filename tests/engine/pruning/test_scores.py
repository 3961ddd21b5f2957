"""Norms of units: the same bits as one sum of all squares, whatever blocks a kernel has."""

import numpy as np
import pytest

from engine.pruning.scores import BLOCK, column_norms


@pytest.mark.parametrize("shape", [(1, 3), (7, 5), (300, 500), (2 * BLOCK // 100 + 7, 100)])
def test_norms_of_blocks_of_rows_are_those_of_one_sum(shape):
    kernel = np.random.default_rng(0).normal(0, 3, shape).astype(np.float32)
    wanted = np.sqrt(np.square(kernel.astype(np.float64)).sum(axis=0))
    assert np.array_equal(column_norms([kernel], "l2")[0], wanted)


def test_nothing_read_has_no_norm():
    assert column_norms([np.zeros((0, 2), np.float32)], "l2")[0].tolist() == [0, 0]
