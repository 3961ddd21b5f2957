"""How methods, rivals and data splits look: colour, dash and marker, the same on every page.

The colours are told apart with every kind of colour blindness and stand out on white and on
black; dash and marker repeat the difference for print in grey.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.results import BASELINE, ONE_SHOT, SCHEDULE, SMALL, START, UNPRUNED


@dataclass(frozen=True, slots=True)
class Look:
    """Name for people, CSS colour, and plotly's names of dash and marker."""

    label: str
    colour: str
    dash: str
    symbol: str


METHODS: Mapping[str, Look] = {
    BASELINE: Look("Baseline", "#8A8F98", "dot", "star"),
    "weight": Look("Weight", "#2F6BE6", "solid", "circle"),
    "unit": Look("Unit", "#D55E00", "dash", "square"),
    "hybrid": Look("Hybrid", "#00A66E", "dashdot", "diamond"),
    "random-weight": Look("Random weight", "#CC5FA0", "dot", "x-thin-open"),
    "random-unit": Look("Random unit", "#808792", "dot", "cross-thin-open"),
}

SPLITS: Mapping[str, Look] = {
    "train": Look("Training", "#7C6FE0", "solid", "circle"),
    "validation": Look("Validation", "#C7568F", "dash", "square"),
    "test": Look("Test", "#8A8F98", "dot", "diamond"),
}

RIVALS: Mapping[str, Look] = {
    START: Look("Before training", "#8A8F98", "dot", "star"),
    ONE_SHOT: Look("Pruned at once", "#D55E00", "dash", "square"),
    SCHEDULE: Look("Pruned while training", "#2F6BE6", "solid", "circle"),
    UNPRUNED: Look("As long, not pruned", "#00A66E", "dashdot", "diamond"),
    SMALL: Look("Small dense network", "#CC5FA0", "longdash", "triangle-up"),
}
"""A schedule and what it is compared with."""

PLANNED = Look("Planned", "#8A8F98", "dot", "line-ew")
ACHIEVED = Look("Achieved", "#2F6BE6", "solid", "circle")

RUNS: Sequence[Look] = (
    Look("A", "#2F6BE6", "solid", "circle"),
    Look("B", "#D55E00", "dash", "square"),
    Look("C", "#00A66E", "dashdot", "diamond"),
    Look("D", "#CC5FA0", "dot", "triangle-up"),
    Look("E", "#808792", "longdash", "triangle-down"),
)
"""Runs that are compared, in the order of their choice; letters go on, colours begin anew."""

FORMS: Mapping[str, Look] = {
    "zeroed": Look("Zeroed", "#8A8F98", "solid", "/"),
    "removed": Look("Removed", "#6E67F5", "solid", ""),
}
"""A network with zeros for its dead units, or without them; the symbol is a bar's pattern."""

WATERFALL = "#5B7DB8"
"""The bars of a size waterfall: white text is readable on them."""

FRONT = "#8A8F98"
"""The line of the Pareto front: neutral on both themes."""

KEPT, NEGATIVE, GONE = "#2F6BE6", "#D55E00", "#8A8F98"
"""Inside a network: weights above zero, weights below it, and what was pruned."""

AGREES, DIFFERS = "#2459BF", "#B84F00"
"""Answers as those of the unpruned network, and others: white text is readable on both."""

HEAT = ((0.0, "#75859B"), (0.1, "#56749F"), (1.0, "#2459BF"))
"""Colour scale of the confusion matrix: white text is readable on all of it."""


def letter(index: int) -> str:
    """The letter of a compared run: A, B, …, Z."""
    return chr(ord("A") + index)


def run_look(index: int) -> Look:
    """The look of a compared run."""
    return RUNS[index % len(RUNS)]


def look_of(method: str) -> Look:
    """The look of a point, whatever measured it."""
    return METHODS[method] if method in METHODS else RIVALS[method]
