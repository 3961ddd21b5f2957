from dataclasses import replace

from pages.sweep.words import repeats
from tests.pages import fabricated


def reached(method: str, sparsity: float, achieved: float):
    return replace(fabricated.point(method, sparsity), achieved_sparsity=achieved)


def test_k_that_gave_the_same_network_are_named_together():
    points = [
        reached("unit", 0.5, 0.5),
        reached("unit", 0.97, 11 / 12),
        reached("unit", 0.95, 11 / 12),
        reached("unit", 0.99, 11 / 12),
    ]
    [sentence] = repeats(points)
    assert sentence == (
        "Unit at K = 95, 97 and 99 % is one and the same network: only whole units can go, here "
        "91.67 % of them."
    )


def test_points_that_differ_and_other_methods_need_no_word():
    points = [
        reached("unit", 0.5, 0.5),
        reached("random-unit", 0.6, 0.5),
        reached("weight", 0.5, 0.5),
        reached("weight", 0.51, 0.5),
    ]
    assert repeats(points) == []
