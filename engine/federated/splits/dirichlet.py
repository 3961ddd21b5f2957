"""Label shares drawn from a Dirichlet distribution: from nearly IID to one label each.

Source: Hsu, Qi and Brown, "Measuring the Effects of Non-Identical Data Distribution for Federated
Visual Classification" (arXiv 1909.06335), drawn by label as Yurochkin et al. (arXiv 1905.12022).
"""

from dataclasses import dataclass

import numpy as np

from engine.arrays import IntArray, LabelArray
from engine.checks import refuse
from engine.federated.splits.partition import FEWEST, Partitioner
from engine.settings.declare import option
from engine.settings.federate import MIN_CLIENTS
from engine.settings.values import Choice, Real


@dataclass(frozen=True, kw_only=True)
class Dirichlet(Partitioner):
    """Of each label, clients own shares that chance decides."""

    name = "dirichlet"
    order = 40
    label = "Dirichlet"
    summary = "Of each label, clients own shares drawn from a Dirichlet distribution."

    alpha: float = option(
        0.5,
        Real(0, 1000, above=True, step=0.1),
        label="Alpha",
        help="Of the Dirichlet distribution: 0.1 is very unequal, 100 nearly equal.",
    )
    poor: str = option(
        "fill",
        Choice(("fill", "leave-out"), (("leave-out", "Leave out"),)),
        label="Clients with fewer than 2 images",
        help="Chance may give a client fewer images than it takes to train and to validate: fill "
        "it up with some of the others', drawn by chance, or leave it out of all rounds.",
    )

    @property
    def words(self) -> str:
        """For instance: Dirichlet shares, alpha 0.5."""
        return f"Dirichlet shares, alpha {self.alpha:g}"

    def deal(
        self, labels: LabelArray, classes: int, clients: int, rng: np.random.Generator
    ) -> list[IntArray]:
        """The images of each label in shares drawn from a symmetric Dirichlet distribution."""
        parts: list[list[IntArray]] = [[] for _ in range(clients)]
        for label in range(classes):
            rows = rng.permutation(np.flatnonzero(labels == label))
            shares = rng.dirichlet(np.full(clients, self.alpha))
            cuts = (np.cumsum(shares)[:-1] * len(rows)).astype(np.int64)
            for part, own in zip(parts, np.split(rows, cuts), strict=True):
                part.append(own)
        return [np.concatenate(part) for part in parts]

    def help_poor(self, parts: list[IntArray], rng: np.random.Generator) -> list[IntArray]:
        """Fill them up, or leave them out, and what they have.

        Raises:
            InvalidInput: fewer than two clients would be left.
        """
        if self.poor == "fill":
            return super().help_poor(parts, rng)
        kept = [part if len(part) >= FEWEST else part[:0] for part in parts]
        left = sum(len(part) > 0 for part in kept)
        if left < MIN_CLIENTS:
            allowed = f"higher, or poor fill, as {left} of {len(parts):,} clients would be left"
            raise refuse("alpha", allowed, self.alpha)
        return kept


SPLITS = (Dirichlet,)
