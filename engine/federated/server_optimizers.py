"""What the server does with the average: take it, or follow it with Adam, Yogi or Adagrad.

Adaptive ones as in Reddi et al., "Adaptive Federated Optimization" (arXiv 2003.00295, algorithm 2),
without bias correction and with v starting at tau squared. With masks, a parameter that nobody of
the cohort kept has no difference to follow: it and its moments stay as they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.arrays import BoolArray, FloatArray
from engine.networks.network import Network, from_arrays, to_arrays
from engine.settings import FederateSettings


@dataclass(frozen=True, slots=True)
class Moments:
    """First and second moments of the differences, one for each parameter array; empty: none."""

    first: tuple[FloatArray, ...] = ()
    second: tuple[FloatArray, ...] = ()


def no_moments(network: Network, settings: FederateSettings) -> Moments:
    """The moments before the first round."""
    if settings.optimizer == "average":
        return Moments()
    arrays = to_arrays(network)
    floor = np.float32(settings.tau**2)
    return Moments(
        tuple(np.zeros_like(a) for a in arrays), tuple(np.full_like(a, floor) for a in arrays)
    )


def follow(
    server: Network,
    mean: Network,
    orphans: list[BoolArray],
    moments: Moments,
    settings: FederateSettings,
) -> tuple[Network, Moments]:
    """The next network and moments, of the present ones and the cohort's average."""
    if settings.optimizer == "average":
        return mean, moments
    arrays = zip(to_arrays(server), to_arrays(mean), orphans, strict=True)
    made = [
        _step(*array, first, second, settings)
        for array, first, second in zip(arrays, moments.first, moments.second, strict=True)
    ]
    values, firsts, seconds = zip(*made, strict=True)
    return from_arrays(values), Moments(firsts, seconds)


def _step(
    server: FloatArray,
    mean: FloatArray,
    orphan: BoolArray,
    first: FloatArray,
    second: FloatArray,
    settings: FederateSettings,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    difference = mean - server
    beta = np.float32(settings.first_moment)
    m = beta * first + (1 - beta) * difference
    v = _SECONDS[settings.optimizer](second, difference**2, np.float32(settings.beta2))
    rate, tau = np.float32(settings.server_rate), np.float32(settings.tau)
    moved = server + rate * m / (np.sqrt(v) + tau)
    old_and_new = ((server, moved), (first, m), (second, v))
    kept = [np.where(orphan, old, new) for old, new in old_and_new]
    return kept[0], kept[1], kept[2]


def _adam(v: FloatArray, square: FloatArray, beta: np.float32) -> FloatArray:
    return beta * v + (1 - beta) * square


def _yogi(v: FloatArray, square: FloatArray, beta: np.float32) -> FloatArray:
    followed: FloatArray = v - (1 - beta) * square * np.sign(v - square)
    return followed


def _adagrad(v: FloatArray, square: FloatArray, beta: np.float32) -> FloatArray:
    del beta
    return v + square


_SECONDS: Mapping[str, Callable[[FloatArray, FloatArray, np.float32], FloatArray]] = {
    "adam": _adam,
    "yogi": _yogi,
    "adagrad": _adagrad,
}
