"""A pruned network measured: test images report, validation images choose."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from engine.arrays import BoolArray, FloatArray, count_nonzero
from engine.datasets import Dataset, normalised, split
from engine.networks.forward import EvaluationSet, Forward, evaluation_set, fast_forward
from engine.networks.metrics import evaluate_logits
from engine.networks.network import Network
from engine.pruning.method import method_of
from engine.pruning.prune import Pruned
from engine.pruning.shrink import shrink
from engine.results.paired import Paired, paired
from engine.results.points import Point


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


def measure(
    network: Network,
    inputs: EvaluationSet,
    *,
    method: str,
    sparsity: float,
    achieved: float,
    validation: Validation | None = None,
    answer: Forward = fast_forward,
) -> Point:
    """Everything about a point but its files.

    Effective parameters and MACs are those of the network after `shrink`: for weight pruning
    too, where units die as a side effect. The shrunk network is also what answers the images.

    Args:
        network: pruned, in its full size.
        inputs: the test images.
        method: of the point.
        sparsity: K that was asked for, a fraction.
        achieved: K that was reached, see `achieved_sparsity`.
        validation: the images to choose by; they are measured too.
        answer: the forward pass; a worker gives TensorFlow's.
    """
    small, nonzero = shrink(network), network.nonzero_parameters
    answers = evaluate_logits(answer(small, inputs), inputs.labels, network.output.units)
    return Point(
        method=method,
        sparsity=sparsity,
        achieved_sparsity=achieved,
        model_sparsity=(network.parameters - nonzero) / network.parameters,
        parameters=network.parameters,
        nonzero_parameters=nonzero,
        effective_parameters=small.parameters,
        macs=network.macs,
        nonzero_macs=network.nonzero_macs,
        effective_macs=small.macs,
        validation=validation.compare(small, answer) if validation else None,
        **dataclasses.asdict(answers),
    )


def achieved_sparsity(method: str, pruned: Pruned) -> float:
    """The pruned share of what K counts; 0 where there is nothing to prune.

    Of the hidden units for methods that count units, of the prunable kernels' entries for all other
    points, the baseline among them.
    """
    known = method_of(method)
    if known is not None and known.counts_units:
        gone = pruned.masks.dead_units
    else:
        kernels = pruned.masks.kernels[: len(pruned.network.prunable)]
        gone = tuple(~kernel for kernel in kernels)
    return sum(map(count_nonzero, gone)) / max(sum(flags.size for flags in gone), 1)


def zero_share(kernels: Sequence[FloatArray]) -> float:
    """Zero share of all these kernels' entries together; 0 without any."""
    size = sum(kernel.size for kernel in kernels)
    zeros = size - sum(map(count_nonzero, kernels))
    return zeros / size if size else 0.0
