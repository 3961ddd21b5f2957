"""What a pruned network answers: on a sample with an interval, then on every test image."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from engine.arrays import IntArray
from engine.datasets import Dataset, normalised
from engine.explore.question import Question
from engine.networks.forward import EvaluationSet, evaluation_set, fast_forward
from engine.networks.metrics import evaluate_logits
from engine.pruning.measure import achieved_sparsity, measure
from engine.pruning.prune import Pruned
from engine.pruning.shrink import shrink
from engine.results.intervals import wilson_interval
from engine.results.points import Point

SAMPLE = 1000
BLOCK = 500
"""Images of the whole test set that are answered before anyone else gets a turn."""

Turn: TypeAlias = Callable[[float], None]
"""Called between steps with the share that is done; may raise to stop."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Fixed test images, the same for every question.

    Attributes:
        rows: ``(n,)``, which images of the test set, ascending.
        inputs: the images and labels, prepared.
        whole: whether these are all test images.
    """

    rows: IntArray
    inputs: EvaluationSet
    whole: bool


def sample(dataset: Dataset, *, most: int = SAMPLE) -> Sample:
    """At most so many test images, evenly spaced over the test set.

    Not the first ones, since the order of a test set may mean something: the second half of
    MNIST's is harder than the first.
    """
    count = len(dataset.y_test)
    rows = sample_rows(count, most)
    inputs = evaluation_set(normalised(dataset.x_test[rows]), dataset.y_test[rows])
    return Sample(rows, inputs, whole=len(rows) == count)


def sample_rows(count: int, most: int) -> IntArray:
    """Row numbers ``(rows,)``, ascending: `most` of `count` at equal distances, or all of them."""
    kept = min(count, most)
    return np.arange(kept, dtype=np.int64) * count // max(kept, 1)


@dataclass(frozen=True, slots=True)
class Answer:
    """A measured point, and on how many images it was measured.

    Attributes:
        point: as a sweep measures it, without files; its K is the achieved one where layers
            have K of their own.
        images: how many answered.
        exact: whether these are all test images.
        source: ``explore``, or ``sweep`` where a sweep of the same baseline measured it.
    """

    point: Point
    images: int
    exact: bool
    source: str = "explore"

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the accuracy; both ends are the accuracy itself where it is exact."""
        if self.exact:
            return self.point.accuracy, self.point.accuracy
        return wilson_interval(self.point.accuracy, self.images)

    def class_interval(self, label: int) -> tuple[float, float]:
        """The same of one class; 0 and 0 of a class without images, which has no accuracy."""
        row = self.point.confusion[label]
        images, share = sum(row), self.point.class_accuracy[label] or 0.0
        return (share, share) if self.exact or not images else wilson_interval(share, images)


def quick(pruned: Pruned, question: Question, sample: Sample) -> Answer:
    """The answer on the sample: a point whose loss is in nats."""
    method, achieved = question.method, achieved_sparsity(question.method, pruned)
    asked = achieved if len(question.sparsities) > 1 else question.sparsities[0]
    point = measure(pruned.network, sample.inputs, method=method, sparsity=asked, achieved=achieved)
    return Answer(point, len(sample.rows), exact=sample.whole)


def exact(pruned: Pruned, first: Answer, dataset: Dataset, turn: Turn) -> Answer:
    """The same answer from every test image.

    Args:
        pruned: the network of `first`.
        first: its quick answer; what does not depend on images is taken from it.
        dataset: whose test images answer.
        turn: called between blocks; what it raises stops the work.
    """
    small, logits, count = shrink(pruned.network), [], len(dataset.y_test)
    for start in range(0, count, BLOCK):
        turn(start / count)
        rows = slice(start, start + BLOCK)
        images = normalised(dataset.x_test[rows])
        logits.append(fast_forward(small, evaluation_set(images, dataset.y_test[rows])))
    found = evaluate_logits(np.concatenate(logits), dataset.y_test, small.output.units)
    point = replace(
        first.point,
        accuracy=found.accuracy,
        loss=found.loss,
        balanced_accuracy=found.balanced_accuracy,
        class_accuracy=found.class_accuracy,
        confusion=found.confusion,
    )
    return Answer(point, count, exact=True)
