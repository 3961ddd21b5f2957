"""The job of an export: networks, then their files side by side, then latencies one by one.

Every row and cell is recorded as soon as it is known, and what is recorded is not done again.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine import keras_model, matrix
from engine.arrays import FloatArray, IntArray
from engine.datasets import Dataset
from engine.export import keras_file
from engine.export.archive import unzip_bytes, zip_bytes
from engine.export.calibration import calibration_images
from engine.export.cells import FloatNetworks, Images, images_of, run_cell
from engine.export.conversions import PROCESSES, Converters
from engine.export.files import NAMES, Exporter
from engine.export.latency import latency
from engine.export.networks import Candidate, candidates
from engine.matrix import Cell, Row
from engine.results import BASELINE
from engine.schedules.masking import masked
from engine.schedules.tuning import plan_for
from engine.settings import METHODS, ExportSettings, TrainSettings, training_of
from engine.tensor_forward import tensor_forward
from engine.work.jobs.common import intact, load_baseline, load_dataset
from engine.work.session import Session
from engine.work.side_by_side import side_by_side, threads

NETWORKS_DONE = 0.1
FILES_DONE = 0.75
"""Shares of the progress bar after which networks and files are done; the rest is latency."""

FROM_TEMPLATE = ("float32", "dynamic")
"""Variants that are written without the converter, in a hundredth of its time."""


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """What all stages of the job share."""

    session: Session
    settings: ExportSettings
    dataset: Dataset
    images: Images
    floats: FloatNetworks
    calibration: FloatArray
    exporter: Exporter


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """One file to make: of which network, in which variant."""

    candidate: Candidate
    variant: str
    float_answers: IntArray


@dataclass(frozen=True, slots=True)
class _Made:
    """A cell and the zip of its file; empty where there is no file."""

    cell: Cell
    archive: bytes


def export_job(session: Session) -> None:
    """Make, run and store every file of the matrix, then measure how fast each answers."""
    settings = session.run.parsed
    assert isinstance(settings, ExportSettings)  # noqa: S101  # narrows the type
    networks = _networks(session, settings)
    work = _prepared(session, settings)
    _rows(work, networks)
    _files(work, networks)
    _latencies(work)


def _networks(session: Session, settings: ExportSettings) -> tuple[Candidate, ...]:
    source, start = load_baseline(session, settings.source), settings.source.needs
    baseline = None if start is None else load_baseline(session, start)
    session.progress("prunes the network", 0)
    return tuple(candidates(settings, source, baseline=baseline))


def _prepared(session: Session, settings: ExportSettings) -> _Work:
    training = training_of(settings)
    dataset = load_dataset(session, training)
    images = images_of(dataset, seed=training.seed)
    return _Work(
        session=session,
        settings=settings,
        dataset=dataset,
        images=images,
        floats=FloatNetworks(images, tensor_forward),
        calibration=calibration_images(dataset, settings.calibration, seed=training.seed),
        exporter=Exporter(),
    )


def _rows(work: _Work, networks: Sequence[Candidate]) -> None:
    """Measure each network and store its Keras file."""
    session = work.session
    known, stored = session.payloads("row"), session.files()
    for number, candidate in enumerate(networks):
        share = NETWORKS_DONE * number / len(networks)
        session.progress(f"measures {candidate.key}", share)
        if candidate.key in known and matrix.keras_artifact(candidate.key) in stored:
            continue
        row, archive = _row(work, candidate)
        session.save(matrix.keras_artifact(row.key), archive)
        session.record("row", {row.key: matrix.row_to_json(row)})


def _row(work: _Work, candidate: Candidate) -> tuple[Row, bytes]:
    file = work.exporter.keras(candidate.network)
    archive = zip_bytes(NAMES["keras"], file)
    sizes = {"keras": len(file), "keras_zip": len(archive)}
    training = _training_file(work, candidate)
    if training is not None:
        sizes["keras_training"] = len(training)
    return dataclasses.replace(work.floats.row(candidate), bytes=sizes), archive


def _training_file(work: _Work, candidate: Candidate) -> bytes | None:
    """What Keras saves while it trains this very network; None if nobody trains it."""
    if candidate.removed or candidate.method in METHODS:
        return None
    source, network = work.settings.source, candidate.network
    if candidate.method == BASELINE or isinstance(source, TrainSettings):
        model = keras_model.from_network(network)
        return keras_file.save_training(model, training_of(source).optimizer)
    wrapped = masked(network, plan_for(source, network, work.dataset)).wrapped
    return keras_file.save_training(wrapped, source.optimizer)


def _files(work: _Work, networks: Sequence[Candidate]) -> None:
    """Make, run and store each TFLite file, several at a time."""
    session = work.session
    total = len(networks) * len(work.settings.variants)
    tasks = list(_tasks(work, networks))
    done = total - len(tasks)
    with threads(PROCESSES + 1) as pool, Converters() as converters:
        for made in side_by_side(session, pool, lambda task: _made(work, converters, task), tasks):
            _store(session, made)
            done += 1
            share = NETWORKS_DONE + (FILES_DONE - NETWORKS_DONE) * done / total
            session.progress(f"makes and runs files: {done} of {total}", share)


def _tasks(work: _Work, networks: Sequence[Candidate]) -> Iterator[_Task]:
    """What is left to do; what needs no converter comes first, while its processes start."""
    known, stored = work.session.payloads("cell"), work.session.files()
    variants = sorted(work.settings.variants, key=lambda name: name not in FROM_TEMPLATE)
    answers = {each.key: work.floats.answers(each.network) for each in networks}
    for variant in variants:
        for candidate in networks:
            key = matrix.cell_key(candidate.key, variant)
            if key not in known or matrix.cell_artifact(candidate.key, variant) not in stored:
                yield _Task(candidate, variant, answers[candidate.key])


def _made(work: _Work, converters: Converters, task: _Task) -> _Made:
    """The finished cell; whatever goes wrong with its file is told there."""
    work.session.check()
    cell = Cell(row=task.candidate.key, variant=task.variant)
    try:
        model = _file(work, converters, task)
    except Exception as error:  # the converter may raise anything, and other files go on
        return _Made(dataclasses.replace(cell, error=_line(error)), b"")
    archive = zip_bytes(_entry(task.variant), model)
    cell = dataclasses.replace(cell, bytes=len(model), zip_bytes=len(archive))
    try:
        return _Made(run_cell(cell, model, work.images, task.float_answers), archive)
    except Exception as error:  # as may LiteRT
        return _Made(dataclasses.replace(cell, error=_line(error)), archive)


def _line(error: Exception) -> str:
    """What an error says, on one line that is not too long for a table."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def _file(work: _Work, converters: Converters, task: _Task) -> bytes:
    network, variant = task.candidate.network, task.variant
    if variant in FROM_TEMPLATE:
        return work.exporter.tflite(network, dynamic=variant == "dynamic")
    calibration = work.calibration if variant.startswith("int8") else None
    return converters.convert(network, variant, calibration)


def _entry(variant: str) -> str:
    """What the file is called in its zip."""
    return "model.tflite" if variant == "float32" else f"model_{variant}.tflite"


def _store(session: Session, made: _Made) -> None:
    cell = made.cell
    if made.archive:
        session.save(matrix.cell_artifact(cell.row, cell.variant), made.archive)
    session.record("cell", {cell.key: matrix.cell_to_json(cell)})


def _latencies(work: _Work) -> None:
    """Time each file alone: nothing else of this worker runs now."""
    session = work.session
    cells = [matrix.cell_from_json(each) for each in session.payloads("cell").values()]
    runnable = [cell for cell in cells if cell.runs]
    for number, cell in enumerate(runnable):
        share = FILES_DONE + (1 - FILES_DONE) * number / len(runnable)
        session.progress(f"times {cell.key}, alone", share)
        archive = intact(session, matrix.cell_artifact(cell.row, cell.variant))
        if cell.latency is None and archive is not None:
            timed = dataclasses.replace(cell, latency=_latency(work, cell, archive))
            session.record("cell", {cell.key: matrix.cell_to_json(timed)})


def _latency(work: _Work, cell: Cell, archive: bytes) -> matrix.Latency:
    model = unzip_bytes(archive, limit=cell.bytes or 0)
    repetitions = work.settings.repetitions
    return latency(model, cell.resolver, work.images.test, repetitions=repetitions)
