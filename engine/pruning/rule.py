"""What goes into pruning and what comes out of it."""

from dataclasses import dataclass

from engine import checks, settings
from engine.arrays import BoolArray
from engine.networks.network import Network
from engine.pruning.masks import Masks
from engine.system import registry


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """How to prune, whatever the sparsity.

    Attributes are those of `engine.settings.SweepSettings`; `seed` is of the random methods.
    """

    method: str
    scope: str = "layer"
    bias: str = "kept"
    norm: str = "l2"
    unit_share: float = 0.5
    seed: int = 0

    def __post_init__(self) -> None:
        """Raise InvalidInput that names the first bad value."""
        checks.choice("method", self.method, registry.names("methods"))
        checks.choice("scope", self.scope, settings.SCOPES)
        checks.choice("bias", self.bias, settings.BIAS_RULES)
        checks.choice("norm", self.norm, settings.NORMS)
        checks.real("unit share", self.unit_share, 0, 1, allowed="a number from 0 to 1")
        checks.whole("seed", self.seed, 0, 2**31 - 1)


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
