"""Names for the arrays that the engine passes around."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
IntArray: TypeAlias = npt.NDArray[np.int64]
LabelArray: TypeAlias = npt.NDArray[np.uint8]
ImageArray: TypeAlias = npt.NDArray[np.uint8] | npt.NDArray[np.float32]
