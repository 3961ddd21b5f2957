"""A run's result, as the command line writes it, as candidates; `ADAPTERS` has the kinds of run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from engine.compare.candidate import Candidate
from engine.compare.spread import family
from engine.results.export_report import export_report
from engine.results.files import point_file, variant_file
from engine.results.paired import Paired
from engine.results.points import WHOLE, Point, from_json
from engine.settings import (
    ExportSettings,
    FederateSettings,
    ScheduleSettings,
    Settings,
    SweepSettings,
    percent,
    training_of,
)
from engine.system import registry

Result = Mapping[str, Any]

NAMES = {
    "start": "Before training",
    "one-shot": "Pruned at once",
    "schedule": "Pruned while training",
    "unpruned": "As long, not pruned",
    "small": "Small dense network",
}
"""Methods whose name for people is not their own word."""

COUNTS = ("effective_parameters", "nonzero_parameters", "effective_macs", "nonzero_macs")
FILES = {
    "float32": {"tflite": "tflite", "keras": "keras"},
    "dynamic": {"tflite": "tflite_dynamic"},
}
"""The costs that are files, by the name that a point gives the file."""

PERSONAL, SERVER = "personal", "server"


def candidates(settings: Settings, result: Result) -> list[Candidate]:
    """The candidates of a run, none if its kind makes none or nothing is measured yet."""
    adapter = ADAPTERS.get(settings.kind)
    return list(adapter(settings, result)) if adapter else []


def separable(found: Sequence[Candidate]) -> list[Candidate]:
    """Without the clients' own networks where others are among them.

    A server's network is measured on all test images, a client's on those of its own labels, where
    even training alone is nearly perfect.
    """
    others = [each for each in found if each.key != PERSONAL]
    return list(found) if all(each.key == SERVER for each in others) else others


def _of_sweep(settings: SweepSettings, result: Result) -> Iterator[Candidate]:
    if result["baseline"] is not None:
        points = [from_json(point) for point in (result["baseline"], *result["points"])]
        yield from _of_points(settings, result, [("", point) for point in points])


def _of_schedule(settings: ScheduleSettings, result: Result) -> Iterator[Candidate]:
    """The unpruned network, what was pruned at once, and what fine-tuning made of it.

    From scratch there is no unpruned network to compare with, and what was there before training is
    nothing that anybody would ship.
    """
    alone = result["baseline"] is None
    stages = {"after": "after"} if alone else {"baseline": "", "before": "before", "after": "after"}
    measured = [(stage, result[name]) for name, stage in stages.items() if result[name] is not None]
    points = [(stage, from_json(point)) for stage, point in measured]
    if points:
        yield from _of_points(settings, result, points, alone=alone)


def _of_points(
    settings: Settings, result: Result, points: Sequence[tuple[str, Point]], *, alone: bool = False
) -> Iterator[Candidate]:
    """Of each stage and point its float32 network and, once it is made, its dynamic int8 file.

    The first is what the others are compared with. Units that were pruned are taken out: the
    outputs are equal and nobody would ship them.
    """
    _, first = points[0]
    of_run = partial(
        Candidate,
        run=result["run"],
        family=family(settings),
        seed=training_of(settings).seed,
        baseline=first.accuracy,
        images=sum(map(sum, first.confusion)),
        alone=alone,
    )
    for stage, point in points:
        measured = {
            "float32": (point.accuracy, point.validation),
            "dynamic": (point.tflite_dynamic_accuracy, point.tflite_dynamic_validation),
        }
        for numbers, (accuracy, validation) in measured.items():
            if accuracy is None:
                continue
            costs, files = _costs_and_files(point, numbers)
            yield of_run(
                key=point.key,
                label=_label(point.method, point.sparsity),
                method=point.method,
                accuracy=accuracy,
                validation=validation,
                numbers=numbers,
                stage=stage,
                costs=costs,
                files=files,
            )


def _costs_and_files(point: Point, numbers: str) -> tuple[dict[str, float], dict[str, str]]:
    lengths, removed = point.removed_bytes or point.bytes, bool(point.removed_bytes)
    costs: dict[str, float] = {name: getattr(point, name) for name in COUNTS}
    files = {}
    for cost, form in FILES[numbers].items():
        for ending in ("", "_zip"):
            if form + ending in lengths:
                costs[cost + ending] = lengths[form + ending]
                files[cost + ending] = point_file(point.key, form, removed=removed)
    return costs, files


def _label(method: str, sparsity: float) -> str:
    """A network's name for people, such as ``Weight, K = 90 %``; of whole ones without K."""
    known = registry.found("methods").get(method)
    name = known.label if known else NAMES.get(method, method.replace("-", " ").capitalize())
    return name if method in WHOLE else f"{name}, K = {percent(sparsity)} %"


def _of_export(settings: ExportSettings, result: Result) -> Iterator[Candidate]:
    """Every file that runs, as in the matrix; a row with its units removed replaces its twin."""
    report = export_report(result["networks"], result["files"])
    for cell in report.cells.values():
        row = report.rows[cell.row]
        replaced = not row.removed and report.partner(row) is not None
        if report.baseline is None or replaced or not cell.runs:
            continue
        costs = {
            "tflite": cell.bytes,
            "tflite_zip": cell.zip_bytes,
            "nonzero_parameters": row.nonzero_parameters,
            "latency": cell.latency.median if cell.latency else None,
            "effective_parameters": row.parameters,
            "effective_macs": row.macs,
        }
        file = variant_file(row.key, cell.variant)
        yield Candidate(
            run=result["run"],
            family=family(settings),
            seed=training_of(settings).seed,
            key=row.key,
            label=_label(row.method, row.sparsity),
            method=row.method,
            accuracy=cell.accuracy or 0.0,
            baseline=report.baseline.accuracy,
            images=0,
            validation=cell.validation,
            numbers=cell.variant,
            costs={name: float(cost) for name, cost in costs.items() if cost is not None},
            files={"tflite": file, "tflite_zip": file},
        )


def _of_federation(settings: FederateSettings, result: Result) -> Iterator[Candidate]:
    """The clients' own networks as one candidate, and the server's; nothing before the end.

    There is no network without federation in a run, so nothing counts as lost.
    """
    final = result["final"] or {}
    algorithm = settings.algorithm
    name = f"{algorithm.name} ({algorithm.variant})" if algorithm.prunes else algorithm.name
    for key, measured, validated, owner in (
        (PERSONAL, "mean_accuracy", "validation_accuracy", "mean of the clients' own networks"),
        (SERVER, "global_accuracy", "global_validation_accuracy", "the server's network"),
    ):
        accuracy, share = final.get(measured), final.get(validated)
        if accuracy is None:
            continue
        images, validation = final.get("validation_images"), None
        if images and share is not None:  # results of earlier versions have neither
            validation = Paired(images=images, right=round(share * images), lost=0, gained=0)
        yield Candidate(
            run=result["run"],
            family=family(settings),
            seed=settings.seed,
            key=key,
            label=f"{name}, {owner}",
            method=algorithm.name,
            accuracy=accuracy,
            baseline=accuracy,
            alone=True,
            images=0,
            validation=validation,
            costs={"traffic": final["bytes_total"]},
        )


ADAPTERS: Mapping[str, Callable[[Any, Result], Iterator[Candidate]]] = {
    "sweep": _of_sweep,
    "schedule": _of_schedule,
    "export": _of_export,
    "federate": _of_federation,
}
"""By the kind of run; runs of other kinds have nothing to ship."""
