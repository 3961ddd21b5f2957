"""Answers of a TFLite file, computed by LiteRT: the only importer of its interpreter."""

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from engine.arrays import FloatArray
from engine.errors import StorageError

BATCH = 1000
"""Images per call: the whole of MNIST's test set in ten."""


def logits(model: bytes, images: FloatArray, *, threads: int = 2) -> FloatArray:
    """Logits ``(n, classes)`` of normalised images ``(n, inputs)``.

    Args:
        model: a .tflite file with one input and one output, both float32.
        images: any number of them, also none.
        threads: of LiteRT, for one call.

    Raises:
        StorageError: the file is damaged, or the images do not fit it.
    """
    try:
        interpreter = Interpreter(model_content=model, num_threads=threads)
        interpreter.allocate_tensors()
        batches = [
            _run(interpreter, images[start : start + BATCH])
            for start in range(0, max(len(images), 1), BATCH)
        ]
    except (RuntimeError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise StorageError(f"the TFLite model cannot be run: {reason}") from None
    return np.concatenate(batches)


def _run(interpreter: Interpreter, images: FloatArray) -> FloatArray:
    source = interpreter.get_input_details()[0]
    if tuple(source["shape"]) != images.shape:
        interpreter.resize_tensor_input(source["index"], images.shape)
        interpreter.allocate_tensors()
    interpreter.set_tensor(source["index"], images)
    interpreter.invoke()
    answers: FloatArray = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    return answers
