"""The Pareto front: places that no other place beats."""

from collections.abc import Sequence


def front(places: Sequence[tuple[float, float]]) -> list[int]:
    """Indices of the (cost, gain) pairs that are on the front, by rising cost.

    A place is on the front if no other one costs no more and gains no less, with one of the two
    strictly better. Equal places are all on it or all off it.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i][0], -places[i][1]))
    kept: list[int] = []
    for i in order:
        if not kept or places[i][1] > places[kept[-1]][1] or places[i] == places[kept[-1]]:
            kept.append(i)
    return kept
