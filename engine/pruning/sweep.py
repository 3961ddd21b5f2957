"""A sweep: every method at every sparsity, each one-shot from the same baseline, measured."""

import os
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import TypeAlias

from engine.networks.forward import EvaluationSet, Forward, fast_forward
from engine.networks.metrics import evaluate_logits
from engine.networks.network import Network
from engine.pruning.prune import Rankings, rank, untouched
from engine.pruning.rule import Pruned, Rule
from engine.pruning.shrink import shrink
from engine.pruning.sparsity import (
    achieved_sparsity,
    model_sparsity,
    nonzero_macs,
    nonzero_parameters,
)
from engine.pruning.validation import Validation
from engine.results.paired import Paired
from engine.results.points import BASELINE, Point, point_key
from engine.settings import SweepSettings
from engine.system.cache import Cache
from engine.system.threads import map_in_order

Choose: TypeAlias = Callable[[Network], Paired]
"""How a network answers the validation images; None where nobody chooses."""

THREADS = min(4, os.cpu_count() or 1)
"""Points that are measured at the same time: each takes up to 100 MB while it is."""

RANKINGS_BYTES = 100_000_000
"""Rankings that a sweep keeps: four bytes for each weight, of five methods at most three."""


def sweep(
    network: Network,
    settings: SweepSettings,
    inputs: EvaluationSet,
    *,
    validation: Validation | None = None,
    skip: Collection[str] = (),
    answer: Forward = fast_forward,
) -> Iterator[tuple[Point, Pruned]]:
    """Measure the baseline, then each method at each sparsity, ascending; yield them in this order.

    A few points are measured at the same time, since much of the work of each is done by one core.

    Args:
        network: the trained baseline; left as it is.
        settings: what to prune and how.
        inputs: the images to measure on.
        validation: the images to choose by; they are measured too.
        skip: keys of points that are measured already; nothing is computed for them.
        answer: the forward pass; a worker gives TensorFlow's.
    """
    wanted = [
        (name, level) for name, level in _plan(settings) if point_key(name, level) not in skip
    ]
    if not wanted:
        return
    choose = None if validation is None else partial(validation.compare, answer=answer)
    pruned_at = pruner(network, settings)

    def point(of: tuple[str, float]) -> tuple[Point, Pruned]:
        method, sparsity = of
        pruned = pruned_at(method, sparsity)
        point = measure(
            pruned, inputs, method=method, sparsity=sparsity, answer=answer, choose=choose
        )
        return point, pruned

    yield from map_in_order(point, wanted, threads=THREADS)


def measure(
    pruned: Pruned,
    inputs: EvaluationSet,
    *,
    method: str,
    sparsity: float,
    answer: Forward = fast_forward,
    choose: Choose | None = None,
) -> Point:
    """Everything about a point but its files.

    Effective parameters and MACs are those of the network after `shrink`: for weight pruning
    too, where units die as a side effect. The shrunk network is also what answers the images.
    """
    achieved = achieved_sparsity(method, pruned)
    return measure_network(
        pruned.network,
        inputs,
        method=method,
        sparsity=sparsity,
        achieved=achieved,
        answer=answer,
        choose=choose,
    )


def measure_network(
    network: Network,
    inputs: EvaluationSet,
    *,
    method: str,
    sparsity: float,
    achieved: float,
    answer: Forward = fast_forward,
    choose: Choose | None = None,
) -> Point:
    """As `measure`, for a network whose zeros somebody else has counted."""
    small = shrink(network)
    logits = answer(small, inputs)
    answers = evaluate_logits(logits, inputs.labels, network.output.units)
    return Point(
        method=method,
        sparsity=sparsity,
        achieved_sparsity=achieved,
        model_sparsity=model_sparsity(network),
        accuracy=answers.accuracy,
        loss=answers.loss,
        balanced_accuracy=answers.balanced_accuracy,
        class_accuracy=answers.class_accuracy,
        confusion=answers.confusion,
        parameters=network.parameters,
        nonzero_parameters=nonzero_parameters(network),
        effective_parameters=small.parameters,
        macs=network.macs,
        nonzero_macs=nonzero_macs(network),
        effective_macs=small.macs,
        validation=choose(small) if choose else None,
    )


def _plan(settings: SweepSettings) -> Iterator[tuple[str, float]]:
    yield BASELINE, 0.0
    for method in settings.methods:
        for sparsity in settings.sparsities:
            yield method, sparsity


def pruner(network: Network, settings: SweepSettings) -> Callable[[str, float], Pruned]:
    """Gives the pruned network of any point of a sweep, by method and K; for use by many threads.

    Always the same for the same arguments. Each ranking is found once, for all K and for the
    methods that share it.
    """
    rankings: Cache[Rankings] = Cache(RANKINGS_BYTES, lambda of: sum(each.bytes for each in of))

    def pruned_at(method: str, sparsity: float) -> Pruned:
        if method == BASELINE:
            return untouched(network)
        rule = Rule(
            method=method,
            scope=settings.scope,
            bias=settings.bias,
            norm=settings.norm,
            unit_share=settings.unit_share,
            seed=settings.baseline.seed,
        )
        return rank(network, rule, rankings.get).at(sparsity)

    return pruned_at
