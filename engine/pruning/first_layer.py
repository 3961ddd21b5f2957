"""What the first hidden layer answers, once for all networks that keep units of it.

Images are never pruned, so a unit of the first layer that a pruned network shares with the
baseline answers as it does there. Unit pruning leaves only such units: its networks begin one
layer later, with the columns of their units, and most of their work is done.
"""

from collections.abc import Sequence

import numpy as np

from engine.arrays import FloatArray
from engine.networks.forward import EvaluationSet, Forward
from engine.networks.network import Layer, Network


def sharing_first_layer(baseline: Network, inputs: EvaluationSet, answer: Forward) -> Forward:
    """The answers of `answer`, sooner for networks whose first layer is part of the baseline's.

    Args:
        baseline: the network whose first layer is worked out now.
        inputs: the only set that may be asked about.
        answer: the forward pass, for all that is left.
    """
    if baseline.convolutions:
        return answer  # its filters answer at many places: too much to keep, little to save
    first = baseline.layers[0]
    values = np.maximum(answer(Network((first,)), inputs), 0)  # (n, units)
    seen = EvaluationSet(values, inputs.labels, np.ones(first.units, bool))
    places = {unit: place for place, unit in enumerate(_units(first))}

    def later(network: Network, inputs: EvaluationSet) -> FloatArray:
        found = [places.get(unit, -1) for unit in _units(network.layers[0])]
        if len(network.layers) == 1 or min(found) < 0:
            return answer(network, inputs)
        return answer(Network(network.layers[1:]), _columns(seen, found))

    return later


def _units(layer: Layer) -> list[bytes]:
    """Each unit's column and bias, as bytes that tell it from the others."""
    whole = np.vstack([layer.kernel, layer.bias])
    return [column.tobytes() for column in whole.T]


def _columns(seen: EvaluationSet, places: Sequence[int]) -> EvaluationSet:
    """What the second layer of a network sees; `seen` itself where nothing is missing."""
    if np.array_equal(places, np.arange(len(seen.alive))):
        return seen
    images = np.take(seen.images, places, axis=1)
    return EvaluationSet(images, seen.labels, np.ones(len(places), bool))
