"""An export with made-up but plausible results in a real store, for tests of the page."""

from collections.abc import Sequence

from engine.export.archive import zip_bytes
from engine.results import export_report, files
from engine.results.export_report import (
    DEFAULT_RESOLVER,
    FALLBACK_RESOLVER,
    ExportedFile,
    ExportedNetwork,
    Latency,
)
from engine.results.points import BASELINE
from engine.runs import artifacts, lifecycle, records
from engine.runs.model import Run, State
from engine.runs.service import Runs
from engine.settings import ExportSettings, ScheduleSettings, TrainSettings, training_of
from tests.pages import fabricated
from tests.pages.fabricated import PARAMETERS, WORKER, chosen_by

SHARE = {"float32": 4.0, "float16": 2.0, "dynamic": 1.02, "int8": 1.03}
"""Bytes that a parameter takes in each file."""

LOST = {("weight", 0.8): 0.0066, ("weight", 0.9): 0.033, ("unit", 0.5): 0.06}
"""Accuracy that a pruning costs."""

REFUSED = "the TFLite model cannot be run: failed to delegate FULLY_CONNECTED node #1"


def rows(settings: ExportSettings) -> list[ExportedNetwork]:
    """The baseline, and every pruning; units zeroed and removed."""
    found = [row(BASELINE, 0.0)]
    if isinstance(settings.source, ScheduleSettings):
        found.append(row("schedule", settings.source.target))
    for method, sparsity in settings.prunings:
        found.append(row(method, sparsity))
        if method == "unit":
            found.append(row(method, sparsity, removed=True))
    return found


def row(method: str, sparsity: float, *, removed: bool = False) -> ExportedNetwork:
    left = round(PARAMETERS * (1 - sparsity) ** 2) if removed else PARAMETERS
    nonzero = left if removed else round(PARAMETERS * (1 - sparsity))
    sizes = {"keras": 4 * left, "keras_zip": round(3.7 * nonzero)}
    sizes |= {"keras_training": 12 * left} if method in {BASELINE, "schedule"} else {}
    accuracy = 0.9839 - LOST.get((method, sparsity), 0)
    return ExportedNetwork(
        method=method,
        sparsity=sparsity,
        removed=removed,
        accuracy=accuracy,
        validation_accuracy=accuracy - 0.001,
        loss=0.054,
        parameters=left,
        nonzero_parameters=nonzero,
        macs=left,
        bytes=sizes,
    )


def cell(of: ExportedNetwork, variant: str, *, timed: bool = True) -> ExportedFile:
    """A file of that network, with plausible sizes; sparse int8 needs the fallback."""
    plain, dash, _ = variant.partition("-")
    size = round(SHARE[plain] * of.parameters * (0.4 if dash and of.sparsity else 1))
    refused = bool(dash) and plain != "float32" and of.method == "weight"
    microseconds = SHARE[plain] * of.parameters / 60_000
    return ExportedFile(
        row=of.key,
        variant=variant,
        bytes=size,
        zip_bytes=round(0.92 * size * of.nonzero_parameters / of.parameters),
        accuracy=of.accuracy,
        validation_accuracy=of.validation_accuracy,
        validation=chosen_by(of.validation_accuracy, unpruned=0.9829),
        agreement=0.9993,
        resolver=FALLBACK_RESOLVER if refused else DEFAULT_RESOLVER,
        refused=REFUSED if refused else "",
        input_scale=0.003921568859368563 if plain == "int8" else None,
        input_zero_point=-128 if plain == "int8" else None,
        latency=_latency(microseconds) if timed else None,
    )


def cells(settings: ExportSettings, *, timed: bool = True) -> list[ExportedFile]:
    """Every file of every network."""
    return [cell(each, v, timed=timed) for each in rows(settings) for v in settings.variants]


def export(
    runs: Runs,
    settings: ExportSettings,
    *,
    networks: Sequence[ExportedNetwork] = (),
    files: Sequence[ExportedFile] = (),
    owner: str = "me",
) -> Run:
    """An export of a finished training with these results; still running."""
    run = runs.submit(settings, owner=owner)
    source = runs.get(run.needs or "")
    fabricated.training(runs, training_of(settings), epochs=3, owner=owner)
    if source.kind != TrainSettings.kind:
        fabricated._take(runs, source)
        lifecycle.finish(runs.database, source.id, WORKER, State.DONE)
    fabricated._take(runs, run)
    found = {each.key: export_report.network_to_json(each) for each in networks}
    records.write(runs.database, run.id, "row", found)
    made = {each.key: export_report.file_to_json(each) for each in files}
    records.write(runs.database, run.id, "cell", made)
    stage = f"makes and runs files: {len(files)} of 35"
    lifecycle.progress(runs.database, run.id, WORKER, stage=stage, done=0.4, eta=21)
    return runs.get(run.id)


def unfinished(runs: Runs, settings: ExportSettings, *, files: int, owner: str) -> Run:
    """An export with its rows and so many files, not timed yet; still running."""
    made = cells(settings, timed=False)[:files]
    return export(runs, settings, networks=rows(settings), files=made, owner=owner)


def finished_export(runs: Runs, settings: ExportSettings, *, owner: str = "me") -> Run:
    """An export with all its rows and cells, and a file that is not as large as it says."""
    run = export(runs, settings, networks=rows(settings), files=cells(settings), owner=owner)
    for each in cells(settings):
        archive = zip_bytes("model.tflite", each.key.encode())
        artifacts.save(runs.database, run.id, files.variant_file(each.row, each.variant), archive)
    lifecycle.finish(runs.database, run.id, WORKER, State.DONE)
    return runs.get(run.id)


def _latency(median: float) -> Latency:
    return Latency(
        median=median,
        lower=0.98 * median,
        upper=1.04 * median,
        repetitions=100,
        warm_up=20,
        threads=1,
        load=0.4,
    )
