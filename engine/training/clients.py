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
from engine.federated.learner import Learned, Proximal
from engine.networks.network import Network, from_arrays
from engine.pruning.masks import Flags, Masks, compact, insert
from engine.settings import FederateSettings
from engine.training import compiled
from engine.training.compiled import Rates, joined, parted
from engine.training.forward import tensor_logits


@dataclass(frozen=True)
class LocalTrainer:
    """Trains clients of one federation, also several at the same time.

    Attributes:
        dataset: whose training images the clients own.
        settings: batch size, learning rate and momentum.
        shrinks: train clients without the units that they do not keep and the pixels that they
            do not see.
    """

    dataset: Dataset
    settings: FederateSettings
    shrinks: bool = True

    def prepare(self) -> None:
        """Make the images, of which there is one for all threads, and compile the loops."""
        compiled.prepare(len(self.settings.hidden) + 1, self._images.dtype)

    def train(
        self,
        network: Network,
        masks: Masks,
        orders: Sequence[IntArray],
        proximal: Proximal | None = None,
    ) -> Learned:
        """SGD with momentum from `network`; see `engine.federated.learner.Learner`."""
        units, inputs = masks.units, np.ones(network.layers[0].inputs, bool)
        if self.shrinks:
            inputs = np.asarray(self._images[orders[0]].any(axis=0))
            inputs[0] |= not inputs.any()  # a layer reads something, even where all is black
        else:
            units = tuple(np.ones_like(flags) for flags in units)
        small = compact(network, units, inputs)
        state = compiled.training(
            _matrices(small),
            tuple(layer.inputs for layer in small.layers),
            self.settings.local.batch_size,
            masks=_flags(masks, units, inputs),
            anchors=_matrices(compact(proximal.anchor, units, inputs)) if proximal else (),
        )

        def trained() -> Network:
            pairs = zip(state.matrices, small.architecture, strict=True)
            arrays = (parted(matrix, layer.inputs, layer.units) for matrix, layer in pairs)
            return insert(from_arrays([a for pair in arrays for a in pair]), network, units, inputs)

        first, loss, rates = network, 0.0, self._rates(proximal)
        y_train = np.asarray(self.dataset.y_train)
        for number, order in enumerate(orders):
            images = np.compress(inputs, self._images[order], axis=1)
            _, loss = compiled.epoch(state, images, y_train[order], rates)
            if number == 0 and len(orders) > 1:
                first = trained()
        return Learned(first, trained(), loss / len(orders[-1]))

    def answer(self, network: Network, images: FloatArray) -> FloatArray:
        """Logits ``(n, classes)`` of normalised images ``(n, inputs)``."""
        return tensor_logits(images, network)

    @cached_property
    def _images(self) -> np.ndarray:
        x = np.asarray(self.dataset.x_train)
        return x.reshape(len(x), -1)

    def _rates(self, proximal: Proximal | None) -> Rates:
        scale = 255 if self._images.dtype == np.uint8 else 1
        mu = proximal.mu if proximal else 0.0
        numbers = self.settings.local.learning_rate, self.settings.local.momentum, mu, scale
        return Rates(*(np.float32(number) for number in numbers))


def _matrices(network: Network) -> tuple[FloatArray, ...]:
    """Each layer as one matrix."""
    last = network.output
    return tuple(joined(each.kernel, each.bias, hidden=each is not last) for each in network.layers)


def _flags(masks: Masks, units: Flags, inputs: BoolArray) -> tuple[BoolArray, ...]:
    """Masks of the matrices that are trained; none where none is needed.

    A unit that neither reads nor is read sends no gradient and receives none, so it stays zero by
    itself.
    """
    if masks.units_only:
        return ()
    ones = from_arrays([mask.astype(np.float32) for mask in masks.arrays()])
    return tuple(matrix > 0 for matrix in _matrices(compact(ones, units, inputs)))
