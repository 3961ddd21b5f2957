"""What a pruning method is: scores. The lowest go first, see `engine.pruning.prune`.

The model is jaxpruner's `calculate_scores`: how many go, which of equal ones, what becomes of
biases and of readers is the same for all methods and not theirs to say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from engine import checks, settings
from engine.networks.network import Network
from engine.pruning.ranking import Scores
from engine.system import registry

LayerScores: TypeAlias = tuple[Scores, ...]


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """A method of pruning at once: a file of `engine.pruning.methods` or of an extension holds it.

    Attributes:
        name: as in settings, files and addresses.
        order: where it stands in lists.
        label: its name for people.
        about: one sentence about it for people.
        entries: scores of weights, in the shapes of what they score: of the kernels and of the
            biases of `Network.prunable`. None where only whole units go.
        units: scores ``(units,)`` of each hidden layer's units. None where only weights go. With
            both, units go first, up to `Rule.unit_share` of K, then weights up to K.
        fields: names of the settings that matter to it and not to every other: ``norm``,
            ``unit_share``.
    """

    name: str
    order: int
    label: str
    about: str
    entries: Callable[[Network, Rule], tuple[LayerScores, LayerScores]] | None = None
    units: Callable[[Network, Rule], LayerScores] | None = None
    fields: frozenset[str] = frozenset()

    @property
    def counts_units(self) -> bool:
        """Whether K counts hidden units, not entries of the prunable kernels."""
        return self.entries is None

    @property
    def removes_units(self) -> bool:
        """Whether units go as a whole, so that a file without them is worth making."""
        return self.units is not None


def method_of(name: str) -> Method | None:
    """The method of that name; None of other points, such as ``baseline`` or ``schedule``."""
    method: Method | None = registry.found("methods").get(name)
    return method
