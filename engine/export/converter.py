"""TFLite files as TensorFlow's converter writes them: the settings of every variant.

Two conversions of one network at the same settings give the same bytes, also in two processes.
"""

import gc
import warnings
from collections.abc import Iterator

import tensorflow as tf

from engine import checks
from engine.arrays import FloatArray
from engine.errors import InvalidInput
from engine.networks.network import Network
from engine.settings import VARIANTS
from engine.training import keras_model


def convert(network: Network, variant: str, calibration: FloatArray | None = None) -> bytes:
    """The file that the converter writes for the network's Keras model.

    Args:
        network: the weights.
        variant: one of `engine.settings.VARIANTS`.
        calibration: normalised images ``(n, inputs)``; only int8 variants look at them.

    Raises:
        InvalidInput: there is no such variant, or no image to calibrate int8 by.
        Exception: any other that TensorFlow raises where it refuses the network.
    """
    checks.choice("variant", variant, VARIANTS)
    try:
        return _converted(network, variant, calibration)
    finally:
        gc.collect()  # the converter leaves cycles that hold the weights many times over


# A function of its own: what it held is garbage when `convert` collects.
def _converted(network: Network, variant: str, calibration: FloatArray | None) -> bytes:
    converter = tf.lite.TFLiteConverter.from_keras_model(keras_model.from_network(network))
    numbers, _, sparse = variant.partition("-")
    optimizations = [] if numbers == "float32" else [tf.lite.Optimize.DEFAULT]  # weights as int8
    if sparse:
        optimizations.append(tf.lite.Optimize.EXPERIMENTAL_SPARSITY)  # zeros by their places
    converter.optimizations = optimizations
    if numbers == "float16":
        converter.target_spec.supported_types = [tf.float16]  # weights as float16 instead
    if numbers == "int8":
        if calibration is None or not len(calibration):
            raise InvalidInput("int8 needs calibration images, and there are none")
        images = calibration.reshape(-1, 1, *keras_model.image_shape(network.architecture))

        def representative() -> Iterator[list[FloatArray]]:
            for batch in images:
                yield [batch]  # of one, as the network reads it

        converter.representative_dataset = representative
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.int8
    with warnings.catch_warnings():
        # said of every int8 input, though the calibration images give the statistics
        warnings.filterwarnings("ignore", "Statistics for quantized inputs were expected")
        return bytes(converter.convert())
