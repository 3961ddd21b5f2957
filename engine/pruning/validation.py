"""Validation images beside test images: what networks are chosen by, so that tests only report."""

from dataclasses import dataclass

from engine.arrays import BoolArray, FloatArray
from engine.datasets import Dataset, normalised, split
from engine.networks.forward import EvaluationSet, Forward, evaluation_set, fast_forward
from engine.networks.network import Network
from engine.results.paired import Paired, paired


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """Validation images, and which of them the unpruned network answers right.

    Attributes:
        inputs: the images and labels, prepared.
        images: the same images as they are, ``(m, inputs)``.
        baseline: ``(m,)``, whether the network that others are compared with is right.
    """

    inputs: EvaluationSet
    images: FloatArray
    baseline: BoolArray

    def compare(self, network: Network, answer: Forward = fast_forward) -> Paired:
        """How the network answers them, beside the unpruned one."""
        return self.of(answer(network, self.inputs))

    def of(self, logits: FloatArray) -> Paired:
        """The same of logits ``(m, classes)`` that somebody else worked out, such as LiteRT."""
        return paired(logits.argmax(axis=1), self.inputs.labels, self.baseline)


def validation_of(
    dataset: Dataset, baseline: Network, *, seed: int, answer: Forward = fast_forward
) -> Validation:
    """The validation images that a training with this seed holds out.

    Args:
        dataset: the images.
        baseline: the network that others are compared with.
        seed: of the training.
        answer: the forward pass.
    """
    rows = split(dataset, seed=seed).validation
    images = normalised(dataset.x_train[rows])
    inputs = evaluation_set(images, dataset.y_train[rows])
    right = answer(baseline, inputs).argmax(axis=1) == inputs.labels
    return Validation(inputs, images, right)
