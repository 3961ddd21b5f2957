"""How long the rounds of a finished run would take over other links and on other computers.

Bytes and images of every client are on record, so time is a function of the record and of the
links: nothing is trained again. What the clients learned stays as it was, also of a client that a
deadline would have cut off; a replay tells time, not accuracy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.checks import real
from engine.federated.history import Row, Rows

SLOW_STREAM = 0x51_0E


@dataclass(frozen=True, slots=True)
class Link:
    """A connection: Mbit/s towards the client and away from it, milliseconds there and back."""

    down: float
    up: float
    delay: float = 50.0

    def __post_init__(self) -> None:
        """Raise InvalidInput where a figure cannot be."""
        speed = "a number from 0.001 to 100000 Mbit/s"
        real("download", self.down, 0.001, 100_000, allowed=speed)
        real("upload", self.up, 0.001, 100_000, allowed=speed)
        real("delay", self.delay, 0, 100_000, allowed="a number from 0 to 100000 ms")


LINKS: Mapping[str, Link] = {
    "3g": Link(1.0, 0.4, 150),
    "lte": Link(12.0, 3.0, 50),
    "dsl": Link(20.0, 2.0, 30),
    "fibre": Link(100.0, 100.0, 10),
}
"""Illustrative links, slow to fast; only fibre sends as fast as it receives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """The clients' computers.

    Attributes:
        speed: training images per second of the whole network; a network without its pruned units
            is faster in proportion.
        slow: share of the clients that are slower.
        slower: how many times slower they are, in computing and on the link.
        deadline: seconds after which a round goes on without those who are missing; 0 for none.
        seed: decides which clients are the slow ones.
    """

    speed: float = 500.0
    slow: float = 0.0
    slower: float = 4.0
    deadline: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Raise InvalidInput where a figure cannot be."""
        real("images per second", self.speed, 0.1, 1e7, allowed="a number from 0.1 to 10000000")
        real("slow clients", self.slow, 0, 1, allowed="a share from 0 to 1")
        real("slower by", self.slower, 1, 1000, allowed="a number from 1 to 1000")
        real("deadline", self.deadline, 0, 1e7, allowed="0 for none, or seconds")

    def factors(self, clients: int) -> list[float]:
        """How many times slower each client is than the fast ones."""
        rng = np.random.default_rng((self.seed, SLOW_STREAM))
        chosen = set(rng.permutation(clients)[: round(self.slow * clients)].tolist())
        return [self.slower if client in chosen else 1.0 for client in range(clients)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A client in a round: seconds that it downloads, computes and uploads, one after the other.

    Attributes:
        client: its number.
        down, compute, up: seconds.
        answered: whether the client ever answered in the run.
        late: whether it would miss the deadline.
    """

    client: int
    down: float
    compute: float
    up: float
    answered: bool
    late: bool

    @property
    def total(self) -> float:
        """Seconds until the server has its upload."""
        return self.down + self.compute + self.up


@dataclass(frozen=True, slots=True)
class ReplayedRound:
    """A round: when it begins and how long it takes, in seconds, and its clients."""

    round: int
    begin: float
    seconds: float
    slots: tuple[Slot, ...]

    @property
    def end(self) -> float:
        """Seconds from the start of the run to the end of the round."""
        return self.begin + self.seconds


def replay(
    rounds: Rows, link: Link, fleet: Fleet, *, clients: int, epochs: int
) -> list[ReplayedRound]:
    """The rounds over that link: each takes as long as its slowest client, or the deadline.

    Args:
        rounds: as recorded.
        link: of every client; slow clients have a slower one.
        fleet: their computers, and the deadline.
        clients: how many there are.
        epochs: passes over its images that a client makes in a round.
    """
    factors = fleet.factors(clients)
    replayed, begin = [], 0.0
    for row in rounds:
        slots = tuple(_slot(c, link, fleet, factors[c["client"]], epochs) for c in row["clients"])
        late = any(slot.late for slot in slots)
        if late or (fleet.deadline and not all(slot.answered for slot in slots)):
            seconds = fleet.deadline
        else:
            seconds = max((slot.total for slot in slots), default=0.0)
        replayed.append(ReplayedRound(int(row["round"]), begin, seconds, slots))
        begin += seconds
    return replayed


def late_share(replayed: Sequence[ReplayedRound]) -> float:
    """Share of all clients' rounds that would have missed the deadline."""
    slots = [slot for each in replayed for slot in each.slots]
    return sum(slot.late for slot in slots) / len(slots) if slots else 0.0


def _slot(client: Row, link: Link, fleet: Fleet, factor: float, epochs: int) -> Slot:
    answered = client["accuracy_after"] is not None
    down = _transfer(client["bytes_down"], link.down, link.delay) * factor
    up = _transfer(client["bytes_up"], link.up, link.delay) * factor if answered else 0.0
    work = epochs * client["samples"] * client["macs"] / fleet.speed
    compute = work * factor if answered else 0.0
    late = 0 < fleet.deadline < down + compute + up
    return Slot(
        client=client["client"], down=down, compute=compute, up=up, answered=answered, late=late
    )


def _transfer(count: int, megabits: float, delay: float) -> float:
    """Seconds for so many bytes: half of the delay there and back, then the bits."""
    return delay / 2000 + 8 * count / (megabits * 1e6) if count else 0.0
