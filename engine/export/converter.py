"""TFLite files as TensorFlow's converter writes them: the settings of every variant.

Two conversions of one network at the same settings give the same bytes, also in two processes.
"""

import dataclasses
import gc
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import tensorflow as tf

from engine.arrays import FloatArray
from engine.errors import InvalidInput
from engine.networks.network import Network
from engine.training import keras_model


@dataclass(frozen=True, slots=True)
class Variant:
    """What the converter is asked for.

    Attributes:
        optimize: quantize weights (`Optimize.DEFAULT`).
        half: weights as float16 instead of int8.
        calibrated: everything in int8, input and output too; needs calibration images.
        sparse: store zeros by their places (`Optimize.EXPERIMENTAL_SPARSITY`).
    """

    optimize: bool = True
    half: bool = False
    calibrated: bool = False
    sparse: bool = False


_DENSE = {
    "float32": Variant(optimize=False),
    "float16": Variant(half=True),
    "dynamic": Variant(),
    "int8": Variant(calibrated=True),
}

CONVERTERS: Mapping[str, Variant] = MappingProxyType(
    _DENSE
    | {
        f"{name}-sparse": dataclasses.replace(_DENSE[name], sparse=True)
        for name in ("float32", "dynamic", "int8")
    }
)
"""By the names of `engine.settings.VARIANTS`."""


def convert(network: Network, variant: str, calibration: FloatArray | None = None) -> bytes:
    """The file that the converter writes for the network's Keras model.

    Args:
        network: the weights.
        variant: a key of `CONVERTERS`.
        calibration: normalised images ``(n, inputs)``; only int8 variants look at them.

    Raises:
        InvalidInput: an int8 variant has no image to be calibrated by.
    """
    try:
        return _converted(network, CONVERTERS[variant], calibration)
    finally:
        gc.collect()  # the converter leaves cycles that hold the weights many times over


# A function of its own: what it held is garbage when `convert` collects.
def _converted(network: Network, wanted: Variant, calibration: FloatArray | None) -> bytes:
    converter = tf.lite.TFLiteConverter.from_keras_model(keras_model.from_network(network))
    flags = {
        tf.lite.Optimize.DEFAULT: wanted.optimize,
        tf.lite.Optimize.EXPERIMENTAL_SPARSITY: wanted.sparse,
    }
    converter.optimizations = [flag for flag, asked in flags.items() if asked]
    if wanted.half:
        converter.target_spec.supported_types = [tf.float16]
    if wanted.calibrated:
        _calibrate(converter, calibration, keras_model.image_shape(network.architecture))
    with warnings.catch_warnings():
        # said of every int8 input, though the calibration images give the statistics
        warnings.filterwarnings("ignore", "Statistics for quantized inputs were expected")
        return bytes(converter.convert())


def _calibrate(
    converter: tf.lite.TFLiteConverter, calibration: FloatArray | None, image: tuple[int, ...]
) -> None:
    if calibration is None or not len(calibration):
        raise InvalidInput("int8 needs calibration images, and there are none")
    images = calibration.reshape(-1, 1, *image)

    def representative() -> Iterator[list[FloatArray]]:
        for batch in images:
            yield [batch]  # of one, as the network reads it

    converter.representative_dataset = representative
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
