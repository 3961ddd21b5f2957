"""What a person asks of a network: how to prune it, checked; and the network so pruned."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine import checks
from engine.networks.network import Network
from engine.pruning.method import Rule
from engine.pruning.prune import Cached, Edit, Pruned, rank

MOST_LAYERS = 9
MOST_EDITS = 200
"""Units that one may prune or save by hand."""

HAND = re.compile(r"([+-])(\d{1,2})\.(\d{1,5})")
"""An edit in the URL: ``-1.17`` prunes unit 17 of layer 1, ``+1.17`` saves it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """How the network is pruned.

    Biases are kept, a unit's norm is L2, and half of a hybrid's K is reached by units: the
    defaults of `engine.pruning.method.Rule`.

    Attributes:
        method: name of a pruning method.
        sparsities: one K for all layers, or one for each layer that can be pruned.
        scope: ``layer``, or ``global`` with one K.
        edits: units pruned or saved by hand, each at most once, sorted.
        seed: of the random methods.
    """

    method: str = "weight"
    sparsities: tuple[float, ...] = (0.5,)
    scope: str = "layer"
    edits: tuple[Edit, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        """Raise InvalidInput that names the first bad value."""
        _ = self.rule  # which checks method, scope and seed
        if not 1 <= len(self.sparsities) <= MOST_LAYERS:
            raise checks.refuse("sparsities", f"1 to {MOST_LAYERS} fractions", self.sparsities)
        allowed = "a fraction from 0 to 0.99"
        levels = [checks.real("sparsity", k, 0, 0.99, allowed=allowed) for k in self.sparsities]
        if self.scope == "global" and len(levels) > 1:
            raise checks.refuse("scope", "layer where each layer has its own K", self.scope)
        if len(self.edits) > MOST_EDITS:
            raise checks.refuse("hand", f"at most {MOST_EDITS} units", len(self.edits))
        if len({(edit.layer, edit.unit) for edit in self.edits}) < len(self.edits):
            raise checks.refuse("hand", "each unit once", edits_to_text(self.edits))
        object.__setattr__(self, "sparsities", tuple(levels))
        object.__setattr__(self, "edits", tuple(sorted(self.edits)))

    @property
    def rule(self) -> Rule:
        """How the network is ranked."""
        return Rule(method=self.method, scope=self.scope, seed=self.seed)

    @property
    def uniform(self) -> bool:
        """Whether a sweep could hold this point: one K, nothing by hand."""
        return len(self.sparsities) == 1 and not self.edits


def pruned(network: Network, question: Question, cached: Cached = lambda _, make: make()) -> Pruned:
    """The network, pruned as asked; it is left as it is.

    Args:
        network: one that the question is `fitted` to.
        question: how.
        cached: keeps rankings of this network.
    """
    return rank(network, question.rule, cached).at(*question.sparsities, edits=question.edits)


def fitted(question: Question, network: Network) -> Question:
    """The question, if it can be asked of that network.

    Raises:
        InvalidInput: it has K for other layers, or edits of units that are not there.
    """
    layers = len(network.prunable)
    if len(question.sparsities) not in {1, layers}:
        raise checks.refuse("sparsities", f"1 or {layers} fractions", question.sparsities)
    for edit in question.edits:
        checks.whole("layer", edit.layer + 1, 1, len(network.hidden))
        checks.whole("unit", edit.unit, 0, network.hidden[edit.layer].units - 1)
    return question


def edits_from_text(text: str) -> tuple[Edit, ...]:
    """Edits as the URL holds them, with commas: ``-1.17,+2.5``.

    Raises:
        InvalidInput: a part is no edit.
    """
    edits = []
    for part in filter(None, text.split(",")):
        found = HAND.fullmatch(part)
        if found is None:
            raise checks.refuse("hand", "units such as -1.17 or +2.5", part)
        sign, layer, unit = found.groups()
        edits.append(Edit(int(layer) - 1, int(unit), sign == "+"))
    return tuple(edits)


def edits_to_text(edits: Iterable[Edit]) -> str:
    """The opposite of `edits_from_text`."""
    return ",".join(edit.text for edit in sorted(edits))
