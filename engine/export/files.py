"""Every model file of a network, fast enough for a sweep: one template serves many networks."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from engine.export import keras_file, tflite
from engine.export.archive import zip_bytes
from engine.networks.network import Network, check_finite
from engine.results.files import entry
from engine.results.points import FORMATS
from engine.system.cache import Cache

VARIANT_OF: Mapping[str, str] = {
    "keras": "keras",
    "tflite": "float32",
    "tflite_dynamic": "dynamic",
}
"""What is in the file of each format of a point."""

NO_SKELETON = b""
"""Stands for a kind of network whose files only the converter makes."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The files of one network.

    Attributes:
        keras: HDF5, as Keras saves it without an optimizer.
        tflite: float32.
        tflite_dynamic: dynamic-range int8: kernels of 1,024 entries or more quantised.
    """

    keras: bytes
    tflite: bytes
    tflite_dynamic: bytes

    def raw(self) -> dict[str, bytes]:
        """The files by format, in the order of `engine.results.points.FORMATS`."""
        return {name: getattr(self, name) for name in FORMATS}


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

    def files(self, network: Network) -> ModelFiles:
        """The network's model files: the same bytes whenever and wherever they are made."""
        return ModelFiles(
            keras=self.keras(network),
            tflite=self.tflite(network, dynamic=False),
            tflite_dynamic=self.tflite(network, dynamic=True),
        )

    def keras(self, network: Network) -> bytes:
        """The network's Keras file.

        Raises:
            PrunescopeError: it diverged.
        """
        check_finite(network)
        with self._one_keras:
            template = self._keras.get(network.architecture, lambda: keras_file.template(network))
        return keras_file.write(template, network)

    def tflite(self, network: Network, *, dynamic: bool) -> bytes:
        """The network's float32 or dynamic-range TFLite file.

        Raises:
            PrunescopeError: it diverged, or the converter makes no file.
        """
        check_finite(network)
        bare = self._skeletons.get(
            tflite.kind(network, dynamic=dynamic),
            lambda: tflite.skeleton(network, self._convert, dynamic=dynamic) or NO_SKELETON,
        )
        file = None if bare == NO_SKELETON else tflite.write(bare, network)
        return file or self._convert(network, tflite.variant(dynamic=dynamic))


def zips(files: ModelFiles) -> dict[str, bytes]:
    """A zip of each file, by format."""
    return {name: zip_bytes(entry(VARIANT_OF[name]), data) for name, data in files.raw().items()}


def sizes(files: ModelFiles, zipped: Mapping[str, bytes]) -> dict[str, int]:
    """The `bytes` of a point: length of each file and, under ``…_zip``, of its zip."""
    return {
        key: len(data)
        for name, raw in files.raw().items()
        for key, data in ((name, raw), (f"{name}_zip", zipped[name]))
    }
