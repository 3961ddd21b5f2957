"""How methods, rivals and data splits look: colour, dash and marker, the same on every page.

The colours are told apart with every kind of colour blindness and stand out on white and on
black; dash and marker repeat the difference for print in grey.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.results.points import BASELINE, ONE_SHOT, SCHEDULE, SMALL, START, UNPRUNED
from engine.settings import AlgorithmSettings
from engine.system import registry


@dataclass(frozen=True, slots=True)
class Style:
    """Name for people, CSS colour, and plotly's names of dash and marker."""

    label: str
    colour: str
    dash: str
    symbol: str


_METHODS = {
    "weight": ("#2F6BE6", "solid", "circle"),
    "unit": ("#D55E00", "dash", "square"),
    "hybrid": ("#00A66E", "dashdot", "diamond"),
    "random-weight": ("#CC5FA0", "dot", "x-thin-open"),
    "random-unit": ("#808792", "dot", "cross-thin-open"),
}
_ALGORITHMS = {
    "local": ("#8A8F98", "dot", "star"),
    "fedavg": ("#D55E00", "dash", "square"),
    "fedavg-finetune": ("#00A66E", "dashdot", "diamond"),
    "fedprox": ("#A87900", "longdash", "triangle-up"),
    "fedadam": ("#C7568F", "longdashdot", "triangle-down"),
    "fedyogi": ("#7C6FE0", "dash", "cross"),
    "fedadagrad": ("#808792", "longdash", "x"),
}
_OTHERS = (
    ("#A87900", "longdash", "triangle-up"),
    ("#7C6FE0", "longdashdot", "pentagon"),
    ("#3D8FA8", "dash", "hexagon"),
)
"""Of methods and algorithms that extensions add, one after the other."""


def _styles(room: str, known: Mapping[str, tuple[str, str, str]]) -> Iterator[tuple[str, Style]]:
    """Everything in a room with its own label; what an extension adds gets a colour too."""
    others = itertools.cycle(_OTHERS)
    for name, each in registry.found(room).items():
        yield name, Style(each.label, *(known.get(name) or next(others)))


METHODS: Mapping[str, Style] = {
    BASELINE: Style("Baseline", "#8A8F98", "dot", "star"),
    **dict(_styles("methods", _METHODS)),
}

SPLITS: Mapping[str, Style] = {
    "train": Style("Training", "#7C6FE0", "solid", "circle"),
    "validation": Style("Validation", "#C7568F", "dash", "square"),
    "test": Style("Test", "#8A8F98", "dot", "diamond"),
}

RIVALS: Mapping[str, Style] = {
    START: Style("Before training", "#8A8F98", "dot", "star"),
    ONE_SHOT: Style("Pruned at once", "#D55E00", "dash", "square"),
    SCHEDULE: Style("Pruned while training", "#2F6BE6", "solid", "circle"),
    UNPRUNED: Style("As long, not pruned", "#00A66E", "dashdot", "diamond"),
    SMALL: Style("Small dense network", "#CC5FA0", "longdash", "triangle-up"),
}
"""A schedule and what it is compared with."""

SUB_FEDAVG = "sub-fedavg"
ALGORITHMS: Mapping[str, Style] = {
    **{n: style for n, style in _styles("algorithms", _ALGORITHMS) if n != SUB_FEDAVG},
    "unstructured": Style("Sub-FedAvg, weights", "#2F6BE6", "solid", "circle"),
    "structured": Style("Sub-FedAvg, units", "#CC5FA0", "solid", "pentagon"),
    "hybrid": Style("Sub-FedAvg, hybrid", "#3D8FA8", "solid", "hexagon"),
}
"""Federated algorithms; Sub-FedAvg by what its clients prune."""

GATES: Mapping[str, Style] = {
    "pruned": Style("pruned", "#2F6BE6", "", "circle"),
    "target": Style("target reached", "#808792", "", "square"),
    "distance": Style("masks too alike", "#A87900", "", "diamond"),
    "accuracy": Style("would lose accuracy", "#D55E00", "", "triangle-down"),
    "rejected": Style("upload refused", "#C7568F", "", "x"),
    "dropped": Style("never answered", "#8A8F98", "", "circle-open"),
}
"""What became of a client's wish to prune in a round."""

LINK_PARTS: Mapping[str, Style] = {
    "down": Style("Download", "#2F6BE6", "solid", ""),
    "compute": Style("Compute", "#00A66E", "solid", "/"),
    "up": Style("Upload", "#D55E00", "solid", "x"),
}
"""What a client does in a round; the symbol is a bar's pattern."""

FORMS_SENT: Mapping[str, Style] = {
    "sent": Style("Really sent", "#2F6BE6", "solid", "circle"),
    "dense": Style("Dense, zeros and all", "#8A8F98", "dot", "star"),
    "bitmap": Style("Masks as bitmaps", "#D55E00", "dash", "square"),
    "golomb": Style("Masks as Golomb gaps", "#00A66E", "dashdot", "diamond"),
    "delta": Style("Masks as change", "#CC5FA0", "longdash", "triangle-up"),
    "initial": Style("Masks against the first weights", "#A87900", "longdashdot", "triangle-down"),
    "values_only": Style("Values only, as papers count", "#7C6FE0", "dot", "cross"),
    "bound": Style("Entropy bound", "#808792", "dash", "x"),
    "float32": Style("As sent, float32", "#2F6BE6", "dash", "pentagon"),
    "float16": Style("As sent, float16", "#3D8FA8", "solid", "hexagon"),
    "int8": Style("As sent, int8", "#C7568F", "solid", "bowtie"),
}
"""Ways to count the bytes of the same messages."""

PLANNED = Style("Planned", "#8A8F98", "dot", "line-ew")
ACHIEVED = Style("Achieved", "#2F6BE6", "solid", "circle")

RUNS: Sequence[Style] = (
    Style("A", "#2F6BE6", "solid", "circle"),
    Style("B", "#D55E00", "dash", "square"),
    Style("C", "#00A66E", "dashdot", "diamond"),
    Style("D", "#CC5FA0", "dot", "triangle-up"),
    Style("E", "#808792", "longdash", "triangle-down"),
)
"""Runs that are compared, in the order of their choice; letters go on, colours begin anew."""

FORMS: Mapping[str, Style] = {
    "zeroed": Style("Zeroed", "#8A8F98", "solid", "/"),
    "removed": Style("Removed", "#6E67F5", "solid", ""),
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


def run_style(index: int) -> Style:
    """The look of a compared run."""
    return RUNS[index % len(RUNS)]


def algorithm_style(algorithm: AlgorithmSettings) -> Style:
    """The look of a federation."""
    return ALGORITHMS[algorithm.variant]


def style_of(method: str) -> Style:
    """The look of a point, whatever measured it."""
    return METHODS[method] if method in METHODS else RIVALS[method]
