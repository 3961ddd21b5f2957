"""TFLite files run by LiteRT: what they answer, and how long that takes.

The only importer of LiteRT's interpreter.
"""

import os
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from engine.arrays import FloatArray
from engine.errors import StorageError
from engine.results.export_report import DEFAULT_RESOLVER, FALLBACK_RESOLVER, Latency

BATCH = 1000
"""Images per call: the whole of MNIST's test set in ten."""

RESOLVERS = {
    DEFAULT_RESOLVER: OpResolverType.AUTO,
    FALLBACK_RESOLVER: OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
}
"""What to try, in this order: the delegate refuses some sparse kernels."""

WARM_UP = 20
"""Timed calls that do not count: the first ones pack weights and fill caches."""

THREADS = 1
"""Of LiteRT: files are run side by side."""


def logits(model: bytes, images: FloatArray, *, resolver: str = DEFAULT_RESOLVER) -> FloatArray:
    """Logits ``(n, classes)`` of normalised images ``(n, inputs)``; of an int8 file, scaled back.

    Args:
        model: a .tflite file with one input and one output, both float32 or both int8.
        images: any number of them, also none.
        resolver: which kernels run it, a key of `RESOLVERS`.

    Raises:
        StorageError: the file is damaged, the images do not fit it, these kernels refuse it or
            do not answer every image.
    """
    parts = []
    try:
        made = interpreter(model, resolver)
        for start in range(0, max(len(images), 1), BATCH):
            _put(made, images[start : start + BATCH])
            made.invoke()
            target = made.get_output_details()[0]
            answers: FloatArray = made.get_tensor(target["index"])
            if target["dtype"] is np.int8:
                scale, zero_point = target["quantization"]
                answers = (answers.astype(np.float32) - zero_point) * np.float32(scale)
            parts.append(answers)
    except (RuntimeError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise StorageError(f"the TFLite model cannot be run: {reason}") from None
    found = np.concatenate(parts)
    if len(found) != len(images):
        raise StorageError(f"the TFLite model gives {len(found)} answers to {len(images)} images")
    return found


def latency(model: bytes, resolver: str, images: FloatArray, *, repetitions: int) -> Latency:
    """Microseconds of LiteRT's call for one image, on one thread: median and quartiles.

    The copies of image and answer are not counted. Nothing else of the run works meanwhile; what
    else the machine does is told by its load.

    Args:
        model: a .tflite file that the resolver runs.
        resolver: a key of `RESOLVERS`.
        images: normalised, ``(n, inputs)``; one after the other is given, again from the first.
        repetitions: timed calls.

    Raises:
        RuntimeError, ValueError: LiteRT refuses the file.
    """
    made = interpreter(model, resolver)
    times = np.empty(WARM_UP + repetitions)
    for turn in range(len(times)):
        _put(made, images[turn % len(images)][None])
        begun = time.perf_counter_ns()
        made.invoke()
        times[turn] = time.perf_counter_ns() - begun
    lower, median, upper = np.quantile(times[WARM_UP:] / 1000, (0.25, 0.5, 0.75)).tolist()
    return Latency(
        median=median,
        lower=lower,
        upper=upper,
        repetitions=repetitions,
        warm_up=WARM_UP,
        threads=THREADS,
        load=os.getloadavg()[0],
    )


def interpreter(model: bytes, resolver: str) -> Interpreter:
    """An interpreter of the file, ready for one image.

    Raises:
        RuntimeError, ValueError: LiteRT refuses it.
    """
    made = Interpreter(
        model_content=model,
        num_threads=THREADS,
        experimental_op_resolver_type=RESOLVERS[resolver],
    )
    made.allocate_tensors()
    return made


def input_steps(model: bytes) -> tuple[float, int] | None:
    """Scale and zero point of a file's int8 input; None where it reads float32.

    Raises:
        RuntimeError, ValueError: the file is damaged.
    """
    source = Interpreter(model_content=model).get_input_details()[0]
    if source["dtype"] is not np.int8:
        return None
    scale, zero_point = source["quantization"]
    return float(scale), int(zero_point)


def _put(made: Interpreter, images: FloatArray) -> None:
    """Give the images ``(n, inputs)`` to the interpreter, scaled to int8 where it reads that."""
    source = made.get_input_details()[0]
    shape = (len(images), *source["shape_signature"][1:])  # of vectors, or of images
    if tuple(source["shape"]) != shape:
        made.resize_tensor_input(source["index"], shape)
        made.allocate_tensors()
    values: np.ndarray = images
    if source["dtype"] is np.int8:
        scale, zero_point = source["quantization"]
        steps = np.round(images / np.float32(scale) + zero_point)
        values = np.clip(steps, -128, 127).astype(np.int8)
    made.set_tensor(source["index"], values.reshape(shape))
