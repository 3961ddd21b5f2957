"""f(x) = x + 5x²: which of the two coefficients is insignificant?

By magnitude it is the 1 of x. Where x is small it is the 5: magnitude is a guess at significance
that holds for inputs of ordinary size.
"""

from collections.abc import Collection, Sequence

from engine import checks

TERMS = ("x", "5x²")
POINTS = 81


def value(x: float, dropped: Collection[str] = ()) -> float:
    """The value at x without the dropped terms."""
    worth = {"x": x, "5x²": 5 * x**2}
    return sum(worth[term] for term in TERMS if term not in dropped)


def places(reach: float) -> list[float]:
    """Evenly spaced x from -reach to reach.

    Raises:
        InvalidInput: the reach is not from 0.05 to 2.
    """
    far = checks.real("reach", reach, 0.05, 2, allowed="a number from 0.05 to 2")
    return [far * (2 * i / (POINTS - 1) - 1) for i in range(POINTS)]


def largest_change(xs: Sequence[float], dropped: str) -> float:
    """The most that leaving out the term changes the value at any of these x."""
    return max(abs(value(x) - value(x, (dropped,))) for x in xs)
