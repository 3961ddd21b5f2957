"""Sparsity K: percent at the surface, a fraction inside, counts in whole numbers."""

from engine import checks

STEPS_PER_UNIT = 100_000
"""Sparsity is carried in steps of 0.00001 (a thousandth of a percent), so that counts are exact."""

MOST_SPARSITY = 0.99


def on_grid(share: float) -> float:
    """The nearest sparsity that can be carried exactly."""
    return round(share * STEPS_PER_UNIT) / STEPS_PER_UNIT


def sparsity_from_percent(percent: object) -> float:
    """The sparsity as a fraction, of a K in percent from 0 to 99 as people write it.

    Raises:
        InvalidInput: it is no such percentage.
    """
    allowed = "a percentage K from 0 to 99"
    try:
        text = str(percent).strip().removesuffix("%")
        value = float(text.replace("_", "?"))  # float() reads "1_0" as 10
    except ValueError:
        raise checks.refuse("sparsity", allowed, percent) from None
    checks.real("sparsity", value, 0, 99, allowed=allowed)
    return on_grid(value / 100)


def count_of(size: int, sparsity: float) -> int:
    """How many of `size` entries a sparsity takes: the floor, in whole numbers, never a float."""
    return size * round(sparsity * STEPS_PER_UNIT) // STEPS_PER_UNIT


def percent(sparsity: float) -> str:
    """The sparsity as K in percent, without needless digits: 0.5 -> '50', 0.9375 -> '93.75'."""
    return f"{round(sparsity * 100, 3):g}"
