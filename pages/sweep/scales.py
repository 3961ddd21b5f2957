"""The horizontal axes that a trade-off can be drawn against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.results.points import Point


@dataclass(frozen=True, slots=True)
class Scale:
    """A quantity of a point, its name with unit, and how it is laid out."""

    label: str
    title: str
    value: Callable[[Point], float]
    logarithmic: bool = False


SCALES: Mapping[str, Scale] = {
    "k": Scale("Sparsity K", "sparsity K, %", lambda point: 100 * point.sparsity),
    "parameters": Scale(
        "Effective parameters",
        "parameters left after removal",
        lambda point: point.effective_parameters,
        logarithmic=True,
    ),
    "compression": Scale(
        "Compression ratio",
        "compression ratio, parameters ÷ nonzero",
        lambda point: point.compression_ratio,
        logarithmic=True,
    ),
    "speedup": Scale(
        "Theoretical speed-up",
        "theoretical speed-up, MACs ÷ nonzero MACs",
        lambda point: point.theoretical_speedup,
        logarithmic=True,
    ),
}
"""By the name that stands in the URL."""
