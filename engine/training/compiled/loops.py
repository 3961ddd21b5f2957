"""An epoch of SGD with momentum, as loops that are compiled.

A step of ten images does little with each weight, so what counts is how often weights are fetched.
Here that is twice: on the way forward, and on the way back, where slopes are passed on and the
weight is updated while it is near. What reads zero is left out: most pixels of an image, and units
that are silent.

A layer is one matrix: its kernel's rows, a row for the bias, which reads a 1, and rows of zeros up
to a multiple of `ROWS`. Its columns are the next matrix's rows; those behind the units read zeros,
send no slopes and stay zero.

Nothing is checked here; `engine.training.compiled.training` does that before. All loops are in
this one file, because what is kept of them on disk is forgotten when the file changes, and only
then.
"""

import math
from typing import NamedTuple, TypeAlias

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.training.compiled.compiling import compiled, compiled_for_good

Arrays: TypeAlias = tuple[FloatArray, ...]

ROWS = 8
"""Rows of a matrix that are worked on at a time, so that they are near for all images of a step.
Eight are written out in `_pass_on`, and a multiple of four is needed in `_multiply`."""

ZERO, ONE = np.float32(0), np.float32(1)

TINY = np.float32(1e-30)
"""Velocities and slopes below this are zero: they are far from moving a weight, and numbers that
only fade would end as subnormal ones, with which processors are many times slower."""


class Rates(NamedTuple):
    """What a step is made with, all float32.

    Attributes:
        rate: learning rate.
        momentum: share of the velocity that stays.
        pull: mu of fedprox; used where there is an anchor.
        scale: what pixels are divided by.
    """

    rate: np.float32
    momentum: np.float32
    pull: np.float32
    scale: np.float32


class Training(NamedTuple):
    """Arrays that are trained in their place, one for each layer, and room to work in.

    Attributes:
        matrices: as `engine.training.compiled.training.joined` makes them.
        velocity: of the same shapes.
        masks: of the same shapes, or all without rows: then everything is trained.
        anchors: the matrices that fedprox pulls to, or all without rows.
        values: of the inputs and of each layer on the way forward, ``(batch, columns)``.
        slopes: of the same shapes, on the way back; nobody asks for those of the inputs.
        widths: number of inputs and of each hidden layer's units; behind them stands the 1.
    """

    matrices: Arrays
    velocity: Arrays
    masks: tuple[BoolArray, ...]
    anchors: Arrays
    values: Arrays
    slopes: Arrays
    widths: tuple[int, ...]


class LayerState(NamedTuple):
    """What the way back needs of one layer: `read` is what it reads, `slopes` of what it writes."""

    matrix: FloatArray
    velocity: FloatArray
    mask: BoolArray
    anchor: FloatArray
    read: FloatArray
    slopes: FloatArray


@compiled_for_good
def epoch(
    state: Training, images: np.ndarray, labels: IntArray, rates: Rates
) -> tuple[float, float]:
    """As `engine.training.compiled.training.epoch`, without its checks."""
    right, loss, batch = 0.0, 0.0, len(state.values[0])
    order = np.zeros(max(batch, ROWS), np.int64)
    for start in range(0, len(images), batch):
        rows = min(batch, len(images) - start)
        _show(images, start, rows, state.values[0], rates.scale)
        _forward(state, rows, order)
        hits, surprise = _judge(state.values[-1], labels[start : start + rows], state.slopes[-1])
        right, loss = right + hits, loss + surprise
        _back(state, rows, rates, order)
    return right, loss


@compiled
def _show(images: np.ndarray, start: int, rows: int, values: FloatArray, scale: np.float32) -> None:
    for b in range(rows):
        for i in range(images.shape[1]):
            values[b, i] = np.float32(images[start + b, i]) / scale


@compiled
def _forward(state: Training, rows: int, order: IntArray) -> None:
    last = len(state.matrices) - 1
    for place in range(last + 1):
        read, written = state.values[place], state.values[place + 1]
        _prepare(read, state.widths[place], written, rows)
        _multiply(read, state.matrices[place], written, rows, order)
        if place < last:
            _rectify(written, rows)


@compiled
def _prepare(read: FloatArray, width: int, written: FloatArray, rows: int) -> None:
    for b in range(rows):
        read[b, width] = ONE
        for j in range(written.shape[1]):
            written[b, j] = ZERO


@compiled
def _multiply(
    read: FloatArray, matrix: FloatArray, written: FloatArray, rows: int, order: IntArray
) -> None:
    """Add ``read @ matrix`` to `written`, without what reads zero."""
    for i in range(0, len(matrix), ROWS):
        for b in range(rows):
            for n in range(0, _active(read, b, i, order), 4):
                _add_rows(read, matrix, written, b, order, n)


@compiled
def _active(read: FloatArray, b: int, i: int, order: IntArray) -> int:
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
def _add_rows(
    read: FloatArray, matrix: FloatArray, written: FloatArray, b: int, order: IntArray, n: int
) -> None:
    k0, k1, k2, k3 = order[n], order[n + 1], order[n + 2], order[n + 3]
    r0, r1, r2, r3 = read[b, k0], read[b, k1], read[b, k2], read[b, k3]
    for j in range(matrix.shape[1]):
        written[b, j] += (r0 * matrix[k0, j] + r1 * matrix[k1, j]) + (
            r2 * matrix[k2, j] + r3 * matrix[k3, j]
        )


@compiled
def _rectify(values: FloatArray, rows: int) -> None:
    for b in range(rows):
        for j in range(values.shape[1]):
            values[b, j] = ZERO if values[b, j] < 0 else values[b, j]  # NaN stays


@compiled
def _judge(logits: FloatArray, labels: IntArray, slopes: FloatArray) -> tuple[int, float]:
    """Right answers and sum of cross-entropies of logits ``(batch, classes)``.

    The slopes of their mean over the labels are written, in the shape of the logits.
    """
    right, loss, share = 0, 0.0, ONE / np.float32(len(labels))
    for b in range(len(labels)):
        label, best, total = labels[b], 0, ZERO
        for j in range(logits.shape[1]):
            best = j if logits[b, j] > logits[b, best] else best
        for j in range(logits.shape[1]):
            slopes[b, j] = math.exp(logits[b, j] - logits[b, best])
            total += slopes[b, j]
        for j in range(logits.shape[1]):
            slopes[b, j] = _settled(slopes[b, j] * (share / total))
        slopes[b, label] -= share
        right += best == label
        loss += math.log(total) - (logits[b, label] - logits[b, best])
    return right, loss


@compiled
def _back(state: Training, rows: int, rates: Rates, order: IntArray) -> None:
    for place in range(len(state.matrices) - 1, -1, -1):
        layer = LayerState(
            state.matrices[place],
            state.velocity[place],
            state.masks[place],
            state.anchors[place],
            state.values[place],
            state.slopes[place + 1],
        )
        _back_layer(layer, state.slopes[place], rows, rates, order)
        if place > 0:
            _stop(state.slopes[place], state.values[place], state.widths[place], rows)


@compiled
def _back_layer(
    layer: LayerState, back: FloatArray, rows: int, rates: Rates, order: IntArray
) -> None:
    """Pass slopes ``(rows, columns)`` on to `back` and update a layer, a block of rows at a time.

    `rows` is the number of images of the step, here and in all that follows.
    """
    matrix, velocity, mask, anchor, read, slopes = layer
    for i in range(0, len(matrix), ROWS):
        if len(back):
            _pass_on(slopes, matrix, i, back, rows)
        for k in range(i, i + ROWS):
            count = _learnt(read, k, rows, order)
            _turn(velocity, k, read, slopes, order, count, rates.momentum)
            if len(anchor):
                _pull(velocity, k, matrix, anchor, rates.pull)
            if len(mask):
                _hold(velocity, k, mask)
            _follow(matrix, k, velocity, rates.rate)


@compiled
def _pass_on(slopes: FloatArray, matrix: FloatArray, i: int, back: FloatArray, rows: int) -> None:
    """Slopes of what eight rows read, from those of what they write."""
    for b in range(rows):
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = ZERO
        for j in range(matrix.shape[1]):
            slope = slopes[b, j]
            s0 += slope * matrix[i, j]
            s1 += slope * matrix[i + 1, j]
            s2 += slope * matrix[i + 2, j]
            s3 += slope * matrix[i + 3, j]
            s4 += slope * matrix[i + 4, j]
            s5 += slope * matrix[i + 5, j]
            s6 += slope * matrix[i + 6, j]
            s7 += slope * matrix[i + 7, j]
        back[b, i], back[b, i + 1], back[b, i + 2], back[b, i + 3] = s0, s1, s2, s3
        back[b, i + 4], back[b, i + 5], back[b, i + 6], back[b, i + 7] = s4, s5, s6, s7


@compiled
def _stop(slopes: FloatArray, values: FloatArray, width: int, rows: int) -> None:
    """Nothing goes back through a unit that is silent, nor through the 1 behind them."""
    for b in range(rows):
        for j in range(slopes.shape[1]):
            slopes[b, j] = ZERO if values[b, j] == 0 else _settled(slopes[b, j])
        slopes[b, width] = ZERO


@compiled
def _learnt(read: FloatArray, k: int, rows: int, order: IntArray) -> int:
    """How many images of the step row `k` does not read as zero; `order` begins with them."""
    count = 0
    for b in range(rows):
        order[count] = b  # no branch: nothing could foretell it
        count += int(read[b, k] != 0)
    return count


@compiled
def _turn(
    velocity: FloatArray,
    k: int,
    read: FloatArray,
    slopes: FloatArray,
    order: IntArray,
    count: int,
    momentum: np.float32,
) -> None:
    """The velocity of row `k`: what stays of it, and the slopes of the first images in `order`."""
    keep = momentum
    if count == 0:
        _fade(velocity, k, keep)
    for n in range(0, count - 3, 4):
        _turn_four(velocity, k, read, slopes, order, n, keep)
        keep = ONE
    done = count - count % 4
    if count - done > 1:
        _turn_two(velocity, k, read, slopes, order, done, keep)
        keep, done = ONE, done + 2
    if count > done:
        _turn_one(velocity, k, read[order[done], k], slopes, order[done], keep)


@compiled
def _settled(number: np.float32) -> np.float32:
    return ZERO if abs(number) < TINY else number  # NaN stays


@compiled
def _fade(velocity: FloatArray, k: int, keep: np.float32) -> None:
    for j in range(velocity.shape[1]):
        velocity[k, j] = _settled(keep * velocity[k, j])


@compiled
def _turn_one(
    velocity: FloatArray, k: int, value: np.float32, slopes: FloatArray, b: int, keep: np.float32
) -> None:
    for j in range(velocity.shape[1]):
        velocity[k, j] = _settled(keep * velocity[k, j] + value * slopes[b, j])


@compiled
def _turn_two(
    velocity: FloatArray,
    k: int,
    read: FloatArray,
    slopes: FloatArray,
    order: IntArray,
    n: int,
    keep: np.float32,
) -> None:
    b0, b1 = order[n], order[n + 1]
    r0, r1 = read[b0, k], read[b1, k]
    for j in range(velocity.shape[1]):
        turned = keep * velocity[k, j] + (r0 * slopes[b0, j] + r1 * slopes[b1, j])
        velocity[k, j] = _settled(turned)


@compiled
def _turn_four(
    velocity: FloatArray,
    k: int,
    read: FloatArray,
    slopes: FloatArray,
    order: IntArray,
    n: int,
    keep: np.float32,
) -> None:
    b0, b1, b2, b3 = order[n], order[n + 1], order[n + 2], order[n + 3]
    r0, r1, r2, r3 = read[b0, k], read[b1, k], read[b2, k], read[b3, k]
    for j in range(velocity.shape[1]):
        turned = keep * velocity[k, j] + (
            (r0 * slopes[b0, j] + r1 * slopes[b1, j]) + (r2 * slopes[b2, j] + r3 * slopes[b3, j])
        )
        velocity[k, j] = _settled(turned)


@compiled
def _pull(
    velocity: FloatArray, k: int, matrix: FloatArray, anchor: FloatArray, pull: np.float32
) -> None:
    for j in range(matrix.shape[1]):
        velocity[k, j] += pull * (matrix[k, j] - anchor[k, j])


@compiled
def _hold(velocity: FloatArray, k: int, mask: BoolArray) -> None:
    for j in range(mask.shape[1]):
        velocity[k, j] = velocity[k, j] if mask[k, j] else ZERO


@compiled
def _follow(matrix: FloatArray, k: int, velocity: FloatArray, rate: np.float32) -> None:
    for j in range(matrix.shape[1]):
        matrix[k, j] -= rate * velocity[k, j]
