"""Hybrid pruning: units first, then weights inside the units that are left.

The order matters: after weights, norms would be those of thinned columns.
"""

from engine.pruning.method import Method
from engine.pruning.methods.unit import by_norm
from engine.pruning.methods.weight import by_magnitude

METHODS = (
    Method(
        name="hybrid",
        order=30,
        label="Hybrid",
        about="Units first, then weights inside the units that are left.",
        entries=by_magnitude,
        units=by_norm,
        fields=frozenset({"norm", "unit_share"}),
    ),
)
