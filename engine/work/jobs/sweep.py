"""The job of a sweep: every point measured within seconds, then the files of each."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from engine import results
from engine.arrays import FloatArray
from engine.datasets import normalised
from engine.export.files import Exporter
from engine.export.measure import Exported, export_point, file_names
from engine.forward import EvaluationSet, evaluation_set
from engine.network import Network
from engine.pruning.sweep import pruned_at, sweep
from engine.results import Point
from engine.settings import SweepSettings
from engine.tensor_forward import tensor_forward
from engine.work.jobs.common import load_baseline, load_dataset
from engine.work.session import Session

MEASURED = 0.2
"""Share of a sweep's progress bar for accuracy and loss; the rest is for the files."""


def sweep_job(session: Session) -> None:
    """Measure every point within seconds, then make, run and store the files of each."""
    settings = session.run.parsed
    assert isinstance(settings, SweepSettings)  # noqa: S101  # narrows the type
    network = load_baseline(session, settings.baseline)
    dataset = load_dataset(session, settings.baseline)
    images = normalised(dataset.x_test)
    inputs = evaluation_set(images, dataset.y_test)
    points = session.points()
    _measure(session, settings, network, inputs, points)
    _export(session, settings, network, inputs, images, points)


def _measure(
    session: Session,
    settings: SweepSettings,
    network: Network,
    inputs: EvaluationSet,
    points: dict[str, Point],
) -> None:
    total = 1 + len(settings.methods) * len(settings.sparsities)
    session.progress("measures accuracy and loss", MEASURED * len(points) / total)
    for point, _ in sweep(network, settings, inputs, skip=set(points), answer=tensor_forward):
        points[point.key] = point
        session.record("point", {point.key: results.to_json(point)})
        session.progress("measures accuracy and loss", MEASURED * len(points) / total)


def _export(
    session: Session,
    settings: SweepSettings,
    network: Network,
    inputs: EvaluationSet,
    images: FloatArray,
    points: Mapping[str, Point],
) -> None:
    exporter = Exporter()
    made = session.files()
    missing = [point for point in points.values() if not _complete(point, made)]

    def export(point: Point) -> Exported:
        session.check()
        pruned = pruned_at(network, settings, point.method, point.sparsity)
        return export_point(exporter, point, pruned.network, images, inputs.labels)

    done = len(points) - len(missing)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # zip, LiteRT and BLAS release the lock
        for exported in pool.map(export, missing):
            _store(session, exported)
            done += 1
            share = MEASURED + (1 - MEASURED) * done / len(points)
            session.progress(f"makes model files: {done} of {len(points)} points", share)


def _complete(point: Point, made: set[str]) -> bool:
    return point.tflite_accuracy is not None and file_names(point) <= made


def _store(session: Session, exported: Exported) -> None:
    for name, data in exported.zipped.items():
        session.save(name, data)
    session.record("point", {exported.point.key: results.to_json(exported.point)})
