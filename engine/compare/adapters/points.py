"""The candidates of a measured point: its float32 network, and its int8 file."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.compare.candidate import Candidate
from engine.results import BASELINE, Point
from engine.settings import percent

COUNTS = ("effective_parameters", "nonzero_parameters", "effective_macs", "nonzero_macs")
FLOAT32 = {"tflite": "tflite", "keras": "keras"}
INT8 = {"tflite": "tflite_dynamic"}
"""The costs that are files, by the name that a point gives the file."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the points of a run have in common; `baseline` is the unpruned network's accuracy."""

    run: str
    family: str
    seed: int
    baseline: float


def of_point(point: Point, origin: Origin, *, stage: str = "") -> Iterator[Candidate]:
    """The float32 network and, once its files are made, the int8 one.

    Units that were pruned are taken out: the outputs are equal and nobody would ship them.
    """
    yield _candidate(point, origin, stage, "float32", point.accuracy, FLOAT32)
    if point.tflite_dynamic_accuracy is not None:
        yield _candidate(point, origin, stage, "int8", point.tflite_dynamic_accuracy, INT8)


def label(point: Point) -> str:
    """Such as: Weight, K = 90 %."""
    method = point.method.replace("-", " ").capitalize()
    return method if point.method == BASELINE else f"{method}, K = {percent(point.sparsity)} %"


def _candidate(
    point: Point, origin: Origin, stage: str, numbers: str, accuracy: float, made: dict[str, str]
) -> Candidate:
    lengths = point.removed_bytes or point.bytes
    removed = "-removed" if point.removed_bytes else ""
    costs: dict[str, float] = {name: getattr(point, name) for name in COUNTS}
    files = {}
    for cost, name in made.items():
        for ending in ("", "_zip"):
            if name + ending in lengths:
                costs[cost + ending] = lengths[name + ending]
                files[cost + ending] = f"{point.key}{removed}.{name}.zip"
    return Candidate(
        run=origin.run,
        family=origin.family,
        seed=origin.seed,
        key=point.key,
        label=label(point),
        method=point.method,
        accuracy=accuracy,
        baseline=origin.baseline,
        images=sum(map(sum, point.confusion)),
        numbers=numbers,
        stage=stage,
        costs=costs,
        files=files,
    )
