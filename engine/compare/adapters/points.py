"""The candidates of a measured point: its float32 network, and its dynamic int8 file."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.compare.candidate import Candidate
from engine.compare.seeds import family
from engine.results.files import point_file
from engine.results.paired import Paired
from engine.results.points import WHOLE, Point
from engine.settings import Settings, percent, training_of
from engine.system import registry

COUNTS = ("effective_parameters", "nonzero_parameters", "effective_macs", "nonzero_macs")
MADE = {
    "float32": {"tflite": "tflite", "keras": "keras"},
    "dynamic": {"tflite": "tflite_dynamic"},
}
"""The costs that are files, by the name that a point gives the file."""


NAMES = {
    "start": "Before training",
    "one-shot": "Pruned at once",
    "schedule": "Pruned while training",
    "unpruned": "As long, not pruned",
    "small": "Small dense network",
}
"""Methods whose name for people is not their own word."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the candidates of a run have in common.

    Attributes:
        run: its id.
        family: id that it shares with the same run at other seeds.
        seed: its seed.
        baseline: accuracy of the unpruned network.
        images: number of test images.
        alone: whether there is no unpruned network to compare with.
    """

    run: str
    family: str
    seed: int
    baseline: float
    images: int
    alone: bool = False


def origin_of(settings: Settings, run: str, baseline: Point) -> Origin:
    """The origin of a run whose points are compared with this unpruned network."""
    return Origin(
        run=run,
        family=family(settings),
        seed=training_of(settings).seed,
        baseline=baseline.accuracy,
        images=sum(map(sum, baseline.confusion)),
    )


def of_point(point: Point, origin: Origin, *, stage: str = "") -> Iterator[Candidate]:
    """The float32 network and, once its files are made, its dynamic int8 file.

    Units that were pruned are taken out: the outputs are equal and nobody would ship them.
    """
    yield _candidate(point, origin, stage, "float32", (point.accuracy, point.validation))
    if point.tflite_dynamic_accuracy is not None:
        told = point.tflite_dynamic_accuracy, point.tflite_dynamic_validation
        yield _candidate(point, origin, stage, "dynamic", told)


def label(method: str, sparsity: float) -> str:
    """A network's name for people, such as ``Weight, K = 90 %``.

    Args:
        method: what pruned or trained it.
        sparsity: K as a fraction; not said of networks that nothing is pruned of.
    """
    known = registry.found("methods").get(method)
    name = known.label if known else NAMES.get(method, method.replace("-", " ").capitalize())
    return name if method in WHOLE else f"{name}, K = {percent(sparsity)} %"


def _candidate(
    point: Point, origin: Origin, stage: str, numbers: str, told: tuple[float, Paired | None]
) -> Candidate:
    """Of what the point `told`: its accuracy on test images, its answers to validation images."""
    lengths = point.removed_bytes or point.bytes
    costs: dict[str, float] = {name: getattr(point, name) for name in COUNTS}
    files = {}
    for cost, name in MADE[numbers].items():
        for ending in ("", "_zip"):
            if name + ending in lengths:
                costs[cost + ending] = lengths[name + ending]
                files[cost + ending] = point_file(
                    point.key, name, removed=bool(point.removed_bytes)
                )
    return Candidate(
        run=origin.run,
        family=origin.family,
        seed=origin.seed,
        key=point.key,
        label=label(point.method, point.sparsity),
        method=point.method,
        accuracy=told[0],
        validation=told[1],
        baseline=origin.baseline,
        images=origin.images,
        alone=origin.alone,
        numbers=numbers,
        stage=stage,
        costs=costs,
        files=files,
    )
