"""Measured rows beside the published ones: mean over seeds, spread, difference, within reach."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from engine.paper.published import BASELINE, PUBLISHED, REACH, SCRATCH, TRAINED

Outcome = Mapping[str, Any]
"""What a schedule run measured, as the command line writes it."""

FIGURES: Mapping[str, Callable[[Outcome], float]] = {
    "zipped": lambda point: point["bytes"]["keras_zip"],
    "accuracy": lambda point: point["accuracy"],
    "tflite_zipped": lambda point: point["bytes"]["tflite_dynamic_zip"],
    "tflite_accuracy": lambda point: point["tflite_dynamic_accuracy"],
}
"""Where the figures of `published.Row` stand in a measured network."""


@dataclass(frozen=True, slots=True)
class SeedOutcomes:
    """What the schedule runs of one seed measured; `scratch` by number of epochs."""

    seed: int
    trained: Outcome
    scratch: Mapping[int, Outcome]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: published, measured, and whether the mean is within reach.

    Attributes:
        published: as printed.
        mean: over the seeds.
        low: of the seeds.
        high: of the seeds.
        difference: mean minus published: a share of it for sizes, in shares for accuracies.
        reached: the difference is within `published.REACH`.
    """

    published: float
    mean: float
    low: float
    high: float
    difference: float
    reached: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Both tables as measured.

    Attributes:
        cells: by row, then by figure.
        epochs: how long the networks from scratch trained: best mean validation accuracy.
        validation: mean validation accuracy from scratch, by number of epochs.
        ordered: the zipped sizes are in the published order.
        seeds: that were measured.
    """

    cells: Mapping[str, Mapping[str, Cell]]
    epochs: int
    validation: Mapping[int, float]
    ordered: bool
    seeds: tuple[int, ...]


def table(outcomes: Sequence[SeedOutcomes]) -> Table:
    """Both tables, from the runs of one seed or more.

    Raises:
        ValueError: there are no outcomes.
    """
    if not outcomes:
        raise ValueError("no seed was measured")
    validation = {}
    for epochs in sorted(outcomes[0].scratch):
        last = [each.scratch[epochs]["history"]["after"][-1] for each in outcomes]
        validation[epochs] = float(np.mean([row["validation"]["accuracy"] for row in last]))
    best = max(validation, key=lambda epochs: (validation[epochs], -epochs))
    points = {
        BASELINE: [each.trained["baseline"] for each in outcomes],
        TRAINED: [each.trained["after"] for each in outcomes],
        SCRATCH: [each.scratch[best]["after"] for each in outcomes],
    }
    cells = {
        name: {
            figure: cell(name, figure, [read(point) for point in points[name]])
            for figure, read in FIGURES.items()
        }
        for name in PUBLISHED
    }
    measured, printed = (
        sorted(cells, key=lambda name: getattr(cells[name]["zipped"], what))
        for what in ("mean", "published")
    )
    seeds = tuple(each.seed for each in outcomes)
    return Table(cells, best, validation, measured == printed, seeds)


def cell(name: str, figure: str, values: Sequence[float]) -> Cell:
    """One figure of a row, of the values that the seeds have."""
    printed, mean = float(getattr(PUBLISHED[name], figure)), float(np.mean(values))
    difference = mean - printed if "accuracy" in figure else mean / printed - 1
    reached = abs(difference) <= REACH[figure]
    return Cell(printed, mean, float(min(values)), float(max(values)), difference, reached)


def to_json(made: Table) -> dict[str, Any]:
    """The tables as JSON values."""
    return {
        "rows": {
            name: {figure: asdict(cell) for figure, cell in cells.items()}
            for name, cells in made.cells.items()
        },
        "scratch_epochs": made.epochs,
        "scratch_validation_accuracy": {str(n): v for n, v in made.validation.items()},
        "same_order": made.ordered,
        "seeds": list(made.seeds),
    }


def from_json(values: Mapping[str, Any]) -> Table:
    """The tables that `to_json` wrote."""
    cells = {
        name: {figure: Cell(**cell) for figure, cell in row.items()}
        for name, row in values["rows"].items()
    }
    validation = {int(n): v for n, v in values["scratch_validation_accuracy"].items()}
    seeds = tuple(values["seeds"])
    return Table(cells, values["scratch_epochs"], validation, values["same_order"], seeds)
