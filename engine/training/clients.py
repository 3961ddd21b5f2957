"""A client's local training as compiled epochs: many steps, no Python between them.

Networks that lost units are trained shrunk. Pixels that are zero in all of a client's images teach
nothing: they are left out in the same way. Nothing is compiled for a width: the loops of
`engine.training.compiled.loops` work on matrices of any, compiled once for a number of layers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.datasets import Dataset
from engine.federated.learner import Learned
from engine.federated.masks import ClientMasks, Units, compact, insert
from engine.networks.network import Network, from_arrays
from engine.networks.shape import Shape
from engine.settings import FederateSettings
from engine.training import compiled
from engine.training.compiled import Rates, Training, joined, parted
from engine.training.forward import tensor_logits


@dataclass(frozen=True)
class LocalTrainer:
    """Trains clients of one federation, also several at the same time.

    Attributes:
        dataset: whose training images the clients own.
        settings: batch size, learning rate, momentum, and mu of fedprox.
        shrinks: train clients without the units that they do not keep and the pixels that they
            do not see.
    """

    dataset: Dataset
    settings: FederateSettings
    shrinks: bool = True

    def prepare(self) -> None:
        """Make the images, of which there is one for all threads, and compile the loops."""
        compiled.prepare(len(self.settings.hidden) + 1, self._images.dtype)

    def train(self, network: Network, masks: ClientMasks, orders: Sequence[IntArray]) -> Learned:
        """SGD with momentum from `network`; see `engine.federated.learner.Learner`."""
        units, inputs = self._kept(masks, orders[0])
        small = compact(network, units, inputs)
        state, shape = self._start(small, _flags(masks, units, inputs)), small.shape
        first, right, loss = network, 0.0, 0.0
        for number, order in enumerate(orders):
            right, loss = self._epoch(state, order, inputs)
            if number == 0 and len(orders) > 1:
                first = insert(_network(state, shape), network, units, inputs)
        last = insert(_network(state, shape), network, units, inputs)
        images = len(orders[-1])
        return Learned(first, last, loss / images, right / images)

    def answer(self, network: Network, images: FloatArray) -> FloatArray:
        """Logits ``(n, classes)`` of normalised images ``(n, inputs)``."""
        return tensor_logits(images, network)

    def _kept(self, masks: ClientMasks, rows: IntArray) -> tuple[Units, BoolArray]:
        """Which units and which pixels are trained."""
        if not self.shrinks:
            units = tuple(np.ones_like(units) for units in masks.units)
            return units, np.ones(len(masks.weights[0]), bool)
        seen = np.asarray(self._images[rows].any(axis=0))
        seen[0] |= not seen.any()  # a layer reads something, even where all images are black
        return masks.units, seen

    def _start(self, network: Network, flags: tuple[BoolArray, ...]) -> Training:
        widths = network.layers[0].inputs, *(layer.units for layer in network.hidden)
        batch, anchored = self.settings.batch_size, self.settings.algorithm == "fedprox"
        matrices = _matrices(network)
        return compiled.training(matrices, widths, batch, masks=flags, anchored=anchored)

    def _epoch(self, state: Training, order: IntArray, inputs: BoolArray) -> tuple[float, float]:
        """Train with some images, in their order; how many were right, and the sum of losses."""
        images = np.compress(inputs, self._images[order], axis=1)
        labels = np.asarray(self.dataset.y_train)[order]
        return compiled.epoch(state, images, labels, self._rates)

    @cached_property
    def _images(self) -> np.ndarray:
        x = np.asarray(self.dataset.x_train)
        return x.reshape(len(x), -1)

    @cached_property
    def _rates(self) -> Rates:
        scale = 255 if self._images.dtype == np.uint8 else 1
        settings = self.settings
        numbers = settings.learning_rate, settings.momentum, settings.mu, scale
        return Rates(*(np.float32(number) for number in numbers))


def _matrices(network: Network) -> tuple[FloatArray, ...]:
    """Each layer as one matrix."""
    last = network.output
    return tuple(joined(each.kernel, each.bias, hidden=each is not last) for each in network.layers)


def _network(state: Training, shape: Shape) -> Network:
    """A copy of what is trained."""
    pairs = zip(state.matrices, shape, strict=True)
    return from_arrays(
        [array for matrix, layer in pairs for array in parted(matrix, layer.inputs, layer.units)]
    )


def _flags(masks: ClientMasks, units: Units, inputs: BoolArray) -> tuple[BoolArray, ...]:
    """Masks of the matrices that are trained; none where none is needed.

    A unit that neither reads nor is read sends no gradient and receives none, so it stays zero by
    itself.
    """
    if all(masks.whole):
        return ()
    whole = from_arrays([mask.astype(np.float32) for mask in masks.arrays()])
    return tuple(matrix > 0 for matrix in _matrices(compact(whole, units, inputs)))
