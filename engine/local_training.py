"""A client's local training as one compiled epoch: many steps, no Python between them.

XLA compiles the epoch once for each shape of network, with and without masks, and fuses the update
of weights and velocity. Networks that lost units are trained shrunk, their widths rounded up to
eighths of the full ones with units that are and stay zero, so that few shapes occur. Pixels that
are zero in all of a client's images teach nothing: most of them are left out in the same way.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import tensorflow as tf

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.datasets import Dataset
from engine.federated.learner import Learned
from engine.federated.masks import ClientMasks, Units, compact, cut, insert, padded
from engine.network import Network, from_arrays, to_arrays
from engine.settings import FederateSettings
from engine.tensor_forward import tensor_logits

Tensors: TypeAlias = list[Any]

WIDTHS = 8
"""Parts of a full width that shrunk widths are rounded up to."""

HUGE = np.float32(3e38)
"""No slope of a network that is still of use is as large."""

INPUTS = 4
"""Parts of an image that the pixels to train with are rounded up to."""


@dataclass(frozen=True)
class LocalTrainer:
    """Trains clients of one federation, also several at the same time.

    Attributes:
        dataset: whose training images the clients own.
        settings: batch size, learning rate, momentum, and mu of fedprox.
        most: the largest number of images that a client trains with.
        shrinks: train clients without the units that they do not keep and the pixels that they
            do not see.
    """

    dataset: Dataset
    settings: FederateSettings
    most: int
    shrinks: bool = True

    def prepare(self) -> None:
        """Make the images and the epoch, of which there is one for all threads."""
        _ = self._images, self._epoch

    def train(self, network: Network, masks: ClientMasks, orders: Sequence[IntArray]) -> Learned:
        """SGD with momentum from `network`; see `engine.federated.learner.Learner`."""
        units, inputs = self._kept(masks, orders[0])
        small = compact(network, units, inputs)
        widths = self._widths(small)
        flags = _flags(masks, units, inputs, widths)
        learned = self._train(padded(small, widths), flags, orders, inputs)

        def back(trained: Network) -> Network:
            return insert(cut(trained, small.shape), network, units, inputs)

        first = network if len(orders) == 1 else back(learned.first)
        return Learned(first, back(learned.last), learned.loss, learned.accuracy)

    def answer(self, network: Network, images: FloatArray) -> FloatArray:
        """Logits ``(n, classes)`` of normalised images ``(n, inputs)``."""
        return tensor_logits(images, network)

    def _kept(self, masks: ClientMasks, rows: IntArray) -> tuple[Units, BoolArray]:
        """Which units and which pixels are trained."""
        if not self.shrinks:
            units = tuple(np.ones_like(units) for units in masks.units)
            return units, np.ones(len(masks.weights[0]), bool)
        return masks.units, with_spares(np.asarray(self._images[rows].any(axis=0)))

    def _widths(self, network: Network) -> tuple[int, ...]:
        """Hidden widths to compile for: those of the network, rounded up."""
        pairs = zip((layer.units for layer in network.hidden), self.settings.hidden, strict=True)
        return tuple(rounded_up(units, full) for units, full in pairs)

    def _train(
        self, network: Network, masks: list[BoolArray], orders: Sequence[IntArray], seen: BoolArray
    ) -> Learned:
        flags = [tf.constant(mask) for mask in masks]
        start = [tf.constant(array) for array in to_arrays(network)]
        state = start, [tf.zeros_like(array) for array in start]
        anchor = start if self.settings.algorithm == "fedprox" else []
        first, sums = network, np.zeros(2)
        for number, order in enumerate(orders):
            weights, velocity, totals = self._epoch(
                *state,
                flags,
                anchor,
                *self._batches(order, seen),
                tf.constant(self._steps(len(order))),
            )
            state, sums = (weights, velocity), totals.numpy()
            if number == 0 and len(orders) > 1:
                first = _network(weights)
        right, loss = sums / len(orders[-1])
        return Learned(first, _network(state[0]), float(loss), float(right))

    def _batches(self, order: IntArray, seen: BoolArray) -> tuple[Any, Any, Any]:
        """Images ``(steps, batch, inputs)``, labels and weights ``(steps, batch)`` of an epoch.

        Always as many; those behind the end weigh 0.
        """
        shape = (self._steps(self.most), self.settings.batch_size)
        size, count = math.prod(shape), len(order)
        images = np.zeros((size, np.count_nonzero(seen)), self._images.dtype)
        labels, weights = np.zeros(size, np.int32), np.zeros(size, np.float32)
        np.compress(seen, self._images[order], axis=1, out=images[:count])
        labels[:count], weights[:count] = np.asarray(self.dataset.y_train)[order], 1
        arrays = images.reshape(*shape, -1), labels.reshape(shape), weights.reshape(shape)
        return tuple(map(tf.constant, arrays))

    def _steps(self, images: int) -> int:
        return -(-images // self.settings.batch_size)

    @cached_property
    def _images(self) -> np.ndarray:
        x = np.asarray(self.dataset.x_train)
        return x.reshape(len(x), -1)

    @cached_property
    def _epoch(self) -> Callable[..., Any]:
        return _compiled(self.settings, self._images.dtype)


def with_spares(seen: BoolArray) -> BoolArray:
    """Flags of the pixels to train with: those seen, and as many others as fill a part."""
    spares = rounded_up(int(np.count_nonzero(seen)), seen.size, INPUTS) - np.count_nonzero(seen)
    flags = seen.copy()
    flags[np.flatnonzero(~seen)[:spares]] = True
    return np.asarray(flags)


def rounded_up(count: int, full: int, parts: int = WIDTHS) -> int:
    """The next multiple of a part of the full width, and one part at least."""
    grain = -(-full // parts)
    return min(-(-max(count, 1) // grain) * grain, full)


def _flags(
    masks: ClientMasks, units: Units, inputs: BoolArray, widths: tuple[int, ...]
) -> list[BoolArray]:
    """Masks of what is trained, kernel, bias, kernel, bias and so on; none where none is needed.

    A unit that neither reads nor is read sends no gradient and receives none, so it stays zero by
    itself.
    """
    if all(masks.whole):
        return []
    whole = from_arrays([mask.astype(np.float32) for mask in masks.arrays()])
    return [array > 0 for array in to_arrays(padded(compact(whole, units, inputs), widths))]


def _network(tensors: Tensors) -> Network:
    return from_arrays([tensor.numpy() for tensor in tensors])


def _compiled(settings: FederateSettings, pixels: np.dtype[Any]) -> Callable[..., Any]:
    """An epoch: weights, velocity, masks, anchor, batches and their number to the first two again.

    Masks may be none; the anchor is the server's network of fedprox, or none. Each combination of
    shapes is compiled once.
    """
    scale = np.float32(255 if pixels == np.uint8 else 1)
    rate, momentum = np.float32(settings.learning_rate), np.float32(settings.momentum)
    pull = np.float32(settings.mu)

    def gradients(weights: Tensors, images: Any, wanted: Any, shares: Any) -> tuple[Tensors, Any]:
        inputs = tf.cast(images, tf.float32) / scale  # (batch, inputs)
        with tf.GradientTape() as tape:
            tape.watch(weights)
            logits = _logits(weights, inputs)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(wanted, logits) * shares
            loss = tf.reduce_sum(losses) / tf.reduce_sum(shares)
        right = tf.cast(tf.equal(tf.argmax(logits, 1, tf.int32), wanted), tf.float32) * shares
        sums = tf.stack([tf.reduce_sum(right), tf.reduce_sum(losses)])
        return tape.gradient(loss, weights), sums

    def epoch(
        weights: Tensors,
        velocity: Tensors,
        masks: Tensors,
        anchor: Tensors,
        images: Any,
        labels: Any,
        shares: Any,
        steps: Any,
    ) -> tuple[Tensors, Tensors, Any]:
        def step(i: Any, w: Tensors, v: Tensors, sums: Any) -> tuple[Any, Tensors, Tensors, Any]:
            slopes, seen = gradients(w, images[i], labels[i], shares[i])
            if anchor:
                slopes = [g + pull * (a - b) for g, a, b in zip(slopes, w, anchor, strict=True)]
            if masks:
                slopes = [tf.where(m, g, 0) for g, m in zip(slopes, masks, strict=True)]
            v = [momentum * a + g for a, g in zip(v, slopes, strict=True)]
            rates = [_once_read(rate, slopes, place) for place in range(len(w))]
            w = [a - r * b for a, r, b in zip(w, rates, v, strict=True)]
            return i + 1, w, v, sums + seen

        start = (tf.constant(0), list(weights), list(velocity), tf.zeros(2))
        _, w, v, sums = tf.while_loop(lambda i, *_: i < steps, step, start)
        return w, v, sums

    return tf.function(epoch, autograph=False, jit_compile=True)  # type: ignore[no-any-return]


def _once_read(rate: np.float32, slopes: Tensors, place: int) -> Any:
    """The rate, known once a kernel has been read for the last time in its step.

    That is for the slopes of the layer before it. XLA updates a kernel in its place only where
    the update has to wait for that; otherwise it copies every kernel in every step. So the rate
    asks one of those slopes for its size, though the answer is always the same: a slope so large,
    or none that is a number, is a network that is refused anyway.
    """
    if place == 0 or place % 2:
        return rate
    return tf.where(slopes[place - 1][0] > HUGE, np.float32(0), rate)


def _logits(weights: Tensors, inputs: Any) -> Any:
    values = inputs
    for place in range(0, len(weights) - 2, 2):
        values = tf.nn.relu(values @ weights[place] + weights[place + 1])
    return values @ weights[-2] + weights[-1]
