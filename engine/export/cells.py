"""Rows and cells of the matrix, measured: real files, run over every image."""

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray, IntArray, LabelArray
from engine.datasets import Dataset, normalised, split
from engine.errors import StorageError
from engine.export import litert
from engine.export.networks import Candidate
from engine.forward import EvaluationSet, Forward, evaluation_set
from engine.matrix import DEFAULT_RESOLVER, FALLBACK_RESOLVER, Cell, Row
from engine.metrics import evaluate_logits
from engine.network import Network
from engine.pruning.sparsity import nonzero_parameters


@dataclass(frozen=True, slots=True, eq=False)
class Images:
    """The images of an export, normalised: test images report, validation images choose.

    Attributes:
        test: ``(n, inputs)``.
        test_labels: ``(n,)``.
        validation: ``(m, inputs)``, rows that the training held out.
        validation_labels: ``(m,)``.
    """

    test: FloatArray
    test_labels: LabelArray
    validation: FloatArray
    validation_labels: LabelArray


def images_of(dataset: Dataset, *, seed: int) -> Images:
    """The images of a data set, cut as the training with this seed has cut them."""
    held_out = split(dataset, seed=seed).validation
    return Images(
        normalised(dataset.x_test),
        np.asarray(dataset.y_test),
        normalised(dataset.x_train[held_out]),
        np.asarray(dataset.y_train[held_out]),
    )


class FloatNetworks:
    """Measures networks in float32, as the variants of each are compared with it."""

    def __init__(self, images: Images, answer: Forward) -> None:
        """Lay the images out once; `answer` is the forward pass, a worker's TensorFlow."""
        self._answer = answer
        self._test = evaluation_set(images.test, images.test_labels)
        self._validation = evaluation_set(images.validation, images.validation_labels)

    def answers(self, network: Network) -> IntArray:
        """Class that the network answers for each test image, ``(n,)``."""
        found: IntArray = self._answer(network, self._test).argmax(axis=1)
        return found

    def row(self, candidate: Candidate) -> Row:
        """The candidate's row, without its files."""
        network = candidate.network
        test = self._evaluated(network, self._test)
        return Row(
            method=candidate.method,
            sparsity=candidate.sparsity,
            removed=candidate.removed,
            accuracy=test[0],
            validation_accuracy=self._evaluated(network, self._validation)[0],
            loss=test[1] if math.isfinite(test[1]) else None,
            parameters=network.parameters,
            nonzero_parameters=nonzero_parameters(network),
            macs=network.macs,
        )

    def _evaluated(self, network: Network, inputs: EvaluationSet) -> tuple[float, float]:
        logits = self._answer(network, inputs)
        found = evaluate_logits(logits, inputs.labels, network.output.units)
        return found.accuracy, found.loss


SUSPECT = 0.95
"""Agreement with the float network below which the default kernels' answers are checked."""

MARGIN = 0.05
"""How much better the fallback must agree for the default kernels to be called wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    """The file run by one kind of kernels: classes ``(n,)``, or why there are none."""

    resolver: str
    found: IntArray | None = None
    agreement: float = 0.0
    refused: str = ""


def run_cell(cell: Cell, model: bytes, images: Images, float_answers: IntArray) -> Cell:
    """The cell with its accuracies and which kernels ran it; with an error where none does.

    LiteRT's default kernels refuse some sparse files and answer others wrongly without a word
    (dynamic range with 1x16 blocks). In both cases the built-in kernels are what counts.

    Args:
        cell: of the file.
        model: the file.
        images: of the export.
        float_answers: ``(n,)``, what the float network of the row answers to the test images.
    """
    default, chosen = _chosen(model, images.test, float_answers)
    if chosen.found is None:
        return dataclasses.replace(cell, error=default.refused)
    validation = litert.logits(model, images.validation, resolver=chosen.resolver, threads=1)
    return dataclasses.replace(
        cell,
        accuracy=_share(chosen.found, images.test_labels),
        validation_accuracy=_share(validation.argmax(axis=1), images.validation_labels),
        agreement=chosen.agreement,
        resolver=chosen.resolver,
        refused="" if chosen is default else _why_not(default),
    )


def _chosen(model: bytes, images: FloatArray, wanted: IntArray) -> tuple[_Trial, _Trial]:
    """How the default kernels fare, and the trial that counts."""
    default = _tried(model, DEFAULT_RESOLVER, images, wanted)
    if default.agreement >= SUSPECT:
        return default, default
    fallback = _tried(model, FALLBACK_RESOLVER, images, wanted)
    return default, fallback if fallback.agreement > default.agreement + MARGIN else default


def _tried(model: bytes, resolver: str, images: FloatArray, wanted: IntArray) -> _Trial:
    try:
        found = litert.logits(model, images, resolver=resolver, threads=1).argmax(axis=1)
    except StorageError as error:
        return _Trial(resolver, refused=str(error))
    return _Trial(resolver, found, _share(found, wanted))


def _why_not(trial: _Trial) -> str:
    if trial.refused:
        return trial.refused
    return f"only {trial.agreement:.1%} of its answers are those of the float network"


def _share(found: IntArray, wanted: IntArray | LabelArray) -> float:
    return float(np.mean(found == wanted))
