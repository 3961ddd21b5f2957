"""Answers of a TFLite file, computed by LiteRT: the only importer of its interpreter."""

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from engine.arrays import FloatArray
from engine.errors import StorageError
from engine.results.export_report import DEFAULT_RESOLVER, FALLBACK_RESOLVER

BATCH = 1000
"""Images per call: the whole of MNIST's test set in ten."""

RESOLVERS = {
    DEFAULT_RESOLVER: OpResolverType.AUTO,
    FALLBACK_RESOLVER: OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
}
"""What to try, in this order: the delegate refuses some sparse kernels."""


def logits(
    model: bytes, images: FloatArray, *, resolver: str = DEFAULT_RESOLVER, threads: int = 2
) -> FloatArray:
    """Logits ``(n, classes)`` of normalised images ``(n, inputs)``; of an int8 file, scaled back.

    Args:
        model: a .tflite file with one input and one output, both float32 or both int8.
        images: any number of them, also none.
        resolver: which kernels run it, a key of `RESOLVERS`.
        threads: of LiteRT, for one call.

    Raises:
        StorageError: the file is damaged, the images do not fit it, these kernels refuse it or
            do not answer every image.
    """
    try:
        made = interpreter(model, resolver, threads=threads)
        starts = range(0, max(len(images), 1), BATCH)
        found = np.concatenate([_run(made, images[start : start + BATCH]) for start in starts])
    except (RuntimeError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise StorageError(f"the TFLite model cannot be run: {reason}") from None
    if len(found) != len(images):
        raise StorageError(f"the TFLite model gives {len(found)} answers to {len(images)} images")
    return found


def interpreter(model: bytes, resolver: str, *, threads: int = 1) -> Interpreter:
    """An interpreter of the file, ready for one image.

    Raises:
        RuntimeError, ValueError: LiteRT refuses it.
    """
    made = Interpreter(
        model_content=model,
        num_threads=threads,
        experimental_op_resolver_type=RESOLVERS[resolver],
    )
    made.allocate_tensors()
    return made


def input_steps(model: bytes) -> tuple[float, int] | None:
    """Scale and zero point of a file's int8 input; None where it reads float32.

    Raises:
        StorageError: the file is damaged.
    """
    try:
        source = Interpreter(model_content=model).get_input_details()[0]
    except (RuntimeError, ValueError):
        raise StorageError("the TFLite model cannot be read") from None
    if not _is_int8(source):
        return None
    scale, zero = source["quantization"]
    return float(scale), int(zero)


def put(made: Interpreter, images: FloatArray) -> None:
    """Give the images ``(n, inputs)`` to the interpreter, scaled to int8 where it reads that."""
    source = made.get_input_details()[0]
    shape = (len(images), *source["shape_signature"][1:])  # of vectors, or of images
    if tuple(source["shape"]) != shape:
        made.resize_tensor_input(source["index"], shape)
        made.allocate_tensors()
    values: np.ndarray = images
    if _is_int8(source):
        scale, zero = source["quantization"]
        steps = np.round(images / np.float32(scale) + zero)
        values = np.clip(steps, -128, 127).astype(np.int8)
    made.set_tensor(source["index"], values.reshape(shape))


def _run(made: Interpreter, images: FloatArray) -> FloatArray:
    put(made, images)
    made.invoke()
    target = made.get_output_details()[0]
    found: FloatArray = made.get_tensor(target["index"])
    if _is_int8(target):
        scale, zero = target["quantization"]
        found = (found.astype(np.float32) - zero) * np.float32(scale)
    return found


def _is_int8(tensor: dict[str, object]) -> bool:
    return tensor["dtype"] is np.int8
