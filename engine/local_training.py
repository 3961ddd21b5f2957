"""A client's local training as one compiled epoch: many steps, no Python between them.

XLA compiles the epoch once for each shape of network, with and without masks, and fuses the update
of weights and velocity. Networks that lost units are trained shrunk, their widths rounded up to
eighths of the full ones with units that are and stay zero, so that few shapes occur. The images
stay in the graph as bytes.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import tensorflow as tf

from engine.arrays import FloatArray, IntArray
from engine.datasets import Dataset
from engine.federated.learner import Learned
from engine.federated.masks import ClientMasks, compact, expand
from engine.network import Network, from_arrays, to_arrays
from engine.settings import FederateSettings
from engine.tensor_forward import tensor_logits

Tensors: TypeAlias = list[Any]

BUCKETS = 8
"""Parts of a full width that shrunk widths are rounded up to."""


class LocalTrainer:
    """Trains clients of one federation, one after the other."""

    def __init__(
        self, dataset: Dataset, settings: FederateSettings, *, most: int, shrinks: bool = True
    ) -> None:
        """Train on rows of a data set.

        Args:
            dataset: whose training images the clients own.
            settings: batch size, learning rate, momentum, and mu of fedprox.
            most: the largest number of images that a client trains with.
            shrinks: train clients without the units that they do not keep.
        """
        self._dataset = dataset
        self._settings = settings
        self._steps = -(-most // settings.batch_size)
        self._shrinks = shrinks

    def train(self, network: Network, masks: ClientMasks, orders: Sequence[IntArray]) -> Learned:
        """SGD with momentum from `network`; see `engine.federated.learner.Learner`."""
        if not self._shrinks or all(units.all() for units in masks.units):
            return self._train(network, list(masks.kernels()), masks.biases(), orders)
        return self._train_shrunk(network, masks, orders)

    def answer(self, network: Network, images: FloatArray) -> FloatArray:
        """Logits ``(n, classes)`` of normalised images ``(n, inputs)``."""
        return tensor_logits(images, network)

    def _train_shrunk(
        self, network: Network, masks: ClientMasks, orders: Sequence[IntArray]
    ) -> Learned:
        shape = network.shape
        spares = tuple(with_spares(units) for units in masks.units)
        small = compact(network, spares)
        learned = self._train(small, *_flags(masks, spares), orders)
        first = network if learned.first is small else expand(learned.first, spares, shape)
        return Learned(first, expand(learned.last, spares, shape), learned.loss, learned.accuracy)

    def _train(
        self,
        network: Network,
        kernels: Sequence[np.ndarray],
        biases: Sequence[np.ndarray],
        orders: Sequence[IntArray],
    ) -> Learned:
        masks = [m for pair in zip(kernels, biases, strict=True) for m in pair]
        masked = not all(mask.all() for mask in masks)
        flags = [tf.constant(mask) for mask in masks] if masked else []
        start = [tf.constant(array) for array in to_arrays(network)]
        state = start, [tf.zeros_like(array) for array in start]
        anchor = start if self._settings.algorithm == "fedprox" else []
        first, sums = network, np.zeros(2)
        for number, order in enumerate(orders):
            weights, velocity, totals = self._epoch(
                *state, flags, anchor, *self._batches(order), self._steps_of(order)
            )
            state, sums = (weights, velocity), totals.numpy()
            if number == 0 and len(orders) > 1:
                first = _network(weights)
        right, loss = sums / len(orders[-1])
        return Learned(first, _network(state[0]), float(loss), float(right))

    def _batches(self, order: IntArray) -> tuple[Any, Any]:
        """Rows and weights ``(steps, batch)``: always as many, those behind the end weigh 0."""
        size = self._steps * self._settings.batch_size
        rows, weights = np.zeros(size, np.int32), np.zeros(size, np.float32)
        rows[: len(order)], weights[: len(order)] = order, 1
        shape = (self._steps, self._settings.batch_size)
        return tf.constant(rows.reshape(shape)), tf.constant(weights.reshape(shape))

    def _steps_of(self, order: IntArray) -> Any:
        return tf.constant(-(-len(order) // self._settings.batch_size))

    @cached_property
    def _epoch(self) -> Callable[..., Any]:
        return _compiled(self._dataset, self._settings)


def with_spares(units: np.ndarray) -> np.ndarray:
    """Flags of the units to train: those kept, and pruned ones up to an eighth of the width."""
    grain = -(-units.size // BUCKETS)
    kept = int(np.count_nonzero(units))
    wanted = min(-(-max(kept, 1) // grain) * grain, units.size)
    flags = units.copy()
    flags[np.flatnonzero(~units)[: wanted - kept]] = True
    return np.asarray(flags)


def _flags(
    masks: ClientMasks, spares: tuple[np.ndarray, ...]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Masks of the kernels and biases of the units to train.

    Where whole units are pruned and nothing else, all flags are set: a unit that neither reads nor
    is read sends no gradient and receives none, so it stays zero by itself.
    """
    if all(masks.whole):
        inner = (int(np.count_nonzero(units)) for units in spares)
        widths = [len(masks.weights[0]), *inner, masks.sizes[-1]]
        kernels = [np.ones((read, written), bool) for read, written in pairwise(widths)]
        return kernels, [np.ones(units, bool) for units in widths[1:]]
    whole = from_arrays([mask.astype(np.float32) for mask in masks.arrays()])
    layers = compact(whole, spares).layers
    return [each.kernel.astype(bool) for each in layers], [each.bias > 0 for each in layers]


def _network(tensors: Tensors) -> Network:
    return from_arrays([tensor.numpy() for tensor in tensors])


def _compiled(dataset: Dataset, settings: FederateSettings) -> Callable[..., Any]:
    """An epoch: ``(weights, velocity, masks, anchor, rows, shares, steps)`` to the same again.

    Masks may be none; the anchor is the server's network of fedprox, or none. Each combination of
    shapes is compiled once.
    """
    x = np.asarray(dataset.x_train).reshape(len(dataset.x_train), -1)
    images, labels = tf.constant(x), tf.constant(np.asarray(dataset.y_train).astype(np.int32))
    scale = np.float32(255 if x.dtype == np.uint8 else 1)
    rate, momentum = np.float32(settings.learning_rate), np.float32(settings.momentum)
    pull = np.float32(settings.mu)

    def gradients(weights: Tensors, rows: Any, shares: Any) -> tuple[Tensors, Any]:
        inputs = tf.cast(tf.gather(images, rows), tf.float32) / scale  # (batch, inputs)
        wanted = tf.gather(labels, rows)
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
        rows: Any,
        shares: Any,
        steps: Any,
    ) -> tuple[Tensors, Tensors, Any]:
        def step(i: Any, w: Tensors, v: Tensors, sums: Any) -> tuple[Any, Tensors, Tensors, Any]:
            slopes, seen = gradients(w, rows[i], shares[i])
            if anchor:
                slopes = [g + pull * (a - b) for g, a, b in zip(slopes, w, anchor, strict=True)]
            if masks:
                slopes = [tf.where(m, g, 0) for g, m in zip(slopes, masks, strict=True)]
            v = [momentum * a + g for a, g in zip(v, slopes, strict=True)]
            w = [a - rate * b for a, b in zip(w, v, strict=True)]
            return i + 1, w, v, sums + seen

        start = (tf.constant(0), list(weights), list(velocity), tf.zeros(2))
        _, w, v, sums = tf.while_loop(lambda i, *_: i < steps, step, start)
        return w, v, sums

    return tf.function(epoch, autograph=False, jit_compile=True)  # type: ignore[no-any-return]


def _logits(weights: Tensors, inputs: Any) -> Any:
    values = inputs
    for place in range(0, len(weights) - 2, 2):
        values = tf.nn.relu(values @ weights[place] + weights[place + 1])
    return values @ weights[-2] + weights[-1]
