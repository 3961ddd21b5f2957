"""Who is next: one person's ten runs do not starve another's one.

The owner with the least work, running and recent, goes first; among equals the oldest run.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

RECENT_SECONDS = 600.0
"""Work that ended longer ago no longer counts against its owner."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queued run, as far as the order is concerned."""

    id: str
    owner: str
    created: float


def fair_order(waiting: Sequence[Waiting], load: Mapping[str, int]) -> list[str]:
    """Ids of the waiting runs in the order in which they will be taken.

    Args:
        waiting: all queued runs.
        load: for each owner, the runs that are running or ended recently.
    """
    served = Counter(load)
    left = sorted(waiting, key=lambda run: (run.created, run.id))
    order = []
    while left:
        chosen = min(left, key=lambda run: served[run.owner])  # min keeps the oldest of equals
        served[chosen.owner] += 1
        left.remove(chosen)
        order.append(chosen.id)
    return order
