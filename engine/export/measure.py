"""The files of a point: made, measured in bytes, and run over the test images."""

import dataclasses
from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray, LabelArray
from engine.export import litert
from engine.export.files import Exporter, sizes, zips
from engine.networks.network import Network
from engine.pruning.measure import Validation
from engine.pruning.method import method_of
from engine.pruning.shrink import shrink
from engine.results.files import point_file
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
class Images:
    """The images that files are run over: test images report, validation images choose.

    Attributes:
        test: ``(n, inputs)``, normalised.
        labels: of the test images, ``(n,)``.
        validation: rows that the training held out, and how the baseline answers them.
    """

    test: FloatArray
    labels: LabelArray
    validation: Validation


def export_point(exporter: Exporter, point: Point, network: Network, images: Images) -> Exported:
    """Make every file of a point, and run the TFLite ones over all images."""

    def accuracy(model: bytes) -> float:
        answers = litert.logits(model, images.test, threads=1).argmax(axis=1)
        return float(np.mean(answers == images.labels))

    files = exporter.files(network)
    packed, removed, removed_bytes = zips(files), {}, {}
    if _removes_units(point):
        small = exporter.files(shrink(network))
        removed = zips(small)
        removed_bytes = sizes(small, removed)
    validated = litert.logits(files.tflite_dynamic, images.validation.images, threads=1)
    measured = dataclasses.replace(
        point,
        bytes=sizes(files, packed),
        removed_bytes=removed_bytes,
        tflite_accuracy=accuracy(files.tflite),
        tflite_dynamic_accuracy=accuracy(files.tflite_dynamic),
        tflite_dynamic_validation=images.validation.of(validated),
    )
    named = {point_file(point.key, name): data for name, data in packed.items()}
    small_named = {point_file(point.key, n, removed=True): data for n, data in removed.items()}
    return Exported(measured, named | small_named)


def _removes_units(point: Point) -> bool:
    method = method_of(point.method)
    return method is not None and method.removes_units
