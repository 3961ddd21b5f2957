"""What all ways to split share: poor clients, unequal amounts, and what is told of the result.

Every split gives each row to at most one client; `Split.left_out` says how many nobody has. Chance
may leave clients with fewer images than anybody can train with: `Split.filled` says how many were
given some of the others', `Split.left_out_clients` how many own nothing and never take part.
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import IntArray, LabelArray
from engine.checks import refuse
from engine.federated.rng import Purpose, generator
from engine.notices import Notice
from engine.settings import FederateSettings
from engine.settings.declare import option
from engine.settings.federate import SplitSettings
from engine.settings.values import Whole

FEWEST = 2
"""A client has at least one image to train with and one to validate with."""

MOST_TOLD = 200
"""Clients whose label counts are told."""

EACH = option(
    2,
    Whole(1, 256),
    label="Labels or shards of each client",
    help="How many labels, or shards, each client owns.",
)


@dataclass(frozen=True, kw_only=True)
class Partitioner(SplitSettings):
    """One way to cut the training images among the clients, with its settings."""

    @abstractmethod
    def deal(
        self, labels: LabelArray, classes: int, clients: int, rng: np.random.Generator
    ) -> list[IntArray]:
        """The rows of each client, every row at most once; ``labels`` are ``(n,)``.

        Raises:
            InvalidInput: the images cannot be dealt in this way.
        """

    def help_poor(self, parts: list[IntArray], rng: np.random.Generator) -> list[IntArray]:
        """Give clients with fewer than two images some of the others', drawn from all at random.

        Nobody gives so many that fewer than two are left. `parts` are the clients' rows, each
        ``(n,)``.
        """
        sizes = np.array([len(part) for part in parts])
        owners = np.repeat(np.arange(len(parts)), sizes)
        rows, poor = np.concatenate(parts), np.flatnonzero(sizes < FEWEST)
        receivers = np.repeat(poor, FEWEST - sizes[poor]).tolist()
        for index in rng.permutation(len(rows)):
            giver = owners[index]
            if not receivers:
                break
            if sizes[giver] > FEWEST:
                sizes[giver] -= 1
                owners[index] = receivers.pop()
        ends = np.cumsum(np.bincount(owners, minlength=len(parts)))
        return np.split(rows[np.argsort(owners, kind="stable")], ends[:-1])


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Rows of the training images, client after client.

    Attributes:
        rows: rows that somebody owns, each once; those of a client are in ascending order.
        ends: ``(clients,)``; client k owns ``rows[ends[k - 1]:ends[k]]``.
        total: number of rows that there were.
        filled: clients that had fewer than `FEWEST` and were given some of the others'.
    """

    rows: IntArray
    ends: IntArray
    total: int
    filled: int = 0

    def of(self, client: int) -> IntArray:
        """Rows of a client, ascending."""
        begin = self.ends[client - 1] if client else 0
        return self.rows[begin : self.ends[client]]

    @property
    def clients(self) -> int:
        """How many clients there are."""
        return len(self.ends)

    @property
    def members(self) -> IntArray:
        """The clients that own images, ascending: nobody else takes part."""
        return np.flatnonzero(np.diff(self.ends, prepend=0))

    @property
    def left_out_clients(self) -> int:
        """Clients that own nothing."""
        return self.clients - len(self.members)

    @property
    def left_out(self) -> int:
        """Rows that no client owns."""
        return self.total - len(self.rows)


def split_clients(labels: LabelArray, classes: int, settings: FederateSettings) -> Split:
    """Cut the rows of `labels` ``(n,)`` among the clients, reproducibly from the seed.

    Of the images that a client is dealt it keeps what the skew and the limit leave, at random.

    Raises:
        InvalidInput: there are not enough images or labels for that many clients.
    """
    if len(labels) < FEWEST * settings.clients:
        allowed = f"at most {len(labels) // FEWEST:,} for {len(labels):,} training images"
        raise refuse("clients", allowed, settings.clients)
    rng = generator(settings.seed, Purpose.SPLIT)
    partitioner = settings.split
    assert isinstance(partitioner, Partitioner)  # noqa: S101  # narrows the type
    dealt = partitioner.deal(np.asarray(labels), classes, settings.clients, rng)
    poor = any(len(part) < FEWEST for part in dealt)
    parts = partitioner.help_poor(dealt, rng) if poor else dealt
    filled = sum(len(had) < FEWEST <= len(has) for had, has in zip(dealt, parts, strict=True))
    rng = generator(settings.seed, Purpose.AMOUNT)
    weights = np.exp(settings.amounts.skew * rng.standard_normal(len(parts)))
    most, kept = settings.amounts.samples or len(labels), []
    for part, share in zip(parts, weights / weights.max(), strict=True):
        count = max(FEWEST, round(min(len(part), most) * share))
        kept.append(np.sort(rng.permutation(part)[:count]))
    ends = np.cumsum([len(part) for part in kept], dtype=np.int64)
    return Split(np.concatenate(kept), ends, len(labels), filled)


def label_counts(split: Split, labels: LabelArray, classes: int) -> IntArray:
    """Images of each label that each client owns: ``(clients, classes)``."""
    owners = np.repeat(np.arange(split.clients), np.diff(split.ends, prepend=0))
    pairs = owners * classes + np.asarray(labels)[split.rows]
    return np.bincount(pairs, minlength=split.clients * classes).reshape(-1, classes)


def label_distance(counts: IntArray) -> float:
    """How non-IID a split is: the share of images that would have to change their label.

    Total variation distance between a client's label shares and those of all clients together,
    averaged over images: 0 where all clients are alike, 0.8 for 2 of 10 labels each.

    Args:
        counts: ``(clients, classes)``, as `label_counts` gives them.
    """
    overall = counts.sum(axis=0) / counts.sum()
    owned = counts.sum(axis=1, keepdims=True)
    distances = np.abs(counts / np.maximum(owned, 1) - overall).sum(axis=1) / 2
    return float((distances * owned[:, 0]).sum() / owned.sum())


def split_to_json(split: Split, labels: LabelArray, classes: int) -> dict[str, Any]:
    """What a page shows of a split: label counts of the first clients, and how non-IID it is."""
    counts = label_counts(split, labels, classes)
    return {
        "clients": split.clients,
        "counts": counts[:MOST_TOLD].tolist(),
        "left_out": split.left_out,
        "filled": split.filled,
        "left_out_clients": split.left_out_clients,
        "label_distance": label_distance(counts),
    }


def notices_of_split(told: Mapping[str, Any]) -> tuple[Notice, ...]:
    """What to say beside the results of a split: silence would mislead.

    Args:
        told: as `split_to_json` makes it; that of older runs says nothing of poor clients.
    """
    clients, notices = told["clients"], []
    if filled := told.get("filled", 0):
        text = f"the split left {filled:,} of {clients:,} clients with fewer than {FEWEST} images"
        text += ": each was given some of the others', by chance"
        notices.append(Notice("clients-filled", text))
    if without := told.get("left_out_clients", 0):
        text = f"{without:,} of {clients:,} clients had fewer than {FEWEST} images"
        text += ": they never take part and are not measured"
        notices.append(Notice("clients-left-out", text))
    return tuple(notices)
