"""Pruning at once: scores -> ranking -> masks -> a new network. The same for every method.

The network that is pruned is never changed. Units go from hidden layers only; weights from those
layers that the network says (`Network.prunable`).
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from engine import checks
from engine.arrays import BoolArray
from engine.networks.network import Network, rows_of_units
from engine.pruning import masks
from engine.pruning.masks import Masks
from engine.pruning.method import Method, Rule
from engine.pruning.ranking import Ranking, rank_entries, rank_units
from engine.pruning.shrink import fold
from engine.system import registry

Rankings: TypeAlias = tuple[Ranking, ...]

Cached: TypeAlias = Callable[[Hashable, Callable[[], Rankings]], Rankings]
"""Gives rankings of a network by a key, and makes those that are not there yet."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A unit that goes or stays whatever its rank.

    Attributes:
        layer: index of the hidden layer, from 0.
        unit: index in the layer, from 0.
        kept: saved, not pruned.
    """

    layer: int
    unit: int
    kept: bool

    @property
    def text(self) -> str:
        """As in addresses of pages, where layers count from 1: ``-1.17``."""
        return f"{'+' if self.kept else '-'}{self.layer + 1}.{self.unit}"


@dataclass(frozen=True, slots=True, eq=False)
class Pruned:
    """A pruned network in its full size, zeros included, and what was kept of it.

    Attributes:
        network: same shapes as the one that was pruned; pruned entries are zero.
        masks: which entries were kept.
    """

    network: Network
    masks: Masks

    @property
    def dead_units(self) -> tuple[BoolArray, ...]:
        """Flags ``(units,)`` of each hidden layer: constant now, so `shrink` removes the unit."""
        return self.masks.dead_units


@dataclass(frozen=True, slots=True, eq=False)
class RankedNetwork:
    """A network in the order in which a rule prunes it: any K is a matter of milliseconds.

    Attributes:
        network: what is pruned; left as it is.
        rule: how.
        units: ranking of the hidden layers' units; None where only weights go.
        entries: rankings of the prunable kernels and biases; None where only whole units go.
    """

    network: Network
    rule: Rule
    units: Ranking | None
    entries: tuple[Ranking, ...] | None

    def at(self, *sparsities: float, edits: Sequence[Edit] = ()) -> Pruned:
        """The network, pruned to K.

        Weights: entries go up to K of each kernel and, where biases are pruned, up to K of them.

        Units: whole columns go. With its bias pruned too a unit is silent, as if it were not there;
        with its bias kept it emits the constant ReLU(bias).

        Both: units first, up to a share of K, then weights inside the surviving subnetwork. A dead
        unit's column and the rows that read it count as zero entries; weights fill up to K of the
        kernel. If the units alone reach K, no weight goes. Kept biases of dead units are folded
        into the next layer, so that the result in full size answers as the subnetwork alone does.

        Args:
            sparsities: K as a fraction from 0 to 0.99: one for all layers, or one for each of
                `Network.prunable`. With scope ``global`` the first one counts.
            edits: units that go or stay whatever their rank.
        """
        network, count = self.network, len(self.network.prunable)
        levels = sparsities * count if len(sparsities) == 1 else sparsities
        dead = self._dead(levels, edits)
        if self.entries is None:
            return self._without_units(dead)
        ranked_kernels, ranked_biases = self.entries
        kernels = [flags.copy() for flags in ranked_kernels.at(levels, self._read_or_written(dead))]
        for edit in edits:
            if edit.kept or self.units is None:
                kernels[edit.layer][:, edit.unit] = not edit.kept
        biases: Sequence[BoolArray] = dead  # their constants live on in the next layer
        if self.rule.bias == "pruned":
            none = [np.zeros(layer.units, bool) for layer in network.prunable[len(dead) :]]
            biases = ranked_biases.at(levels, (*dead, *none))
        kept = masks.without(network, kernels, biases)
        if self.units is None:
            return Pruned(kept.apply(network), kept)
        folded = fold(self._without_units(dead).network, dead)
        if not network.prunes_output:  # rows stay, unread, as files of hybrid networks have them
            output = replace(folded.output, kernel=network.output.kernel)
            folded = Network((*folded.hidden, output))
        return Pruned(kept.apply(folded), kept)

    def _dead(self, levels: Sequence[float], edits: Sequence[Edit]) -> tuple[BoolArray, ...]:
        """Flags ``(units,)`` of the units that go as a whole."""
        if self.units is None:
            return ()
        share = 1.0 if self.entries is None else self.rule.unit_share
        some = [level * share for level in levels[: len(self.network.hidden)]]
        dead = tuple(flags.copy() for flags in self.units.at(some))
        for edit in edits:
            dead[edit.layer][edit.unit] = not edit.kept
        return dead

    def _without_units(self, dead: Sequence[BoolArray]) -> Pruned:
        shapes = (layer.kernel.shape for layer in self.network.hidden)
        columns = [np.broadcast_to(flags, s) for flags, s in zip(dead, shapes, strict=True)]
        biases = dead if self.rule.bias == "pruned" else ()
        kept = masks.without(self.network, columns, biases)
        return Pruned(kept.apply(self.network), kept)

    def _read_or_written(self, dead: Sequence[BoolArray]) -> list[BoolArray] | None:
        """Entries of the prunable kernels that dead units write or that are read from them."""
        if self.units is None:
            return None
        none = np.zeros(1, bool)  # of the images, and of the logits
        parts = zip(self.network.prunable, (none, *dead), (*dead, none), strict=False)
        return [
            rows_of_units(read, layer)[:, np.newaxis] | np.broadcast_to(units, layer.kernel.shape)
            for layer, read, units in parts
        ]


def rank(network: Network, rule: Rule, cached: Cached = lambda _, make: make()) -> RankedNetwork:
    """Rank a network by a rule.

    Args:
        network: the baseline; left as it is.
        rule: how it shall be pruned.
        cached: keeps rankings of this network, which several methods and every K share.
    """
    method: Method = registry.found("methods")[rule.method]
    units, entries, of = None, None, (rule.scope, rule.norm, rule.seed)
    if (by_units := method.units) is not None:
        (units,) = cached(
            (by_units, *of), lambda: (rank_units(by_units(network, rule), rule.scope),)
        )
    if (by_entries := method.entries) is not None:
        entries = cached(
            (by_entries, *of),
            lambda: tuple(rank_entries(each, rule.scope) for each in by_entries(network, rule)),
        )
    return RankedNetwork(network, rule, units, entries)


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
        method: name of a method: weight, unit, hybrid, random-weight, random-unit, or one that an
            extension adds.
        sparsity: K as a fraction from 0 to 0.99; 0 gives the same network.
        scope: ``layer`` or ``global``.
        bias: ``kept`` or ``pruned``.
        norm: of a unit's column, ``l2`` or ``l1``.
        unit_share: hybrid only: the part of the sparsity that is reached by removing units.
        seed: random methods only; one seed gives nested masks at growing sparsity.

    Raises:
        InvalidInput: an argument is not allowed.
    """
    rule = Rule(method=method, scope=scope, bias=bias, norm=norm, unit_share=unit_share, seed=seed)
    allowed = "a fraction from 0 to 0.99"
    return rank(network, rule).at(checks.real("sparsity", sparsity, 0, 0.99, allowed=allowed))


def untouched(network: Network) -> Pruned:
    """The baseline as a point of its own sweep: everything is kept."""
    return Pruned(network, masks.ones_like(network))
