"""Checks of single fields that several kinds of settings share."""

from collections.abc import Sequence

from engine import checks

STEPS_PER_UNIT = 100_000
"""Sparsity is carried in steps of 0.00001 (a thousandth of a percent), so that counts are exact."""

MOST_SEED = 2**31 - 1


def freeze(settings: object, name: str, value: object) -> None:
    """Set a field while a frozen value is made: the one door into a frozen dataclass."""
    object.__setattr__(settings, name, value)


def seed(value: object) -> int:
    """The seed of every random choice of a run."""
    return checks.whole("seed", value, 0, MOST_SEED)


def fraction(name: str, value: object) -> float:
    """A share from 0 to 1."""
    return checks.real(name, value, 0, 1, allowed="a number from 0 to 1")


def positive(name: str, value: object, most: float) -> float:
    """A number above zero and at most `most`."""
    allowed = f"a number above 0 and at most {most:g}"
    number = checks.real(name, value, 0, most, allowed=allowed)
    if number == 0:
        raise checks.refuse(name, allowed, value)
    return number


def sparsity(level: object, *, name: str = "sparsity") -> float:
    """A sparsity from 0 to 0.99 on the grid of `STEPS_PER_UNIT`."""
    return on_grid(checks.real(name, level, 0, 0.99, allowed="a fraction from 0 to 0.99"))


def sparsities(levels: Sequence[object]) -> tuple[float, ...]:
    """Sparsities, ascending and each once."""
    values = sorted({sparsity(level) for level in levels})
    if len(values) != len(levels):
        raise checks.refuse("sparsities", "a list without repetition", tuple(levels))
    return tuple(values)


def on_grid(share: float) -> float:
    """The nearest sparsity that can be carried exactly."""
    return round(share * STEPS_PER_UNIT) / STEPS_PER_UNIT
