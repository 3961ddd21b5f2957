"""The matrix of an export, measured: networks are rows, their real files are cells.

Networks are the source as it is, pruned once, and with dead units removed.
"""

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.arrays import IntArray
from engine.errors import StorageError
from engine.export import litert
from engine.export.images import Answer, Images
from engine.networks.metrics import evaluate_logits
from engine.networks.network import Network
from engine.pruning.plan.kernels import kernels_of
from engine.pruning.plan.planning import planned_for
from engine.pruning.prune import prune
from engine.pruning.shrink import shrink
from engine.results.export_report import (
    DEFAULT_RESOLVER,
    FALLBACK_RESOLVER,
    ExportedFile,
    ExportedNetwork,
    network_key,
)
from engine.results.points import BASELINE, SCHEDULE
from engine.settings import ExportSettings, TrainSettings, training_of

SUSPECT = 0.95
"""Agreement with the float network below which the default kernels' answers are checked."""

MARGIN = 0.05
"""How much better the fallback must agree for the default kernels to be called wrong."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Candidate:
    """A network that becomes an `ExportedNetwork` of the report."""

    method: str
    sparsity: float
    removed: bool
    network: Network

    @property
    def key(self) -> str:
        """Key of its row."""
        return network_key(self.method, self.sparsity, removed=self.removed)


def candidates(
    settings: ExportSettings, source: Network, *, baseline: Network | None = None
) -> Iterator[Candidate]:
    """Every network of the report, zeroed first, then without its dead units where it has any.

    Args:
        settings: what to prune.
        source: the network that the source's run left.
        baseline: the trained network that a schedule started from, if it did.
    """
    for method, sparsity, network in _zeroed(settings, source, baseline):
        yield Candidate(method=method, sparsity=sparsity, removed=False, network=network)
        small = shrink(network)
        if small.parameters < network.parameters:
            yield Candidate(method=method, sparsity=sparsity, removed=True, network=small)


def _zeroed(
    settings: ExportSettings, source: Network, baseline: Network | None
) -> Iterator[tuple[str, float, Network]]:
    """Method and sparsity of each network in full size."""
    if baseline is not None:
        yield BASELINE, 0.0, baseline
    start = settings.source
    if isinstance(start, TrainSettings):
        yield BASELINE, 0.0, source
    elif start.rule != "prune":
        yield start.rule, 0.0, source
    else:
        yield SCHEDULE, planned_for(start, 1, kernels_of(source.architecture)).target, source
    for method, sparsity in settings.prunings:
        pruned = prune(
            source,
            method=method,
            sparsity=sparsity,
            scope=settings.scope,
            bias=settings.bias,
            norm=settings.norm,
            unit_share=settings.unit_share,
            seed=training_of(settings).seed,
        )
        yield method, sparsity, pruned.network


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
    resolver, refused = DEFAULT_RESOLVER, ""
    answers, agreement, problem = _tried(model, resolver, images, float_answers)
    if agreement < SUSPECT:
        others, better, _ = _tried(model, FALLBACK_RESOLVER, images, float_answers)
        if better > agreement + MARGIN:
            few = f"only {agreement:.1%} of its answers are those of the float network"
            resolver, refused = FALLBACK_RESOLVER, problem or few
            answers, agreement = others, better
    if answers is None:
        return dataclasses.replace(cell, error=problem)
    logits = litert.logits(model, images.validation.images, resolver=resolver)
    validation = images.validation.of(logits)
    scale, zero_point = litert.input_steps(model) or (None, None)
    return dataclasses.replace(
        cell,
        accuracy=float(np.mean(answers == images.labels)),
        validation_accuracy=validation.accuracy,
        validation=validation,
        agreement=agreement,
        resolver=resolver,
        input_scale=scale,
        input_zero_point=zero_point,
        refused=refused,
    )


def _tried(
    model: bytes, resolver: str, images: Images, float_answers: IntArray
) -> tuple[IntArray | None, float, str]:
    """Classes ``(n,)`` of the test images and how many agree; or why there are none."""
    try:
        answers = litert.logits(model, images.test, resolver=resolver).argmax(axis=1)
    except StorageError as error:
        return None, 0.0, str(error)
    return answers, float(np.mean(answers == float_answers)), ""
