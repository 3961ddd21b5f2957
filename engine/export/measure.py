"""The files of a point: made, measured in bytes, and run over the test images."""

import dataclasses
from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray, LabelArray
from engine.export import litert
from engine.export.files import Exporter, sizes, zips
from engine.networks.network import Network
from engine.pruning.method import method_of
from engine.pruning.shrink import shrink
from engine.pruning.validation import Validation
from engine.results.files import point_file
from engine.results.paired import Paired
from engine.results.points import FORMATS, Point


@dataclass(frozen=True, slots=True)
class Exported:
    """A point with its sizes, and its zipped files by name (such as ``unit-0.5.tflite.zip``)."""

    point: Point
    zipped: dict[str, bytes]


def file_names(point: Point) -> set[str]:
    """Names of all files of a point, those of the network without its dead units among them."""
    kinds = (False, True) if _removes_units(point) else (False,)
    return {point_file(point.key, form, removed=removed) for form in FORMATS for removed in kinds}


@dataclass(frozen=True, slots=True, eq=False)
class Judges:
    """The images that a point's files are run over.

    Attributes:
        images: normalised test images ``(n, inputs)``.
        labels: their labels ``(n,)``.
        validation: the images that networks are chosen by.
    """

    images: FloatArray
    labels: LabelArray
    validation: Validation


def export_point(exporter: Exporter, point: Point, network: Network, judges: Judges) -> Exported:
    """Make every file of a point, and run the TFLite ones over all images."""
    files = exporter.files(network)
    packed = zips(files)
    small, small_sizes = _removed(exporter, point, network)
    measured = dataclasses.replace(
        point,
        bytes=sizes(files, packed),
        removed_bytes=small_sizes,
        tflite_accuracy=_accuracy(files.tflite, judges),
        tflite_dynamic_accuracy=_accuracy(files.tflite_dynamic, judges),
        tflite_dynamic_validation=_validated(files.tflite_dynamic, judges.validation),
    )
    named = {point_file(point.key, name): data for name, data in packed.items()}
    return Exported(measured, named | small)


def _removed(
    exporter: Exporter, point: Point, network: Network
) -> tuple[dict[str, bytes], dict[str, int]]:
    if not _removes_units(point):
        return {}, {}
    files = exporter.files(shrink(network))
    packed = zips(files)
    named = {point_file(point.key, name, removed=True): data for name, data in packed.items()}
    return named, sizes(files, packed)


def _removes_units(point: Point) -> bool:
    method = method_of(point.method)
    return method is not None and method.removes_units


def _accuracy(model: bytes, judges: Judges) -> float:
    answers = litert.logits(model, judges.images, threads=1).argmax(axis=1)
    return float(np.mean(answers == judges.labels))


def _validated(model: bytes, validation: Validation) -> Paired:
    return validation.of(litert.logits(model, validation.images, threads=1))
