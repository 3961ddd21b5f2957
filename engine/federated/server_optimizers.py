"""What the server does with the average: take it, or follow it with Adam, Yogi or Adagrad.

Adaptive ones as in Reddi et al., "Adaptive Federated Optimization" (arXiv 2003.00295, algorithm 2),
without bias correction and with v starting at tau squared. With masks, a parameter that nobody of
the cohort kept has no difference to follow: it and its moments stay as they are.
"""

from collections.abc import Callable, Mapping

import numpy as np

from engine.arrays import FloatArray
from engine.federated.aggregation import Average
from engine.federated.state import ArrayGroups, ServerState
from engine.networks.network import Network, from_arrays, to_arrays
from engine.settings import FederateSettings

AVERAGE = "average"

SECOND_MOMENTS: Mapping[str, Callable[[FloatArray, FloatArray, np.float32], FloatArray]] = {
    "adam": lambda v, square, beta: beta * v + (1 - beta) * square,
    "yogi": lambda v, square, beta: v - (1 - beta) * square * np.sign(v - square),
    "adagrad": lambda v, square, _: v + square,
}
"""The next second moment of each optimizer, of the present one and the squared difference."""


def fields(optimizer: str) -> frozenset[str]:
    """Names of the settings that matter to an optimizer; Adagrad sums up without a beta2."""
    if optimizer == AVERAGE:
        return frozenset()
    shared = frozenset({"server_rate", "beta1", "tau"})
    return shared if optimizer == "adagrad" else shared | {"beta2"}


def init(optimizer: str, network: Network, settings: FederateSettings) -> ArrayGroups:
    """The moments before the first round, ``first`` and ``second``, in the shapes of the arrays."""
    if optimizer == AVERAGE:
        return {}
    arrays, floor = to_arrays(network), np.float32(settings.tau**2)
    return {
        "first": tuple(np.zeros_like(array) for array in arrays),
        "second": tuple(np.full_like(array, floor) for array in arrays),
    }


def server_update(
    optimizer: str, server: ServerState, average: Average, settings: FederateSettings
) -> tuple[Network, ArrayGroups]:
    """The next network and moments, of the present ones and the cohort's average, in their shapes.

    Source: algorithm 2 of Reddi et al.; what nobody of the cohort kept stays as it is.
    """
    mean = average.mean()
    if optimizer == AVERAGE:
        return from_arrays(mean), server.extra
    beta1, beta2 = np.float32(settings.first_moment), np.float32(settings.beta2)
    rate, tau = np.float32(settings.server_rate), np.float32(settings.tau)
    new = []
    moments = server.extra["first"], server.extra["second"]
    parts = zip(to_arrays(server.network), *moments, mean, average.orphans, strict=True)
    for weights, first, second, target, orphan in parts:
        difference = target - weights
        m = beta1 * first + (1 - beta1) * difference
        v = SECOND_MOMENTS[optimizer](second, difference**2, beta2)
        moved = weights + rate * m / (np.sqrt(v) + tau)
        old_and_new = ((weights, moved), (first, m), (second, v))
        new.append([np.where(orphan, *pair) for pair in old_and_new])
    network, first_moments, second_moments = zip(*new, strict=True)
    return from_arrays(network), {"first": first_moments, "second": second_moments}
