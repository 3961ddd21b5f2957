"""The order in which pruning makes a network forget images: at which K does an answer flip?

The K at which each test image goes wrong is what "The Robustness Lottery" (Li et al. 2022,
arXiv:2206.07918) looks at; masks are nested here, so that growing K only ever takes away.
"""

from dataclasses import dataclass

import numpy as np

from engine.arrays import IntArray
from engine.explore.answers import Sample, Turn
from engine.explore.question import Question, pruned
from engine.networks.forward import fast_forward
from engine.networks.network import Network
from engine.pruning.prune import Cached
from engine.pruning.shrink import shrink

GRID = (0.0, *(i / 40 for i in range(8, 38)), 0.95, 0.96, 0.97, 0.98, 0.99)
"""From 20 to 92.5 % in steps of 2.5, then in single steps: answers rarely flip below."""


@dataclass(frozen=True, slots=True, eq=False)
class Flips:
    """What each image of the sample is answered at every K of the grid.

    Attributes:
        levels: the grid of K, ascending from 0.
        answers: ``(levels, images)``, classes.
        labels: ``(images,)``.
    """

    levels: tuple[float, ...]
    answers: IntArray
    labels: IntArray

    @property
    def accuracy(self) -> tuple[float, ...]:
        """Share of images answered right at each K."""
        return tuple((self.answers == self.labels).mean(axis=1).tolist())

    @property
    def first_wrong(self) -> IntArray:
        """``(images,)``: the index of the first wrong answer; the number of levels if none is."""
        wrong = self.answers != self.labels
        return np.where(wrong.any(axis=0), wrong.argmax(axis=0), len(self.levels))

    @property
    def order(self) -> IntArray:
        """Images that were right at K = 0 and wrong later, the first to be forgotten first.

        Of those that flip at the same K, the one that is wrong at more K comes first.
        """
        first = self.first_wrong
        forgotten = np.flatnonzero((first > 0) & (first < len(self.levels)))
        wrong = (self.answers != self.labels).sum(axis=0)
        return forgotten[np.lexsort((-wrong[forgotten], first[forgotten]))]

    @property
    def never(self) -> int:
        """How many images are answered right at every K of the grid."""
        return int((self.first_wrong == len(self.levels)).sum())


def flips(
    network: Network, question: Question, sample: Sample, cached: Cached, *, turn: Turn
) -> Flips:
    """Ask the sample at every K of the grid, with the method and scope of the question.

    Args:
        network: the trained one.
        question: its K and edits do not count.
        sample: the images that answer.
        cached: keeps rankings of the network.
        turn: called between levels with the share that is done; may raise to stop.
    """
    found = []
    for index, level in enumerate(GRID):
        turn(index / len(GRID))
        asked = Question(
            method=question.method, scope=question.scope, seed=question.seed, sparsities=(level,)
        )
        small = shrink(pruned(network, asked, cached).network)
        found.append(fast_forward(small, sample.inputs).argmax(axis=1))
    labels = sample.inputs.labels.astype(np.int64)
    return Flips(GRID, np.array(found), labels)
