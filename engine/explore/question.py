"""What a person asks of a network: how to prune it, checked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine import checks, settings
from engine.networks.network import Network

MOST_LAYERS = 9
MOST_EDITS = 200
"""Units that one may prune or save by hand."""

HAND = re.compile(r"([+-])(\d{1,2})\.(\d{1,5})")
"""An edit in the URL: ``-1.17`` prunes unit 17 of layer 1, ``+1.17`` saves it."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A unit that goes or stays whatever its rank.

    Attributes:
        layer: of the hidden layers, from 0.
        unit: of the layer, from 0.
        kept: saved, not pruned.
    """

    layer: int
    unit: int
    kept: bool

    @property
    def text(self) -> str:
        """As in the URL, where layers count from 1: ``-1.17``."""
        return f"{'+' if self.kept else '-'}{self.layer + 1}.{self.unit}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """How the network is pruned.

    Biases are kept, a unit's norm is L2, and half of a hybrid's K is reached by units: the
    defaults of `engine.settings.SweepSettings`.

    Attributes:
        method: weight, unit, hybrid, random-weight or random-unit.
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
        checks.choice("method", self.method, settings.METHODS)
        checks.choice("scope", self.scope, settings.SCOPES)
        object.__setattr__(self, "sparsities", _levels(self.sparsities))
        if self.scope == "global" and len(self.sparsities) > 1:
            raise checks.refuse("scope", "layer where each layer has its own K", self.scope)
        object.__setattr__(self, "edits", _edits(self.edits))
        checks.whole("seed", self.seed, 0, 2**31 - 1)

    @property
    def uniform(self) -> bool:
        """Whether a sweep could hold this point: one K, nothing by hand."""
        return len(self.sparsities) == 1 and not self.edits

    def levels(self, count: int) -> tuple[float, ...]:
        """The K of each of so many layers."""
        return self.sparsities * count if len(self.sparsities) == 1 else self.sparsities


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
    return tuple(_edit(part) for part in text.split(",") if part)


def edits_to_text(edits: Iterable[Edit]) -> str:
    """The opposite of `edits_from_text`."""
    return ",".join(edit.text for edit in sorted(edits))


def _edit(part: str) -> Edit:
    found = HAND.fullmatch(part)
    if found is None:
        raise checks.refuse("hand", "units such as -1.17 or +2.5", part)
    sign, layer, unit = found.groups()
    return Edit(int(layer) - 1, int(unit), sign == "+")


def _levels(values: tuple[float, ...]) -> tuple[float, ...]:
    if not 1 <= len(values) <= MOST_LAYERS:
        raise checks.refuse("sparsities", f"1 to {MOST_LAYERS} fractions", values)
    allowed = "a fraction from 0 to 0.99"
    return tuple(checks.real("sparsity", value, 0, 0.99, allowed=allowed) for value in values)


def _edits(values: tuple[Edit, ...]) -> tuple[Edit, ...]:
    if len(values) > MOST_EDITS:
        raise checks.refuse("hand", f"at most {MOST_EDITS} units", len(values))
    if len({(edit.layer, edit.unit) for edit in values}) < len(values):
        raise checks.refuse("hand", "each unit once", edits_to_text(values))
    return tuple(sorted(values))
