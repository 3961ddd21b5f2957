"""Weight pruning: entries of least magnitude go (Han et al. 2015, arXiv:1506.02626)."""

from engine.networks.network import Network
from engine.pruning.method import LayerScores, Method, Rule
from engine.pruning.scores import magnitudes


def by_magnitude(network: Network, _: Rule) -> tuple[LayerScores, LayerScores]:
    """Magnitudes of all prunable weights; biases are ranked among biases."""
    return (
        magnitudes(layer.kernel for layer in network.prunable),
        magnitudes(layer.bias for layer in network.prunable),
    )


METHODS = (
    Method(
        name="weight",
        order=10,
        label="Weight",
        about="The smallest single weights become zero; the shape stays.",
        entries=by_magnitude,
    ),
)
