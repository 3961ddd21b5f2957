"""What the server does with the average: take it, or follow it with Adam, Yogi or Adagrad.

Adaptive ones as in Reddi et al., "Adaptive Federated Optimization" (arXiv 2003.00295, algorithm 2),
without bias correction and with v starting at tau squared. With masks, a parameter that nobody of
the cohort kept has no difference to follow: it and its moments stay as they are.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import FloatArray
from engine.federated.aggregation import Average
from engine.federated.state import ArrayGroups, ServerState
from engine.networks.network import Network, from_arrays, to_arrays
from engine.settings.declare import Declared, option
from engine.settings.values import Maybe, Real


@dataclass(frozen=True, kw_only=True)
class ServerOptimizer(Declared, ABC):
    """What the server makes of the average of the uploads.

    Attributes:
        name: as in JSON and on a command line.
    """

    name: ClassVar[str]

    def init(self, network: Network) -> ArrayGroups:
        """What it has before the first round, of the server's network."""
        del network
        return {}

    @abstractmethod
    def update(self, server: ServerState, average: Average) -> tuple[Network, ArrayGroups]:
        """The server's next network, and what the optimizer goes on with."""


@dataclass(frozen=True, kw_only=True)
class TakeAverage(ServerOptimizer):
    """The average is the next network."""

    name: ClassVar[str] = "average"

    def update(self, server: ServerState, average: Average) -> tuple[Network, ArrayGroups]:
        """The average."""
        return from_arrays(average.mean()), server.extra


@dataclass(frozen=True, kw_only=True)
class Adaptive(ServerOptimizer):
    """A step towards the average, as long as its moments say.

    Attributes:
        usual: the first moment where nobody says otherwise.
    """

    usual: ClassVar[float] = 0.9

    rate: float = option(
        0.01,
        Real(0, 10, above=True),
        name="server_rate",
        label="Step of the server",
        help="Step of an adaptive server (Reddi et al., arXiv 2003.00295).",
    )
    beta1: float | None = option(
        None,
        Maybe(Real(0, 0.9999, step=0.1)),
        label="Server: first moment",
        help="What an adaptive server keeps of its last step: 0 for Adagrad, 0.9 for the others.",
    )
    tau: float = option(
        0.001,
        Real(0, 10, above=True, step=0.001),
        label="Server: floor",
        help="What is added to the root of an adaptive server's second moment.",
    )

    @property
    def first_moment(self) -> float:
        """The factor of the first moment."""
        return self.usual if self.beta1 is None else self.beta1

    def _settle(self) -> None:
        if self.beta1 == self.usual:
            self._set("beta1", None)

    @abstractmethod
    def second_moment(self, v: FloatArray, square: FloatArray) -> FloatArray:
        """The next second moment, of the present one and the squared difference, of any shape."""

    def init(self, network: Network) -> ArrayGroups:
        """Both moments, one of each for each parameter array."""
        arrays, floor = to_arrays(network), np.float32(self.tau**2)
        return {
            "first": tuple(np.zeros_like(array) for array in arrays),
            "second": tuple(np.full_like(array, floor) for array in arrays),
        }

    def update(self, server: ServerState, average: Average) -> tuple[Network, ArrayGroups]:
        """The next network and moments, of the present ones and the cohort's average."""
        beta1, rate, tau = (np.float32(each) for each in (self.first_moment, self.rate, self.tau))
        new = []
        moments = server.extra["first"], server.extra["second"]
        arrays = to_arrays(server.network), *moments, average.mean(), average.orphans
        for weights, first, second, target, orphan in zip(*arrays, strict=True):
            difference = target - weights
            m = beta1 * first + (1 - beta1) * difference
            v = self.second_moment(second, difference**2)
            moved = weights + rate * m / (np.sqrt(v) + tau)
            old_and_new = ((weights, moved), (first, m), (second, v))
            new.append([np.where(orphan, *pair) for pair in old_and_new])
        network, first_moments, second_moments = zip(*new, strict=True)
        return from_arrays(network), {"first": first_moments, "second": second_moments}


@dataclass(frozen=True, kw_only=True)
class Adam(Adaptive):
    """The second moment forgets at a constant rate."""

    name: ClassVar[str] = "adam"

    beta2: float = option(
        0.99,
        Real(0, 0.9999, step=0.01),
        label="Server: second moment",
        help="What Adam and Yogi keep of the squares; Adagrad sums them up.",
    )

    def second_moment(self, v: FloatArray, square: FloatArray) -> FloatArray:
        """The moving average of the squares."""
        beta2 = np.float32(self.beta2)
        return beta2 * v + (1 - beta2) * square


@dataclass(frozen=True, kw_only=True)
class Yogi(Adam):
    """The second moment moves by the square alone, whatever it is."""

    name: ClassVar[str] = "yogi"

    def second_moment(self, v: FloatArray, square: FloatArray) -> FloatArray:
        """Towards the squares, in steps of their own size."""
        step: FloatArray = (1 - np.float32(self.beta2)) * square * np.sign(v - square)
        return v - step


@dataclass(frozen=True, kw_only=True)
class Adagrad(Adaptive):
    """The second moment sums up.

    Its first moment is always written: it was 0.9 once, and a run of that time has another id than
    one of the published 0.
    """

    name: ClassVar[str] = "adagrad"
    usual: ClassVar[float] = 0.0

    def _settle(self) -> None:
        self._set("beta1", self.first_moment)

    def second_moment(self, v: FloatArray, square: FloatArray) -> FloatArray:
        """The sum of the squares."""
        return v + square


SERVER_OPTIMIZERS: Mapping[str, type[ServerOptimizer]] = {
    each.name: each for each in (TakeAverage, Adam, Yogi, Adagrad)
}
