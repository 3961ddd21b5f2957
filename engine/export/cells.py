"""Rows and cells of the matrix, measured: real files, run over every image."""

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.arrays import FloatArray, IntArray, LabelArray
from engine.datasets import Dataset, normalised
from engine.errors import StorageError
from engine.export import litert
from engine.export.measure import Images
from engine.export.networks import Candidate
from engine.networks.metrics import evaluate_logits
from engine.networks.network import Network
from engine.pruning.measure import validation_of
from engine.results.export_report import (
    DEFAULT_RESOLVER,
    FALLBACK_RESOLVER,
    ExportedFile,
    ExportedNetwork,
)

Answer: TypeAlias = Callable[[FloatArray, Network], FloatArray]
"""Logits ``(n, classes)`` of normalised images ``(n, inputs)``; a worker gives TensorFlow's."""


def images_of(dataset: Dataset, baseline: Network, answer: Answer, *, seed: int) -> Images:
    """The images of a data set, cut as the training with this seed has cut them."""
    validation = validation_of(
        dataset, baseline, seed=seed, answer=lambda network, of: answer(of.whole, network)
    )
    return Images(normalised(dataset.x_test), np.asarray(dataset.y_test), validation)


def float_row(candidate: Candidate, images: Images, answer: Answer) -> ExportedNetwork:
    """The candidate's row, without its files: what the variants of the network are held to."""
    network = candidate.network
    test = evaluate_logits(answer(images.test, network), images.labels, network.output.units)
    chosen = images.validation.of(answer(images.validation.images, network))
    return ExportedNetwork(
        method=candidate.method,
        sparsity=candidate.sparsity,
        removed=candidate.removed,
        accuracy=test.accuracy,
        validation_accuracy=chosen.accuracy,
        loss=test.loss if math.isfinite(test.loss) else None,
        parameters=network.parameters,
        nonzero_parameters=network.nonzero_parameters,
        macs=network.macs,
        balanced_accuracy=test.balanced_accuracy,
    )


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

    @property
    def why_not(self) -> str:
        """Why it does not count."""
        few = f"only {self.agreement:.1%} of its answers are those of the float network"
        return self.refused or few


def run_cell(
    cell: ExportedFile, model: bytes, images: Images, float_answers: IntArray
) -> ExportedFile:
    """The cell with its accuracies and which kernels ran it; with an error where none does.

    LiteRT's default kernels refuse some sparse files and answer others wrongly without a word
    (dynamic range with 1x16 blocks). In both cases the built-in kernels are what counts.

    Args:
        cell: of the file.
        model: the file.
        images: of the export.
        float_answers: ``(n,)``, what the float network of the row answers to the test images.
    """
    chosen = default = _tried(model, DEFAULT_RESOLVER, images.test, float_answers)
    if default.agreement < SUSPECT:
        fallback = _tried(model, FALLBACK_RESOLVER, images.test, float_answers)
        chosen = fallback if fallback.agreement > default.agreement + MARGIN else default
    if chosen.found is None:
        return dataclasses.replace(cell, error=default.refused)
    validation = images.validation.of(
        litert.logits(model, images.validation.images, resolver=chosen.resolver, threads=1)
    )
    scale, zero_point = litert.input_steps(model) or (None, None)
    return dataclasses.replace(
        cell,
        accuracy=_share(chosen.found, images.labels),
        validation_accuracy=validation.accuracy,
        validation=validation,
        agreement=chosen.agreement,
        resolver=chosen.resolver,
        input_scale=scale,
        input_zero_point=zero_point,
        refused="" if chosen is default else default.why_not,
    )


def _tried(model: bytes, resolver: str, images: FloatArray, wanted: IntArray) -> _Trial:
    try:
        found = litert.logits(model, images, resolver=resolver, threads=1).argmax(axis=1)
    except StorageError as error:
        return _Trial(resolver, refused=str(error))
    return _Trial(resolver, found, _share(found, wanted))


def _share(found: IntArray, wanted: IntArray | LabelArray) -> float:
    return float(np.mean(found == wanted))
