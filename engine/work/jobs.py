"""What is done for each kind of run: only translation between the run store and the engine."""

import io
import math
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from engine import results
from engine.arrays import FloatArray
from engine.datasets import Dataset, load, normalised
from engine.errors import PrunescopeError, StorageError
from engine.export.files import Exporter
from engine.export.measure import Exported, export_point, file_names
from engine.forward import EvaluationSet, evaluation_set
from engine.network import Network, from_arrays, to_arrays
from engine.pruning.sweep import pruned_at, sweep
from engine.results import Point
from engine.settings import SweepSettings, TrainSettings, digest
from engine.tensor_forward import tensor_forward
from engine.training import (
    EpochReport,
    Score,
    StepReport,
    TrainState,
    dump_state,
    load_state,
    network_of,
    train,
)
from engine.work.session import Session

CHECKPOINT = "checkpoint.npz"
WEIGHTS = "weights.npz"

MEASURED = 0.2
"""Share of a sweep's progress bar for accuracy and loss; the rest is for the files."""


def train_job(session: Session) -> None:
    """Train, with a checkpoint after each epoch; the end is the file `weights.npz`."""
    settings = session.run.parsed
    assert isinstance(settings, TrainSettings)  # noqa: S101  # narrows the type
    if _intact(session, WEIGHTS):
        session.forget(CHECKPOINT)
        return  # an earlier attempt got this far
    dataset = _dataset(session, settings)
    state = _resumed(session)
    session.progress("builds the network", _done(state, settings))
    for report in train(settings, dataset, resume=state):
        if isinstance(report, StepReport):
            _on_steps(session, report, settings)
        else:
            state = report.state
            _on_epoch(session, report)
    if state is not None:
        session.save(WEIGHTS, dump_network(network_of(state)))
    session.forget(CHECKPOINT)


def sweep_job(session: Session) -> None:
    """Measure every point within seconds, then make, run and store the files of each."""
    settings = session.run.parsed
    assert isinstance(settings, SweepSettings)  # noqa: S101  # narrows the type
    network, dataset = _baseline(session, settings), _dataset(session, settings.baseline)
    images = normalised(dataset.x_test)
    inputs = evaluation_set(images, dataset.y_test)
    points = session.points()
    _measure(session, settings, network, inputs, points)
    _export(session, settings, network, inputs, images, points)


JOBS: Mapping[str, Callable[[Session], None]] = {"train": train_job, "sweep": sweep_job}


def dump_network(network: Network) -> bytes:
    """The network as .npz bytes: kernel, bias, kernel, bias and so on."""
    file = io.BytesIO()
    np.savez(file, *to_arrays(network))
    return file.getvalue()


def load_network(data: bytes) -> Network:
    """The network that `dump_network` wrote; nothing in it is ever unpickled."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return from_arrays([file[f"arr_{i}"] for i in range(len(file.files))])


def _dataset(session: Session, settings: TrainSettings) -> Dataset:
    def look(share: float, what: str) -> None:
        session.progress(f"{what}: {share:.0%}", 0)

    session.progress("reads the images", 0)
    return load(settings.dataset, progress=look)


def _intact(session: Session, name: str) -> bytes | None:
    """A file of the run; None if there is none, or it is damaged and has to be made anew."""
    try:
        return session.load(name)
    except StorageError:
        return None


def _resumed(session: Session) -> TrainState | None:
    data = _intact(session, CHECKPOINT)
    return load_state(data) if data else None


def _done(state: TrainState | None, settings: TrainSettings) -> float:
    return state.epoch / settings.epochs if state else 0.0


def _on_steps(session: Session, report: StepReport, settings: TrainSettings) -> None:
    epoch = min(int(report.epochs) + 1, settings.epochs)
    values = {"step": report.step, "epoch": report.epochs, **_json(report.score)}
    session.record("step", {f"step-{report.step:07}": values})
    session.progress(f"epoch {epoch} of {settings.epochs}", report.step / report.steps)


def _on_epoch(session: Session, report: EpochReport) -> None:
    values: dict[str, Any] = {"epoch": report.epoch, "seconds": report.seconds}
    values |= {name: _json(getattr(report, name)) for name in ("train", "validation", "test")}
    values |= {"learning_rate": report.learning_rate}
    session.record("epoch", {f"epoch-{report.epoch:03}": values})
    session.save(CHECKPOINT, dump_state(report.state))  # last: what it skips is on record


def _json(score: Score) -> dict[str, float | None]:
    loss = score.loss if math.isfinite(score.loss) else None  # JSON has no NaN
    return {"accuracy": score.accuracy, "loss": loss}


def _baseline(session: Session, settings: SweepSettings) -> Network:
    run = digest(settings.baseline)
    data = session.load(WEIGHTS, run=run)
    if data is None:
        raise StorageError(f"the trained baseline {run} is gone: start the run again")
    network = load_network(data)
    if not all(np.isfinite(array).all() for array in to_arrays(network)):
        raise PrunescopeError("the baseline diverged: train it with a smaller learning rate")
    return network


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
