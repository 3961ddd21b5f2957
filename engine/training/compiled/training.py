"""What the compiled loops work on, made and checked: no bounds are checked inside."""

from typing import Any

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray, LabelArray
from engine.training.compiled import loops
from engine.training.compiled.loops import ROWS, Arrays, Rates, Training


def joined(kernel: FloatArray, bias: FloatArray, *, hidden: bool) -> FloatArray:
    """The matrix of a layer: kernel ``(inputs, units)`` above bias ``(units,)``, and zeros."""
    inputs, units = kernel.shape
    matrix = np.zeros((_padded(inputs), _padded(units) if hidden else units), kernel.dtype)
    matrix[:inputs, :units], matrix[inputs, :units] = kernel, bias
    return matrix


def parted(matrix: FloatArray, inputs: int, units: int) -> tuple[FloatArray, FloatArray]:
    """The inverse of `joined`: copies of kernel ``(inputs, units)`` and bias ``(units,)``."""
    return matrix[:inputs, :units].copy(), matrix[inputs, :units].copy()


def training(
    matrices: Arrays,
    widths: tuple[int, ...],
    batch: int,
    *,
    masks: tuple[BoolArray, ...] = (),
    anchors: Arrays = (),
) -> Training:
    """Start from `matrices`, which will be trained in place, without velocity.

    Args:
        matrices: as `joined` makes them.
        widths: number of inputs and of each hidden layer's units.
        batch: images a step.
        masks: what is trained, in the shapes of the matrices; everything if there are none.
        anchors: what a proximal term pulls to, in the shapes of the matrices; none without one.

    Raises:
        ValueError: sizes do not belong together. Compiled loops would not notice.
    """
    shapes = [matrix.shape for matrix in matrices]
    rows = [_padded(width) for width in widths]
    if [rows for rows, _ in shapes] != rows or [columns for _, columns in shapes[:-1]] != rows[1:]:
        raise ValueError(f"matrices {shapes} for widths {widths}")
    for name, arrays in (("masks", masks), ("anchors", anchors)):
        if arrays and [array.shape for array in arrays] != shapes:
            raise ValueError(f"{name} {[array.shape for array in arrays]} for matrices {shapes}")
    if batch < 1:
        raise ValueError(f"{batch} images a step, not one at least")
    columns = [len(matrices[0]), *(matrix.shape[1] for matrix in matrices)]
    nothing = np.zeros((0, 0), np.float32)
    return Training(
        matrices,
        tuple(np.zeros_like(matrix) for matrix in matrices),
        masks or tuple(np.zeros((0, 0), bool) for _ in matrices),
        anchors or tuple(nothing for _ in matrices),
        tuple(np.zeros((batch, count), np.float32) for count in columns),
        (nothing, *(np.zeros((batch, count), np.float32) for count in columns[1:])),
        widths,
    )


def epoch(
    state: Training, images: np.ndarray, labels: IntArray | LabelArray, rates: Rates
) -> tuple[float, float]:
    """Train with each image once, in their order, as many a step as there is room for.

    Args:
        state: is changed.
        images: ``(n, inputs)``.
        labels: ``(n,)``, columns of the last matrix.
        rates: learning rate and so on.

    Returns:
        Right answers and sum of cross-entropies (nats), as the images were learnt.

    Raises:
        ValueError: for images of another size or labels without a column. Compiled loops would
            not notice.
    """
    classes = state.matrices[-1].shape[1]
    if images.shape != (len(labels), state.widths[0]):
        raise ValueError(f"images {images.shape}, not ({len(labels)}, {state.widths[0]})")
    if len(labels) and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(f"labels {labels.min()} to {labels.max()}, not 0 to {classes - 1}")
    pixels = np.require(images, requirements=("C", "W"))  # another kind would be compiled anew
    right, loss = loops.epoch(state, pixels, labels.astype(np.int64), rates)
    return float(right), float(loss)


def prepare(layers: int, pixels: np.dtype[Any]) -> None:
    """Compile for networks of so many layers and images of such pixels, or load what is kept.

    Otherwise the first epoch does that; it takes some seconds, once for a machine.
    """
    kernels = [np.zeros((1, 1), np.float32) for _ in range(layers)]
    matrices = [joined(kernel, kernel[0], hidden=True) for kernel in kernels[1:]]
    matrices.append(joined(kernels[0], kernels[0][0], hidden=False))
    state = training(tuple(matrices), (1,) * layers, 1)
    nothing = np.zeros(0, np.int64)
    epoch(state, np.zeros((0, 1), pixels), nothing, Rates(*[np.float32(1)] * 4))


def _padded(units: int) -> int:
    """Rows of a matrix that reads so many units and a 1."""
    return -(-(units + 1) // ROWS) * ROWS
