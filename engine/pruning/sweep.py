"""A sweep: every method at every sparsity, each one-shot from the same baseline, measured."""

import itertools
import os
from collections.abc import Callable, Collection, Iterator

from engine.networks.forward import EvaluationSet, Forward, fast_forward
from engine.networks.network import Network
from engine.pruning.measure import Validation, achieved_sparsity, measure
from engine.pruning.method import Rule
from engine.pruning.prune import Pruned, Rankings, rank, untouched
from engine.results.points import BASELINE, Point, point_key
from engine.settings import SweepSettings
from engine.system.cache import Cache
from engine.system.threads import map_in_order

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
    asked = [(BASELINE, 0.0), *itertools.product(settings.methods, settings.sparsities)]
    wanted = [(method, level) for method, level in asked if point_key(method, level) not in skip]
    if not wanted:
        return
    pruned_at = pruner(network, settings)

    def point(of: tuple[str, float]) -> tuple[Point, Pruned]:
        method, sparsity = of
        pruned = pruned_at(method, sparsity)
        measured = measure(
            pruned.network,
            inputs,
            method=method,
            sparsity=sparsity,
            achieved=achieved_sparsity(method, pruned),
            validation=validation,
            answer=answer,
        )
        return measured, pruned

    yield from map_in_order(point, wanted, threads=THREADS)


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
