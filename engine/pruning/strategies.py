"""The methods: weight, unit and hybrid pruning, and chance as the baseline to beat.

Each is one-shot: scores -> selection -> masks -> a new network. The network that is pruned is
never changed. Units go from hidden layers only; weights from those layers that the network says
(`Network.prunable`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from engine.arrays import BoolArray, FloatArray
from engine.networks.network import Layer, Network, rows_of_units
from engine.pruning import masks, scores, selection, shrink
from engine.pruning.rule import Pruned, Rule
from engine.pruning.selection import GONE, Scores


def prune(
    network: Network,
    *,
    method: str,
    sparsity: float,
    scope: str = "layer",
    bias: str = "kept",
    norm: str = "l2",
    unit_share: float = 0.5,
    seed: int = 0,
) -> Pruned:
    """Prune a network once; see `engine.settings.SweepSettings` for the arguments.

    Args:
        network: the baseline; left as it is.
        method: weight, unit, hybrid, random-weight or random-unit.
        sparsity: K as a fraction from 0 to 0.99; 0 gives the same network.
        scope: ``layer`` or ``global``.
        bias: ``kept`` or ``pruned``.
        norm: of a unit's column, ``l2`` or ``l1``.
        unit_share: hybrid only: the part of the sparsity that is reached by removing units.
        seed: random methods only; one seed gives nested masks at growing sparsity.

    Raises:
        InvalidInput: an argument is not allowed.
    """
    rule = Rule(
        method=method,
        sparsity=sparsity,
        scope=scope,
        bias=bias,
        norm=norm,
        unit_share=unit_share,
        seed=seed,
    )
    return STRATEGIES[rule.method](network, rule)


def untouched(network: Network) -> Pruned:
    """The baseline as a point of its own sweep: everything is kept."""
    return Pruned(network, masks.ones_like(network))


def weight(network: Network, rule: Rule) -> Pruned:
    """Zero the kernel entries of least magnitude; pruned biases are ranked among biases."""
    kernels, biases = _arrays(network.prunable)
    return _prune_entries(network, rule, scores.magnitudes(kernels), scores.magnitudes(biases))


def random_weight(network: Network, rule: Rule) -> Pruned:
    """As `weight`, with chance in the place of magnitude."""
    kernels, biases = _arrays(network.prunable)
    rng = scores.generator(rule.seed, rule.method)
    return _prune_entries(
        network, rule, scores.random_like(kernels, rng), scores.random_like(biases, rng)
    )


def unit(network: Network, rule: Rule) -> Pruned:
    """Zero the columns of least norm; a pruned bias goes with its column.

    With its bias pruned a unit is silent, as if it were not there. With its bias kept it emits
    the constant ReLU(bias).
    """
    kernels, _ = _arrays(network.hidden)
    return _prune_units(network, rule, scores.column_norms(kernels, rule.norm))


def random_unit(network: Network, rule: Rule) -> Pruned:
    """As `unit`, with chance in the place of the norm."""
    _, biases = _arrays(network.hidden)
    rng = scores.generator(rule.seed, rule.method)
    return _prune_units(network, rule, scores.random_like(biases, rng))


def hybrid(network: Network, rule: Rule) -> Pruned:
    """Zero units first, then weights inside the surviving subnetwork.

    A dead unit's column and the row that reads it count as zero entries; weights of least
    magnitude among the survivors fill up to K of the kernel. If the units alone reach K, no
    weight goes. The order matters: after weights, norms would be those of thinned columns.

    Kept biases of dead units are folded into the next layer, so that the result in full size
    answers as the subnetwork alone does.
    """
    first = unit(network, replace(rule, sparsity=rule.sparsity * rule.unit_share))
    dead = first.dead_units
    folded = shrink.fold(first.network, dead)
    whole = folded if network.prunes_output else _with_output_kernel(folded, network)
    kernels = selection.lowest_entries(_survivors(whole, dead), rule.sparsity, rule.scope)
    kept = masks.without(network, kernels, _hybrid_biases(network, dead, rule))
    return Pruned(kept.apply(whole), kept)


Strategy: TypeAlias = Callable[[Network, Rule], Pruned]

STRATEGIES: Mapping[str, Strategy] = MappingProxyType(
    {
        "weight": weight,
        "unit": unit,
        "hybrid": hybrid,
        "random-weight": random_weight,
        "random-unit": random_unit,
    }
)


def _arrays(layers: Sequence[Layer]) -> tuple[list[FloatArray], list[FloatArray]]:
    return [layer.kernel for layer in layers], [layer.bias for layer in layers]


def _prune_entries(
    network: Network, rule: Rule, kernels: tuple[Scores, ...], biases: tuple[Scores, ...]
) -> Pruned:
    bias_share = rule.sparsity if rule.bias == "pruned" else 0
    kept = masks.without(
        network,
        selection.lowest_entries(kernels, rule.sparsity, rule.scope),
        selection.lowest_entries(biases, bias_share, rule.scope),
    )
    return Pruned(kept.apply(network), kept)


def _prune_units(network: Network, rule: Rule, units: tuple[Scores, ...]) -> Pruned:
    dead = selection.lowest_units(units, rule.sparsity, rule.scope)
    shapes = (layer.kernel.shape for layer in network.hidden)
    columns = [np.broadcast_to(flags, s) for flags, s in zip(dead, shapes, strict=True)]
    biases = dead if rule.bias == "pruned" else [np.zeros_like(flags) for flags in dead]
    kept = masks.without(network, columns, biases)
    return Pruned(kept.apply(network), kept)


def _survivors(network: Network, dead: tuple[BoolArray, ...]) -> tuple[Scores, ...]:
    """Magnitudes of the prunable kernels; `GONE` where a dead unit writes or is read."""
    none = np.zeros(1, bool)  # of the images, and of the logits
    found = []
    for layer, read, units in zip(network.prunable, (none, *dead), (*dead, none), strict=False):
        gone = rows_of_units(read, layer)[:, np.newaxis] | units
        found.append(np.where(gone, np.float32(GONE), np.abs(layer.kernel)))
    return tuple(found)


def _hybrid_biases(
    network: Network, dead: tuple[BoolArray, ...], rule: Rule
) -> tuple[BoolArray, ...]:
    if rule.bias == "kept":
        return dead  # their constants live on in the next layer
    none = np.zeros(1, bool)  # of the logits
    pairs = zip(network.prunable, (*dead, none), strict=False)
    ranked = [np.where(d, np.float32(GONE), np.abs(x.bias)) for x, d in pairs]
    return selection.lowest_entries(ranked, rule.sparsity, rule.scope)


def _with_output_kernel(network: Network, source: Network) -> Network:
    return Network((*network.hidden, replace(network.output, kernel=source.output.kernel)))
