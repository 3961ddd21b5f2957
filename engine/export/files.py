"""Every model file of a network, fast enough for a sweep: one template serves many networks."""

import dataclasses
import threading
from collections.abc import Mapping

import numpy as np

from engine.export import keras_file, litert, tflite
from engine.export.archive import zip_bytes
from engine.export.images import Images
from engine.networks.network import Network, check_finite
from engine.pruning.method import method_of
from engine.pruning.shrink import shrink
from engine.results.files import entry, point_file
from engine.results.points import FORMATS, Point
from engine.system.cache import Cache

VARIANT_OF = {"keras": "keras", "tflite": "float32", "tflite_dynamic": "dynamic"}
"""What is in the file of each format of a point."""


class Exporter:
    """Makes model files and keeps the templates that make the next ones cheap.

    Threads may share one: a template is made once, files side by side.
    """

    def __init__(
        self, convert: tflite.Convert, *, architectures: int = 4, skeletons: int = 64
    ) -> None:
        """Keep so many Keras templates, each as large as a file, and so many small skeletons.

        Args:
            convert: the converter, for use by several threads; a worker gives that of
                `engine.export.conversions`, whose crash costs the worker nothing.
            architectures: Keras templates.
            skeletons: of TFLite files.
        """
        self._convert = convert
        self._keras: Cache[keras_file.Template] = Cache(architectures)
        self._skeletons: Cache[bytes] = Cache(skeletons)
        self._one_keras = threading.Lock()  # Keras makes one model at a time

    def files(self, network: Network) -> dict[str, bytes]:
        """The model files by format, the same bytes whenever and wherever they are made.

        Formats are those of `engine.results.points.FORMATS`, in their order: HDF5 as Keras saves it
        without an optimizer, float32 TFLite, and dynamic-range int8 (kernels of 1,024 entries or
        more quantised).

        Raises:
            PrunescopeError: the network diverged, or the converter makes no file.
        """
        return {
            "keras": self.keras(network),
            "tflite": self.tflite(network, "float32"),
            "tflite_dynamic": self.tflite(network, "dynamic"),
        }

    def keras(self, network: Network) -> bytes:
        """The network's Keras file.

        Raises:
            PrunescopeError: it diverged.
        """
        check_finite(network)
        with self._one_keras:
            template = self._keras.get(network.architecture, lambda: keras_file.template(network))
        return keras_file.write(template, network)

    def tflite(self, network: Network, variant: str) -> bytes:
        """The network's TFLite file in a variant, ``float32`` or ``dynamic``.

        Raises:
            PrunescopeError: it diverged, or the converter makes no file.
        """
        check_finite(network)
        bare = self._skeletons.get(
            tflite.kind(network, variant),
            lambda: tflite.skeleton(network, self._convert, variant),
        )
        file = tflite.write(bare, network) if bare else None
        return file or self._convert(network, variant)


def zips(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """A zip of each file, by format."""
    return {form: zip_bytes(entry(VARIANT_OF[form]), data) for form, data in files.items()}


def sizes(files: Mapping[str, bytes], zipped: Mapping[str, bytes]) -> dict[str, int]:
    """Length in bytes of each file by format and, under ``…_zip``, of its zip."""
    found: dict[str, int] = {}
    for form, data in files.items():
        found |= {form: len(data), f"{form}_zip": len(zipped[form])}
    return found


def export_point(
    exporter: Exporter, point: Point, network: Network, images: Images
) -> tuple[Point, dict[str, bytes]]:
    """Make every file of a point, and run the TFLite ones over all images.

    Returns:
        The point with its sizes in bytes and its files' accuracies; and the zipped files by name,
        such as ``unit-0.5.tflite.zip``.

    Raises:
        PrunescopeError: the network diverged, a file cannot be made, or LiteRT does not run it.
    """

    def accuracy(model: bytes) -> float:
        answers = litert.logits(model, images.test).argmax(axis=1)
        return float(np.mean(answers == images.labels))

    files = exporter.files(network)
    zipped = zips(files)
    named = {point_file(point.key, form): data for form, data in zipped.items()}
    removed_bytes = {}
    if _removes_units(point):
        small_files = exporter.files(shrink(network))
        small_zipped = zips(small_files)
        removed_bytes = sizes(small_files, small_zipped)
        for form, data in small_zipped.items():
            named[point_file(point.key, form, removed=True)] = data
    validated = litert.logits(files["tflite_dynamic"], images.validation.images)
    measured = dataclasses.replace(
        point,
        bytes=sizes(files, zipped),
        removed_bytes=removed_bytes,
        tflite_accuracy=accuracy(files["tflite"]),
        tflite_dynamic_accuracy=accuracy(files["tflite_dynamic"]),
        tflite_dynamic_validation=images.validation.of(validated),
    )
    return measured, named


def file_names(point: Point) -> set[str]:
    """Names of all files of a point, those of the network without its dead units among them."""
    kinds = (False, True) if _removes_units(point) else (False,)
    return {point_file(point.key, form, removed=removed) for form in FORMATS for removed in kinds}


def _removes_units(point: Point) -> bool:
    method = method_of(point.method)
    return method is not None and method.removes_units
