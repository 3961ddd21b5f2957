"""An epoch of SGD with momentum, as loops that are compiled.

A step of ten images does little with each weight, so what counts is how often weights are fetched.
Here that is twice: on the way forward, and on the way back, where gradients are passed on and the
weight is updated while it is near. What reads zero is left out: most pixels of an image, and units
that are silent.

A layer is one matrix: its kernel's rows, a row for the bias, which reads a 1, and rows of zeros up
to a multiple of `ROWS`. Its columns are the next matrix's rows; those behind the units read zeros,
send no gradients and stay zero.

Nothing is checked here; `engine.training.compiled.training` does that before. All loops are in
this one file, because what is kept of them on disk is forgotten when the file changes, and only
then. What happens to a layer or to a row of it is a function of its own where LLVM makes faster
code of it alone: as one function an epoch takes a fifth longer.
"""

import math
from typing import NamedTuple, TypeAlias

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.training.compiled.compiling import compiled, compiled_for_good

Arrays: TypeAlias = tuple[FloatArray, ...]

ROWS = 8
"""Rows of a matrix that are worked on at a time, so that they are near for all images of a step.
Eight are written out in `_input_gradients`, and a multiple of four is needed in `_multiply`."""

ZERO, ONE = np.float32(0), np.float32(1)

TINY = np.float32(1e-30)
"""Velocities and gradients below this are zero: they are far from moving a weight, and numbers that
only fade would end as subnormal ones, with which processors are many times slower."""


class Rates(NamedTuple):
    """What a step is made with, all float32.

    Attributes:
        learning_rate: learning rate.
        momentum: share of the velocity that stays.
        mu: weight of the proximal term; used where there is an anchor.
        scale: what pixels are divided by.
    """

    learning_rate: np.float32
    momentum: np.float32
    mu: np.float32
    scale: np.float32


class Training(NamedTuple):
    """Arrays that are trained in place, one for each layer, and room to work in.

    Attributes:
        matrices: as `engine.training.compiled.training.joined` makes them.
        velocity: of the same shapes.
        masks: of the same shapes, or all without rows: then everything is trained.
        anchors: the matrices that a proximal term pulls to, or all without rows.
        values: of the inputs and of each layer on the way forward, ``(batch, columns)``.
        gradients: of the same shapes, on the way back; nobody asks for those of the inputs.
        widths: number of inputs and of each hidden layer's units; behind them stands the 1.
    """

    matrices: Arrays
    velocity: Arrays
    masks: tuple[BoolArray, ...]
    anchors: Arrays
    values: Arrays
    gradients: Arrays
    widths: tuple[int, ...]


class LayerState(NamedTuple):
    """One layer on the way back: `read` is what it reads, `gradients` belong to what it writes."""

    matrix: FloatArray
    velocity: FloatArray
    mask: BoolArray
    anchor: FloatArray
    read: FloatArray
    gradients: FloatArray


@compiled_for_good
def epoch(
    state: Training, images: np.ndarray, labels: IntArray, rates: Rates
) -> tuple[float, float]:
    """As `engine.training.compiled.training.epoch`, without its checks."""
    right, loss, batch = 0.0, 0.0, len(state.values[0])
    order = np.zeros(max(batch, ROWS), np.int64)
    for start in range(0, len(images), batch):
        rows = min(batch, len(images) - start)
        for b in range(rows):
            for i in range(images.shape[1]):
                state.values[0][b, i] = np.float32(images[start + b, i]) / rates.scale
        _forward(state, rows, order)
        hits, batch_loss = _softmax_cross_entropy_backward(
            state.values[-1], labels[start : start + rows], state.gradients[-1]
        )
        right, loss = right + hits, loss + batch_loss
        _backward(state, rows, rates, order)
    return right, loss


@compiled
def _forward(state: Training, rows: int, order: IntArray) -> None:
    """What each layer writes for the images of a step, `rows` here and in all that follows."""
    last = len(state.matrices) - 1
    for index in range(last + 1):
        read, written = state.values[index], state.values[index + 1]
        for b in range(rows):
            read[b, state.widths[index]] = ONE
            for j in range(written.shape[1]):
                written[b, j] = ZERO
        _multiply(read, state.matrices[index], written, rows, order)
        if index < last:
            for b in range(rows):
                for j in range(written.shape[1]):
                    written[b, j] = ZERO if written[b, j] < 0 else written[b, j]  # NaN stays


@compiled
def _multiply(
    read: FloatArray, matrix: FloatArray, written: FloatArray, rows: int, order: IntArray
) -> None:
    """Add ``read @ matrix`` to `written`, without what reads zero."""
    for i in range(0, len(matrix), ROWS):
        for b in range(rows):
            for n in range(0, _nonzero_rows(read, b, i, order), 4):
                k0, k1, k2, k3 = order[n], order[n + 1], order[n + 2], order[n + 3]
                r0, r1, r2, r3 = read[b, k0], read[b, k1], read[b, k2], read[b, k3]
                for j in range(matrix.shape[1]):
                    written[b, j] += (r0 * matrix[k0, j] + r1 * matrix[k1, j]) + (
                        r2 * matrix[k2, j] + r3 * matrix[k3, j]
                    )


@compiled
def _nonzero_rows(read: FloatArray, b: int, i: int, order: IntArray) -> int:
    """How many of the rows from `i` on do not read zero; in `order` they stand before the others.

    So whoever takes four at a time may take some more, which read zero.
    """
    first, last = 0, ROWS - 1
    for k in range(i, i + ROWS):
        order[first] = order[last] = k  # no branch: nothing could foretell it
        active = int(read[b, k] != 0)
        first += active
        last -= 1 - active
    return first


@compiled
def _softmax_cross_entropy_backward(
    logits: FloatArray, labels: IntArray, gradients: FloatArray
) -> tuple[int, float]:
    """Right answers and sum of cross-entropies of logits ``(batch, classes)``.

    The gradients of their mean over the labels are written, in the shape of the logits.
    """
    right, loss, share = 0, 0.0, ONE / np.float32(len(labels))
    for b in range(len(labels)):
        label, best, total = labels[b], 0, ZERO
        for j in range(logits.shape[1]):
            best = j if logits[b, j] > logits[b, best] else best
        for j in range(logits.shape[1]):
            gradients[b, j] = math.exp(logits[b, j] - logits[b, best])
            total += gradients[b, j]
        for j in range(logits.shape[1]):
            gradients[b, j] = _flush_subnormals(gradients[b, j] * (share / total))
        gradients[b, label] -= share
        right += best == label
        loss += math.log(total) - (logits[b, label] - logits[b, best])
    return right, loss


@compiled
def _backward(state: Training, rows: int, rates: Rates, order: IntArray) -> None:
    for index in range(len(state.matrices) - 1, -1, -1):
        layer = LayerState(
            state.matrices[index],
            state.velocity[index],
            state.masks[index],
            state.anchors[index],
            state.values[index],
            state.gradients[index + 1],
        )
        _backward_layer(layer, state.gradients[index], rows, rates, order)
        if index > 0:
            _relu_backward(state.gradients[index], state.values[index], state.widths[index], rows)


@compiled
def _backward_layer(
    layer: LayerState, below: FloatArray, rows: int, rates: Rates, order: IntArray
) -> None:
    """Pass gradients ``(rows, columns)`` on to `below` and update a layer, some rows at a time."""
    matrix, velocity, mask, anchor, read, gradients = layer
    for i in range(0, len(matrix), ROWS):
        if len(below):
            _input_gradients(gradients, matrix, i, below, rows)
        for k in range(i, i + ROWS):
            _momentum_update(velocity, k, read, gradients, rows, order, rates.momentum)
            if len(anchor):
                _proximal_term(velocity, k, matrix, anchor, rates.mu)
            if len(mask):
                _apply_mask(velocity, k, mask)
            _sgd_step(matrix, k, velocity, rates.learning_rate)


@compiled
def _input_gradients(
    gradients: FloatArray, matrix: FloatArray, i: int, below: FloatArray, rows: int
) -> None:
    """Gradients of what eight rows read, from those of what they write."""
    for b in range(rows):
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = ZERO
        for j in range(matrix.shape[1]):
            gradient = gradients[b, j]
            s0 += gradient * matrix[i, j]
            s1 += gradient * matrix[i + 1, j]
            s2 += gradient * matrix[i + 2, j]
            s3 += gradient * matrix[i + 3, j]
            s4 += gradient * matrix[i + 4, j]
            s5 += gradient * matrix[i + 5, j]
            s6 += gradient * matrix[i + 6, j]
            s7 += gradient * matrix[i + 7, j]
        below[b, i], below[b, i + 1], below[b, i + 2], below[b, i + 3] = s0, s1, s2, s3
        below[b, i + 4], below[b, i + 5], below[b, i + 6], below[b, i + 7] = s4, s5, s6, s7


@compiled
def _relu_backward(gradients: FloatArray, values: FloatArray, width: int, rows: int) -> None:
    """Nothing goes back through a unit that is silent, nor through the 1 behind them."""
    for b in range(rows):
        for j in range(gradients.shape[1]):
            gradients[b, j] = ZERO if values[b, j] == 0 else _flush_subnormals(gradients[b, j])
        gradients[b, width] = ZERO


@compiled
def _flush_subnormals(number: np.float32) -> np.float32:
    return ZERO if abs(number) < TINY else number  # NaN stays


@compiled
def _momentum_update(
    velocity: FloatArray,
    k: int,
    read: FloatArray,
    gradients: FloatArray,
    rows: int,
    order: IntArray,
    momentum: np.float32,
) -> None:
    """What stays of the velocity of row `k`, and the gradients of the images that it reads."""
    count, keep, columns = 0, momentum, velocity.shape[1]
    for b in range(rows):  # those images are the first in `order`
        order[count] = b  # no branch: nothing could foretell it
        count += int(read[b, k] != 0)
    if count == 0:
        for j in range(columns):
            velocity[k, j] = _flush_subnormals(keep * velocity[k, j])
    for n in range(0, count - 3, 4):
        b0, b1, b2, b3 = order[n], order[n + 1], order[n + 2], order[n + 3]
        r0, r1, r2, r3 = read[b0, k], read[b1, k], read[b2, k], read[b3, k]
        for j in range(columns):
            updated = keep * velocity[k, j] + (
                (r0 * gradients[b0, j] + r1 * gradients[b1, j])
                + (r2 * gradients[b2, j] + r3 * gradients[b3, j])
            )
            velocity[k, j] = _flush_subnormals(updated)
        keep = ONE
    done = count - count % 4
    if count - done > 1:
        b0, b1 = order[done], order[done + 1]
        r0, r1 = read[b0, k], read[b1, k]
        for j in range(columns):
            updated = keep * velocity[k, j] + (r0 * gradients[b0, j] + r1 * gradients[b1, j])
            velocity[k, j] = _flush_subnormals(updated)
        keep, done = ONE, done + 2
    if count > done:
        b0 = order[done]
        r0 = read[b0, k]
        for j in range(columns):
            velocity[k, j] = _flush_subnormals(keep * velocity[k, j] + r0 * gradients[b0, j])


@compiled
def _proximal_term(
    velocity: FloatArray, k: int, matrix: FloatArray, anchor: FloatArray, mu: np.float32
) -> None:
    for j in range(matrix.shape[1]):
        velocity[k, j] += mu * (matrix[k, j] - anchor[k, j])


@compiled
def _apply_mask(velocity: FloatArray, k: int, mask: BoolArray) -> None:
    for j in range(mask.shape[1]):
        velocity[k, j] = velocity[k, j] if mask[k, j] else ZERO


@compiled
def _sgd_step(matrix: FloatArray, k: int, velocity: FloatArray, learning_rate: np.float32) -> None:
    for j in range(matrix.shape[1]):
        matrix[k, j] -= learning_rate * velocity[k, j]
