"""The TFLite files of an export: made, run and stored, several at a time."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.arrays import FloatArray, IntArray
from engine.datasets import Dataset
from engine.export.archive import zip_bytes
from engine.export.conversions import PROCESSES, Converters
from engine.export.files import Exporter
from engine.export.images import Images
from engine.export.matrix import Candidate, run_cell
from engine.results import export_report, files
from engine.results.export_report import ExportedFile
from engine.settings import ExportSettings
from engine.training.forward import tensor_logits
from engine.work.session import Session
from engine.work.side_by_side import side_by_side, threads

FROM_TEMPLATE = ("float32", "dynamic")
"""Variants of which the converter makes one, for all networks of a kind."""


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """What all stages of an export share."""

    session: Session
    settings: ExportSettings
    dataset: Dataset
    images: Images
    calibration: FloatArray
    exporter: Exporter
    converters: Converters


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """One file to make: of which network, in which variant."""

    candidate: Candidate
    variant: str
    float_answers: IntArray


@dataclass(frozen=True, slots=True)
class _Made:
    """A cell and the zip of its file; empty where there is no file."""

    cell: ExportedFile
    archive: bytes


def make_files(work: Work, networks: Sequence[Candidate], *, begun: float, ended: float) -> None:
    """Make, run and store each TFLite file that is not there yet.

    Args:
        work: of the export.
        networks: its rows.
        begun: share of the progress bar before the first file.
        ended: share after the last.
    """
    session = work.session
    total = len(networks) * len(work.settings.variants)
    tasks = list(_tasks(work, networks))
    done = total - len(tasks)
    with threads(PROCESSES + 1) as pool:
        for made in side_by_side(session, pool, lambda task: _made(work, task), tasks):
            if made.archive:
                session.save(files.variant_file(made.cell.row, made.cell.variant), made.archive)
            session.record("cell", {made.cell.key: export_report.file_to_json(made.cell)})
            done += 1
            share = begun + (ended - begun) * done / total
            session.progress(f"makes and runs files: {done} of {total}", share)


def _tasks(work: Work, networks: Sequence[Candidate]) -> Iterator[_Task]:
    """What is left to do; what hardly needs the converter comes first."""
    known, stored = work.session.payloads("cell"), work.session.files()
    variants = sorted(work.settings.variants, key=lambda name: name not in FROM_TEMPLATE)
    images = work.images.test
    answers = {each.key: tensor_logits(images, each.network).argmax(axis=1) for each in networks}
    for variant in variants:
        for candidate in networks:
            key = export_report.file_key(candidate.key, variant)
            if key not in known or files.variant_file(candidate.key, variant) not in stored:
                yield _Task(candidate, variant, answers[candidate.key])


def _made(work: Work, task: _Task) -> _Made:
    """The finished cell; whatever goes wrong with its file is told there."""
    work.session.check()
    network, variant = task.candidate.network, task.variant
    cell = ExportedFile(row=task.candidate.key, variant=variant)
    try:
        if variant in FROM_TEMPLATE:
            model = work.exporter.tflite(network, dynamic=variant == "dynamic")
        else:
            calibration = work.calibration if variant.startswith("int8") else None
            model = work.converters.convert(network, variant, calibration)
    except Exception as error:  # the converter may raise anything, and other files go on
        return _Made(dataclasses.replace(cell, error=_line(error)), b"")
    archive = zip_bytes(files.entry(variant), model)
    cell = dataclasses.replace(cell, bytes=len(model), zip_bytes=len(archive))
    try:
        return _Made(run_cell(cell, model, work.images, task.float_answers), archive)
    except Exception as error:  # as may LiteRT
        return _Made(dataclasses.replace(cell, error=_line(error)), archive)


def _line(error: Exception) -> str:
    """What an error says, on one line that is not too long for a table."""
    return " ".join(str(error).split())[:300] or type(error).__name__
