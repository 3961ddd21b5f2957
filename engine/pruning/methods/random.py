"""Pruning by chance: the baselines that a method has to beat.

Each has randomness of its own, the same at every K, so that its masks are nested.
"""

from engine.networks.network import Network
from engine.pruning.method import LayerScores, Method
from engine.pruning.rule import Rule
from engine.pruning.scores import generator, random_like


def entries_by_chance(network: Network, rule: Rule) -> tuple[LayerScores, LayerScores]:
    """Random numbers for all prunable weights, those of the kernels drawn first."""
    rng = generator(rule.seed, "random-weight")
    kernels = random_like((layer.kernel for layer in network.prunable), rng)
    return kernels, random_like((layer.bias for layer in network.prunable), rng)


def units_by_chance(network: Network, rule: Rule) -> LayerScores:
    """Random numbers for all hidden units."""
    rng = generator(rule.seed, "random-unit")
    return random_like((layer.bias for layer in network.hidden), rng)


METHODS = (
    Method(
        name="random-weight",
        order=40,
        label="Random weight",
        about="Weights go by chance: what magnitude has to beat.",
        entries=entries_by_chance,
    ),
    Method(
        name="random-unit",
        order=50,
        label="Random unit",
        about="Units go by chance: what norms have to beat.",
        units=units_by_chance,
    ),
)
