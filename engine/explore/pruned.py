"""From a question to a pruned network, by rankings that are kept.

The same networks as `engine.pruning.prune` gives, to the bit; there each call ranks anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from engine.arrays import BoolArray
from engine.explore import ranking
from engine.explore.question import Edit, Question
from engine.explore.ranking import Ranking
from engine.networks.network import Network, rows_of_units
from engine.pruning import masks
from engine.pruning.rule import UNIT_METHODS, Pruned
from engine.pruning.shrink import fold
from engine.settings import SweepSettings

UNIT_SHARE = SweepSettings().unit_share

Flags: TypeAlias = tuple[BoolArray, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """Which ranking: what is ranked how, and in which scope."""

    name: str
    scope: str
    seed: int = 0


Rank: TypeAlias = Callable[[Order], Ranking]
"""Gives a ranking of the network, kept from an earlier question where it can be."""


def rank(network: Network, order: Order) -> Ranking:
    """The ranking of that order."""
    if order.name == "magnitude":
        return ranking.by_magnitude(network, order.scope)
    if order.name == "norm":
        return ranking.by_norm(network, order.scope)
    by_chance = {"random-weight": ranking.entries_by_chance, "random-unit": ranking.units_by_chance}
    return by_chance[order.name](network, order.scope, order.seed)


def cut(network: Network, question: Question, ranked: Rank) -> Pruned:
    """The network, pruned as asked; the argument is left as it is."""
    if question.method == "hybrid":
        return _hybrid(network, question, ranked)
    if question.method in UNIT_METHODS:
        return _without(network, _columns(network, _units(network, question, ranked)))
    order = _order(question, {"weight": "magnitude"})
    entries = ranked(order).lowest(question.levels(len(network.prunable)))
    return _without(network, _by_hand(entries, question.edits))


def _hybrid(network: Network, question: Question, ranked: Rank) -> Pruned:
    """Units first, then the lowest entries of what is left; see `engine.pruning.strategies`."""
    levels = tuple(level * UNIT_SHARE for level in question.sparsities)
    dead = _units(network, replace(question, sparsities=levels), ranked)
    first = _without(network, _columns(network, dead)).network
    folded = fold(first, dead)
    if not network.prunes_output:  # the rows stay, unread, as files of hybrid networks have them
        output = replace(network.output, bias=folded.output.bias)
        folded = Network((*folded.hidden, output))
    order = Order("magnitude", question.scope)
    levels = question.levels(len(network.prunable))
    entries = ranked(order).lowest_but(_gone(network, dead), levels)
    kept = masks.without(network, _saved(entries, question.edits), dead)
    return Pruned(kept.apply(folded), kept)


def _units(network: Network, question: Question, ranked: Rank) -> Flags:
    order = _order(question, {"unit": "norm", "hybrid": "norm"})
    levels = question.levels(len(network.prunable))[: len(network.hidden)]
    dead = [flags.copy() for flags in ranked(order).lowest(levels)]
    for edit in question.edits:
        dead[edit.layer][edit.unit] = not edit.kept
    return tuple(dead)


def _order(question: Question, names: dict[str, str]) -> Order:
    name = names.get(question.method)
    if name is None:
        return Order(question.method, question.scope, question.seed)
    return Order(name, question.scope)


def _columns(network: Network, dead: Flags) -> Flags:
    shapes = (layer.kernel.shape for layer in network.hidden)
    return tuple(np.broadcast_to(flags, s) for flags, s in zip(dead, shapes, strict=True))


def _gone(network: Network, dead: Flags) -> Flags:
    """Entries that dead units write or that are read from them."""
    none = np.zeros(1, bool)  # of the images, and of the logits
    parts = zip(network.prunable, (none, *dead), (*dead, none), strict=False)
    return tuple(
        rows_of_units(read, layer)[:, np.newaxis] | np.broadcast_to(units, layer.kernel.shape)
        for layer, read, units in parts
    )


def _by_hand(entries: Flags, edits: Sequence[Edit]) -> Flags:
    changed = [flags.copy() if edits else flags for flags in entries]
    for edit in edits:
        changed[edit.layer][:, edit.unit] = not edit.kept
    return tuple(changed)


def _saved(entries: Flags, edits: Sequence[Edit]) -> Flags:
    """Hybrid: a saved unit keeps its whole column; one that went by hand has gone already."""
    return _by_hand(entries, [edit for edit in edits if edit.kept])


def _without(network: Network, entries: Flags) -> Pruned:
    none = tuple(np.zeros(layer.bias.shape, bool) for layer in network.prunable[: len(entries)])
    kept = masks.without(network, entries, none)
    return Pruned(kept.apply(network), kept)
