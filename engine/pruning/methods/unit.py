"""Unit pruning: columns of least norm go (Li et al. 2017, arXiv:1608.08710)."""

from engine.networks.network import Network
from engine.pruning.method import LayerScores, Method, Rule
from engine.pruning.scores import column_norms


def by_norm(network: Network, rule: Rule) -> LayerScores:
    """Norms of the columns of all hidden units."""
    return column_norms((layer.kernel for layer in network.hidden), rule.norm)


METHODS = (
    Method(
        name="unit",
        order=20,
        label="Unit",
        about="The weakest whole units go, and can be removed for good.",
        units=by_norm,
        fields=frozenset({"norm"}),
    ),
)
