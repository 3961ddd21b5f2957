"""Pruning by chance: the baselines that a method has to beat.

Each has randomness of its own, the same at every K, so that its masks are nested.
"""

import zlib

import numpy as np

from engine.networks.network import Network
from engine.pruning.method import LayerScores, Method, Rule


def entries_by_chance(network: Network, rule: Rule) -> tuple[LayerScores, LayerScores]:
    """Random numbers for all prunable weights, those of the kernels drawn first."""
    rng = _generator(rule, "random-weight")
    kernels = tuple(rng.random(layer.kernel.shape, np.float32) for layer in network.prunable)
    return kernels, tuple(rng.random(layer.units, np.float32) for layer in network.prunable)


def units_by_chance(network: Network, rule: Rule) -> LayerScores:
    """Random numbers for all hidden units."""
    rng = _generator(rule, "random-unit")
    return tuple(rng.random(layer.units, np.float32) for layer in network.hidden)


def _generator(rule: Rule, method: str) -> np.random.Generator:
    return np.random.default_rng([rule.seed, zlib.crc32(method.encode())])


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
