"""The job of an export: networks, then their files side by side, then latencies one by one.

Every row and cell is recorded as soon as it is known, and what is recorded is not done again.
"""

import dataclasses
from collections.abc import Sequence

from engine.export import keras_file
from engine.export.archive import unzip_bytes, zip_bytes
from engine.export.conversions import PROCESSES, Converters
from engine.export.files import Exporter
from engine.export.images import calibration_images, images_of
from engine.export.litert import latency
from engine.export.matrix import Candidate, candidates, float_row
from engine.pruning.method import method_of
from engine.results import export_report, files
from engine.results.points import BASELINE
from engine.settings import ExportSettings, TrainSettings, training_of
from engine.training import keras_model
from engine.training.forward import tensor_logits
from engine.training.schedules.masking import masked
from engine.training.schedules.pruning import plan_for
from engine.work.jobs.common import intact, load_baseline, load_dataset
from engine.work.jobs.export_files import Work, make_files
from engine.work.session import Session

NETWORKS_DONE = 0.1
FILES_DONE = 0.75
"""Shares of the progress bar after which networks and files are done; the rest is latency."""


def export_job(session: Session) -> None:
    """Make, run and store every file of the matrix, then measure how fast each answers."""
    settings = session.run.parsed
    assert isinstance(settings, ExportSettings)  # noqa: S101  # narrows the type
    source, start = load_baseline(session, settings.source), settings.source.needs
    baseline = None if start is None else load_baseline(session, start)
    session.progress("prunes the network", 0)
    networks = tuple(candidates(settings, source, baseline=baseline))
    with Converters(PROCESSES) as converters:
        converters.start()  # they load while the rows are measured
        work = _prepared(session, settings, networks, converters)
        _rows(work, networks)
        make_files(work, networks, begun=NETWORKS_DONE, ended=FILES_DONE)
    _latencies(work)


def _prepared(
    session: Session,
    settings: ExportSettings,
    networks: Sequence[Candidate],
    converters: Converters,
) -> Work:
    training = training_of(settings)
    dataset = load_dataset(session, training)
    unpruned = next((each for each in networks if each.method == BASELINE), networks[0])
    images = images_of(dataset, unpruned.network, tensor_logits, seed=training.seed)
    return Work(
        session=session,
        settings=settings,
        dataset=dataset,
        images=images,
        calibration=calibration_images(dataset, settings.calibration, seed=training.seed),
        exporter=Exporter(converters.convert),
        converters=converters,
    )


def _rows(work: Work, networks: Sequence[Candidate]) -> None:
    """Measure each network and store its Keras file."""
    session = work.session
    known, stored = session.payloads("row"), session.files()
    for number, candidate in enumerate(networks):
        share = NETWORKS_DONE * number / len(networks)
        session.progress(f"measures {candidate.key}", share)
        if candidate.key in known and files.keras_file(candidate.key) in stored:
            continue
        file = work.exporter.keras(candidate.network)
        archive = zip_bytes(files.entry("keras"), file)
        lengths = {"keras": len(file), "keras_zip": len(archive)}
        training = _training_file(work, candidate)
        if training is not None:
            lengths["keras_training"] = len(training)
        row = float_row(candidate, work.images, tensor_logits)
        row = dataclasses.replace(row, bytes=lengths)
        session.save(files.keras_file(row.key), archive)
        session.record("row", {row.key: export_report.network_to_json(row)})


def _training_file(work: Work, candidate: Candidate) -> bytes | None:
    """What Keras saves while it trains this very network; None if nobody trains it."""
    if candidate.removed or method_of(candidate.method):
        return None
    source, network = work.settings.source, candidate.network
    if candidate.method == BASELINE or isinstance(source, TrainSettings):
        model = keras_model.from_network(network)
        return keras_file.save_training(model, training_of(source).optimizer)
    wrapped = masked(network, plan_for(source, network, work.dataset)).wrapped
    return keras_file.save_training(wrapped, source.optimizer)


def _latencies(work: Work) -> None:
    """Time each file alone: nothing else of this worker runs now."""
    session = work.session
    cells = [export_report.file_from_json(each) for each in session.payloads("cell").values()]
    runnable = [cell for cell in cells if cell.runs]
    for number, cell in enumerate(runnable):
        share = FILES_DONE + (1 - FILES_DONE) * number / len(runnable)
        session.progress(f"times {cell.key}, alone", share)
        archive = intact(session, files.variant_file(cell.row, cell.variant))
        if cell.latency is None and archive is not None:
            model = unzip_bytes(archive, limit=cell.bytes or 0)
            repetitions = work.settings.repetitions
            taken = latency(model, cell.resolver, work.images.test, repetitions=repetitions)
            timed = dataclasses.replace(cell, latency=taken)
            session.record("cell", {cell.key: export_report.file_to_json(timed)})
