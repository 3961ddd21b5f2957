"""What is answered as K grows: to one image, on the sample, and with one layer pruned alone."""

from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import FloatArray, IntArray
from engine.explore.answers import Sample, Turn
from engine.explore.question import Question, pruned
from engine.networks.forward import fast_forward
from engine.networks.metrics import evaluate_logits
from engine.networks.network import Network, forward
from engine.pruning.method import method_of
from engine.pruning.prune import Cached
from engine.pruning.shrink import shrink

STRIP_LEVELS = (0.25, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99)

ROWS = ("dense", "weight", "unit", "quantized", "weight-quantized")
"""The unpruned network, it pruned in two ways, and in dynamic int8: unpruned and pruned."""

GRID = (0.0, *(i / 40 for i in range(8, 38)), 0.95, 0.96, 0.97, 0.98, 0.99)
"""From 20 to 92.5 % in steps of 2.5, then in single steps: answers rarely flip below."""

LAYER_LEVELS = (0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)


@dataclass(frozen=True, slots=True)
class Cell:
    """An answer and how sure it is: the softmax share of the class, from 0 to 1."""

    answer: int
    share: float


@dataclass(frozen=True, slots=True)
class Strip:
    """The answers to one image.

    Attributes:
        levels: K of each column, as a fraction.
        rows: by the names in `ROWS`; the networks without a K answer the same in each column.
    """

    levels: tuple[float, ...]
    rows: dict[str, tuple[Cell, ...]]

    def lost_at(self, row: str) -> float | None:
        """The first K at which the row answers differently than the dense network; or None."""
        pairs = zip(self.levels, self.rows["dense"], self.rows[row], strict=True)
        return next((k for k, before, now in pairs if now.answer != before.answer), None)


def strip(network: Network, coarse: Network, image: FloatArray, cached: Cached) -> Strip:
    """What all rows answer to an image at every K, ranked inside each layer.

    Args:
        network: the trained one.
        coarse: the same in dynamic int8. Pruning it is the same as quantising the pruned one:
            the largest weight of a unit, which makes its scale, is the last that goes.
        image: ``(inputs,)``, normalised.
        cached: keeps rankings of `network`.
    """
    batch = image.reshape(1, -1)
    rows: dict[str, list[Cell]] = {name: [] for name in ROWS}
    rows["dense"] = [_cell(network, batch)] * len(STRIP_LEVELS)
    rows["quantized"] = [_cell(coarse, batch)] * len(STRIP_LEVELS)
    for level in STRIP_LEVELS:
        for method in ("weight", "unit"):
            found = pruned(network, Question(method=method, sparsities=(level,)), cached)
            rows[method].append(_cell(found.network, batch))
            if method == "weight":
                rows["weight-quantized"].append(_cell(found.masks.apply(coarse), batch))
    return Strip(STRIP_LEVELS, {name: tuple(row) for name, row in rows.items()})


def _cell(network: Network, batch: FloatArray) -> Cell:
    logits = forward(network, batch)[0].astype(np.float64)
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    best = int(np.argmax(shares))
    return Cell(best, float(shares[best]))


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

    The K at which each test image goes wrong is what "The Robustness Lottery" (Li et al. 2022,
    arXiv:2206.07918) looks at; masks are nested here, so that growing K only ever takes away.

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
        asked = replace(question, sparsities=(level,), edits=())
        small = shrink(pruned(network, asked, cached).network)
        found.append(fast_forward(small, sample.inputs).argmax(axis=1))
    labels = sample.inputs.labels.astype(np.int64)
    return Flips(GRID, np.array(found), labels)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Accuracy on the sample where one layer is pruned.

    Attributes:
        levels: the K of each column.
        accuracy: a row for each layer that the method prunes.
        whole: the accuracy of the unpruned network.
    """

    levels: tuple[float, ...]
    accuracy: tuple[tuple[float, ...], ...]
    whole: float


def sensitivity(
    network: Network, method: str, sample: Sample, cached: Cached, *, seed: int, turn: Turn
) -> Sensitivity:
    """Prune each layer alone at each of `LAYER_LEVELS`, ranked inside the layer.

    Args:
        network: the trained one.
        method: how that layer is pruned.
        sample: the images that answer.
        cached: keeps rankings of the network.
        seed: of the random methods.
        turn: called between cells with the share that is done; may raise to stop.
    """
    count, known = len(network.prunable), method_of(method)
    rows = len(network.hidden) if known is not None and known.counts_units else count
    columns, table = len(LAYER_LEVELS), []
    for layer in range(rows):
        cells = []
        for column, level in enumerate(LAYER_LEVELS):
            turn((layer * columns + column) / (rows * columns))
            sparsities = tuple(level if i == layer else 0.0 for i in range(count))
            question = Question(method=method, sparsities=sparsities, seed=seed)
            cells.append(_accuracy(pruned(network, question, cached).network, sample))
        table.append(tuple(cells))
    return Sensitivity(LAYER_LEVELS, tuple(table), _accuracy(network, sample))


def _accuracy(network: Network, sample: Sample) -> float:
    logits = fast_forward(shrink(network), sample.inputs)
    return evaluate_logits(logits, sample.inputs.labels, network.output.units).accuracy
