"""What a single weight of a trained network is worth: without it, how many answers change?"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from engine.arrays import FloatArray, IntArray, LabelArray, count_nonzero
from engine.networks.file import load_network
from engine.networks.network import Network, forward
from engine.settings import TrainSettings

SETTINGS = TrainSettings(hidden=(16,), epochs=3)
"""How the small network was trained that ships along."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What zeroing one weight of the first kernel does.

    Attributes:
        rank: 1 is the smallest of all by magnitude.
        row: of the kernel: which pixel reads it.
        column: which unit it belongs to.
        weight: its value.
        shift: mean over the images of the largest change of a logit.
        changed: images whose answer changes.
        accuracy: share answered right without it.
    """

    rank: int
    row: int
    column: int
    weight: float
    shift: float
    changed: int
    accuracy: float


def small_network() -> Network:
    """The network that ships along: 784 pixels, 16 units, 10 classes."""
    return load_network(resources.files("engine.lessons").joinpath("small.npz").read_bytes())


def order(network: Network) -> IntArray:
    """Flat indices ``(n,)`` of the first kernel's entries by rising magnitude, then by index."""
    return np.argsort(np.abs(network.layers[0].kernel), axis=None, kind="stable")


def effects(
    network: Network, images: FloatArray, labels: LabelArray, ranks: Sequence[int]
) -> list[Effect]:
    """The effect of each weight of these ranks alone.

    Args:
        network: one hidden layer and the logits.
        images: normalised, ``(n, inputs)``.
        labels: ``(n,)``.
        ranks: from 1 on.

    Raises:
        ValueError: the network has not one hidden layer, or there is no such rank.
    """
    first, *_, output = network.layers
    if len(network.layers) != 2 or not all(1 <= rank <= first.kernel.size for rank in ranks):
        raise ValueError(f"{len(network.layers)} layers and ranks {list(ranks)[:3]} do not fit")
    sums = images @ first.kernel + first.bias  # (n, units)
    logits = forward(network, images)
    places, found = order(network), []
    for rank in ranks:
        row, column = divmod(int(places[rank - 1]), first.units)
        weight = float(first.kernel[row, column])
        before = np.maximum(sums[:, column], 0)
        after = np.maximum(sums[:, column] - weight * images[:, row], 0)
        moved = np.outer(after - before, output.kernel[column])  # (n, classes)
        answers = (logits + moved).argmax(axis=1)
        effect = Effect(
            rank=rank,
            row=row,
            column=column,
            weight=weight,
            shift=float(np.abs(moved).max(axis=1).mean()),
            changed=count_nonzero(answers != logits.argmax(axis=1)),
            accuracy=float(np.mean(answers == labels)),
        )
        found.append(effect)
    return found
