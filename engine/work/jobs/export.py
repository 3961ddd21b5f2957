"""The job of an export: networks, then their files side by side, then latencies one by one.

Every row and cell is recorded as soon as it is known, and what is recorded is not done again.
"""

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, replace

from engine.arrays import FloatArray, IntArray
from engine.datasets import Dataset
from engine.export import keras_file
from engine.export.archive import unzip_bytes, zip_bytes
from engine.export.conversions import PROCESSES, Converters
from engine.export.files import Exporter
from engine.export.images import Images, calibration_images, images_of
from engine.export.litert import latency
from engine.export.matrix import Candidate, candidates, float_row, run_cell
from engine.pruning.method import method_of
from engine.results import export_report, files
from engine.results.export_report import ExportedFile
from engine.results.points import BASELINE
from engine.settings import ExportSettings, TrainSettings, training_of
from engine.training import keras_model
from engine.training.forward import tensor_logits
from engine.training.schedules.masking import masked
from engine.training.schedules.pruning import plan_for
from engine.work.jobs.common import intact, load_baseline, load_dataset
from engine.work.session import Session

NETWORKS_DONE = 0.1
FILES_DONE = 0.75
"""Shares of the progress bar after which networks and files are done; the rest is latency."""

FROM_TEMPLATE = ("float32", "dynamic")
"""Variants of which the converter makes one, for all networks of a kind."""

POLL_SECONDS = 0.2
"""How often it is checked, while files are made, whether somebody asked the run to stop."""


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """What all stages of an export share."""

    session: Session
    settings: ExportSettings
    networks: Sequence[Candidate]
    dataset: Dataset
    images: Images
    calibration: FloatArray
    exporter: Exporter
    converters: Converters


def export_job(session: Session) -> None:
    """Make, run and store every file of the matrix, then measure how fast each answers.

    Raises:
        Cancelled: somebody asked the run to stop.
        PrunescopeError: the source diverged or is gone, or the disk refuses.
    """
    settings = session.run.parsed
    assert isinstance(settings, ExportSettings)  # noqa: S101  # narrows the type
    source, start = load_baseline(session, settings.source), settings.source.needs
    baseline = None if start is None else load_baseline(session, start)
    session.progress("prunes the network", 0)
    networks = tuple(candidates(settings, source, baseline=baseline))
    with Converters(PROCESSES) as converters:
        converters.start()  # they load while the rows are measured
        training = training_of(settings)
        dataset = load_dataset(session, training)
        unpruned = next((each for each in networks if each.method == BASELINE), networks[0])
        work = Work(
            session=session,
            settings=settings,
            networks=networks,
            dataset=dataset,
            images=images_of(dataset, unpruned.network, tensor_logits, seed=training.seed),
            calibration=calibration_images(dataset, settings.calibration, seed=training.seed),
            exporter=Exporter(converters.convert),
            converters=converters,
        )
        _measure_networks(work)
        _make_files(work)
    _measure_latencies(work)


def _measure_networks(work: Work) -> None:
    """Measure each network and store its Keras file."""
    session = work.session
    known, stored = session.payloads("row"), session.files()
    for number, candidate in enumerate(work.networks):
        share = NETWORKS_DONE * number / len(work.networks)
        session.progress(f"measures {candidate.key}", share)
        if candidate.key in known and files.keras_file(candidate.key) in stored:
            continue
        file = work.exporter.keras(candidate.network)
        archive = zip_bytes(files.entry("keras"), file)
        lengths = {"keras": len(file), "keras_zip": len(archive)}
        training = _training_file(work, candidate)
        if training is not None:
            lengths["keras_training"] = len(training)
        row = replace(float_row(candidate, work.images, tensor_logits), bytes=lengths)
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


def _make_files(work: Work) -> None:
    """Make, run and store each TFLite file that is not there yet, several at a time."""
    session, total = work.session, len(work.networks) * len(work.settings.variants)
    tasks = list(_missing(work))
    done = total - len(tasks)
    with closing(_side_by_side(work, tasks)) as made:
        for cell, archive in made:
            if archive:
                session.save(files.variant_file(cell.row, cell.variant), archive)
            session.record("cell", {cell.key: export_report.file_to_json(cell)})
            done += 1
            share = NETWORKS_DONE + (FILES_DONE - NETWORKS_DONE) * done / total
            session.progress(f"makes and runs files: {done} of {total}", share)


def _missing(work: Work) -> Iterator[tuple[Candidate, str, IntArray]]:
    """The files to make, with their networks' answers; what hardly needs the converter first."""
    known, stored = work.session.payloads("cell"), work.session.files()
    variants = sorted(work.settings.variants, key=lambda name: name not in FROM_TEMPLATE)
    images = work.images.test
    answers = [tensor_logits(images, each.network).argmax(axis=1) for each in work.networks]
    for variant in variants:
        for candidate, answer in zip(work.networks, answers, strict=True):
            key = export_report.file_key(candidate.key, variant)
            if key not in known or files.variant_file(candidate.key, variant) not in stored:
                yield candidate, variant, answer


def _side_by_side(
    work: Work, tasks: Sequence[tuple[Candidate, str, IntArray]]
) -> Generator[tuple[ExportedFile, bytes]]:
    """Finished cells as they come, begun in the order of the tasks.

    Once this is closed nobody is waited for: what still runs ends by itself, unheard.

    Raises:
        Cancelled: somebody asked the run to stop.
    """
    pool = ThreadPoolExecutor(PROCESSES + 1)
    try:
        waiting = {pool.submit(_made, work, *task) for task in tasks}
        while waiting:
            done, waiting = wait(waiting, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
            work.session.check()
            for future in done:
                yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _made(
    work: Work, candidate: Candidate, variant: str, float_answers: IntArray
) -> tuple[ExportedFile, bytes]:
    """The finished cell and the zip of its file; whatever goes wrong with it is told there."""
    work.session.check()
    cell, archive = ExportedFile(row=candidate.key, variant=variant), b""
    try:
        if variant in FROM_TEMPLATE:
            model = work.exporter.tflite(candidate.network, variant)
        else:
            calibration = work.calibration if variant.startswith("int8") else None
            model = work.converters.convert(candidate.network, variant, calibration)
        archive = zip_bytes(files.entry(variant), model)
        cell = replace(cell, bytes=len(model), zip_bytes=len(archive))
        return run_cell(cell, model, work.images, float_answers), archive
    except Exception as error:  # the converter and LiteRT may raise anything: other files go on
        line = " ".join(str(error).split())[:300] or type(error).__name__
        return replace(cell, error=line), archive


def _measure_latencies(work: Work) -> None:
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
            timed = replace(cell, latency=taken)
            session.record("cell", {cell.key: export_report.file_to_json(timed)})
