"""Weights as bytes: float32, float16, or int8 with a scale for each array."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.arrays import FloatArray
from engine.federated.wire.reader import Reader

LEVELS = 127
_TYPES: Mapping[str, np.dtype[np.floating[Any]]] = {
    "float32": np.dtype("<f4"),
    "float16": np.dtype("<f2"),
}


def pack(values: FloatArray, form: str) -> bytes | memoryview:
    """Values ``(n,)`` in little-endian order; what is no number stays none.

    What need not be changed is not copied.
    """
    if form == "int8":
        return _pack_int8(values)
    with np.errstate(over="ignore"):  # becomes infinite: the upload is refused
        return np.ascontiguousarray(values, _TYPES[form]).view(np.uint8).data


def unpack(reader: Reader, count: int, form: str) -> FloatArray:
    """The next `count` values of a message; raises DamagedPayload where they are missing."""
    if form == "int8":
        scale = np.frombuffer(reader.take(4), "<f4")
        with np.errstate(invalid="ignore", over="ignore"):
            values: FloatArray = np.frombuffer(reader.take(count), np.int8) * scale
            return values
    kind = _TYPES[form]
    return np.frombuffer(reader.take(count * kind.itemsize), kind).astype(np.float32)


def length(count: int, form: str) -> int:
    """Bytes of so many values of one array."""
    return count + 4 if form == "int8" else count * _TYPES[form].itemsize


def _pack_int8(values: FloatArray) -> bytes:
    most = np.abs(values).max(initial=0)
    scale = np.float32(most / LEVELS)  # not finite where a value is not: so is all that is read
    steps = np.rint(values / scale) if scale > 0 and np.isfinite(scale) else np.zeros(values.shape)
    return bytes(scale.astype("<f4").tobytes() + steps.astype(np.int8).tobytes())
