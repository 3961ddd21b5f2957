"""Who owns which training images: rows of the data set, cut among clients.

Every split gives each row to at most one client; `Split.left_out` says how many nobody has. Chance
may leave clients with fewer images than anybody can train with: `Split.filled` says how many were
given some of the others', `Split.left_out_clients` how many own nothing and never take part.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import IntArray, LabelArray
from engine.checks import refuse
from engine.federated.rng import Purpose, stream
from engine.notices import Notice
from engine.settings import FederateSettings
from engine.settings.federate import MIN_CLIENTS

FEWEST = 2
"""A client has at least one image to train with and one to validate with."""

MOST_TOLD = 200
"""Clients whose label counts are told."""


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

    Raises:
        InvalidInput: there are not enough images or labels for that many clients.
    """
    if len(labels) < FEWEST * settings.clients:
        allowed = f"at most {len(labels) // FEWEST:,} for {len(labels):,} training images"
        raise refuse("clients", allowed, settings.clients)
    rng = stream(settings.seed, Purpose.SPLIT)
    parts = _SPLITS[settings.split](np.asarray(labels), classes, settings, rng)
    poor = sum(len(part) < FEWEST for part in parts)
    parts = _POOR[settings.poor](parts, settings, rng) if poor else parts
    kept = [np.sort(part) for part in _amounts(parts, settings)]
    ends = np.cumsum([len(part) for part in kept], dtype=np.int64)
    filled = poor if settings.poor == "fill" else 0
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
    """
    overall = counts.sum(axis=0) / counts.sum()
    owned = counts.sum(axis=1, keepdims=True)
    distances = np.abs(counts / np.maximum(owned, 1) - overall).sum(axis=1) / 2
    return float((distances * owned[:, 0]).sum() / owned.sum())


def _iid(
    labels: LabelArray, classes: int, settings: FederateSettings, rng: np.random.Generator
) -> list[IntArray]:
    del classes
    return np.array_split(rng.permutation(len(labels)), settings.clients)


def _shards(
    labels: LabelArray, classes: int, settings: FederateSettings, rng: np.random.Generator
) -> list[IntArray]:
    """Rows sorted by label, cut into shards of one size, dealt out by chance (McMahan 2016)."""
    del classes
    each = settings.labels_per_client
    size = min(settings.shard_size, len(labels) // (settings.clients * each))
    if size == 0:
        allowed = f"at most {len(labels) // each:,} for {each} shards each"
        raise refuse("clients", allowed, settings.clients)
    if size * each < FEWEST:
        raise refuse("shard size", f"at least {FEWEST} for {each} shard each", settings.shard_size)
    order = rng.permutation(len(labels))
    by_label = order[np.argsort(labels[order], kind="stable")]
    whole = len(labels) // size
    shards = by_label[: whole * size].reshape(whole, size)
    dealt = rng.permutation(whole)[: settings.clients * each].reshape(settings.clients, each)
    return [shards[own].ravel() for own in dealt]


def _labels(
    labels: LabelArray, classes: int, settings: FederateSettings, rng: np.random.Generator
) -> list[IntArray]:
    """Exactly so many labels each; the images of a label go to its owners in equal parts.

    Only labels that occur are dealt.
    """
    del classes
    present, counts = np.unique(labels, return_counts=True)
    owned = _deal_labels(len(present), settings, rng)
    _check_labels(owned, present, counts, settings)
    parts: list[list[IntArray]] = [[] for _ in range(settings.clients)]
    for label, having in zip(present, owned.T, strict=True):
        owners = np.flatnonzero(having)
        rows = rng.permutation(np.flatnonzero(labels == label))
        for owner, part in zip(owners, np.array_split(rows, max(len(owners), 1)), strict=False):
            parts[owner].append(part)
    return [np.concatenate(part) for part in parts]


def _check_labels(
    owned: np.ndarray, present: LabelArray, counts: IntArray, settings: FederateSettings
) -> None:
    """Refuse labels with too few images for their owners, with a number that is not too many."""
    each = settings.labels_per_client
    least = -(-FEWEST // each)
    if (owned.sum(axis=0) * least <= counts).all():
        return
    rarest = int(counts.argmin())
    told = f"label {present[rarest]} has only {_images(int(counts[rarest]))}"
    # labels are dealt evenly: no label has more owners than a client more than its share
    most = len(present) * (int(counts[rarest]) // least) // each
    if most < MIN_CLIENTS:
        others = ", ".join(name for name in _SPLITS if name != "labels")
        raise refuse("split", f"one of {others}, as {told}", settings.split)
    labels_each = f"{each} label{'s' if each > 1 else ''} each"
    raise refuse("clients", f"at most {most:,} with {labels_each}, as {told}", settings.clients)


def _images(count: int) -> str:
    return f"{count:,} image{'' if count == 1 else 's'}"


def _deal_labels(classes: int, settings: FederateSettings, rng: np.random.Generator) -> np.ndarray:
    """Which client has which label ``(clients, classes)``: the rarest go first, ties by chance."""
    each = settings.labels_per_client
    if each > classes:
        raise refuse("labels per client", f"at most {classes}, as so many labels occur", each)
    owned = np.zeros((settings.clients, classes), bool)
    used = np.zeros(classes, np.int64)
    for client in range(settings.clients):
        order = rng.permutation(classes)
        chosen = order[np.argsort(used[order], kind="stable")[:each]]
        owned[client, chosen] = True
        used[chosen] += 1
    return owned


def _dirichlet(
    labels: LabelArray, classes: int, settings: FederateSettings, rng: np.random.Generator
) -> list[IntArray]:
    """The images of each label in shares drawn from a symmetric Dirichlet distribution."""
    parts: list[list[IntArray]] = [[] for _ in range(settings.clients)]
    for label in range(classes):
        rows = rng.permutation(np.flatnonzero(labels == label))
        shares = rng.dirichlet(np.full(settings.clients, settings.alpha))
        cuts = (np.cumsum(shares)[:-1] * len(rows)).astype(np.int64)
        for part, own in zip(parts, np.split(rows, cuts), strict=True):
            part.append(own)
    return [np.concatenate(part) for part in parts]


_SPLITS: Mapping[str, Callable[..., list[IntArray]]] = {
    "iid": _iid,
    "shards": _shards,
    "labels": _labels,
    "dirichlet": _dirichlet,
}


def _filled(
    parts: list[IntArray], settings: FederateSettings, rng: np.random.Generator
) -> list[IntArray]:
    """Give clients with fewer than two images some of the others', drawn from all by chance.

    Nobody gives so many that fewer than two are left.
    """
    del settings
    sizes = np.array([len(part) for part in parts])
    owners = np.repeat(np.arange(len(parts)), sizes)
    rows, poor = np.concatenate(parts), np.flatnonzero(sizes < FEWEST)
    receivers = np.repeat(poor, FEWEST - sizes[poor]).tolist()
    for place in rng.permutation(len(rows)):
        giver = owners[place]
        if not receivers:
            break
        if sizes[giver] > FEWEST:
            sizes[giver] -= 1
            owners[place] = receivers.pop()
    ends = np.cumsum(np.bincount(owners, minlength=len(parts)))
    return np.split(rows[np.argsort(owners, kind="stable")], ends[:-1])


def _without_poor(
    parts: list[IntArray], settings: FederateSettings, rng: np.random.Generator
) -> list[IntArray]:
    """Leave out clients with fewer than two images, and those that they have."""
    del rng
    kept = [part if len(part) >= FEWEST else part[:0] for part in parts]
    left = sum(map(bool, map(len, kept)))
    if left < MIN_CLIENTS:
        allowed = f"higher, or poor fill, as {left} of {settings.clients:,} clients would be left"
        raise refuse("alpha", allowed, settings.alpha)
    return kept


_POOR: Mapping[str, Callable[..., list[IntArray]]] = {"fill": _filled, "leave-out": _without_poor}
"""What becomes of clients with too few images."""


def _amounts(parts: list[IntArray], settings: FederateSettings) -> list[IntArray]:
    """Keep of each client's images what the skew and the limit leave, drawn by chance."""
    rng = stream(settings.seed, Purpose.AMOUNT)
    weights = np.exp(settings.skew * rng.standard_normal(len(parts)))
    most = settings.samples or np.iinfo(np.int64).max
    sizes = [min(len(part), most) for part in parts]
    shares = weights / weights.max()
    wanted = [max(FEWEST, round(s * w)) for s, w in zip(sizes, shares, strict=True)]
    return [rng.permutation(part)[:count] for part, count in zip(parts, wanted, strict=True)]


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
        told: as `split_to_json` tells it; older splits say nothing of poor clients.
    """
    clients, filled = told["clients"], told.get("filled", 0)
    without = told.get("left_out_clients", 0)
    found = []
    if filled:
        text = f"the split left {filled:,} of {clients:,} clients with fewer than {FEWEST} images"
        text += ": each was given some of the others', by chance"
        found.append(Notice("clients-filled", text))
    if without:
        text = f"{without:,} of {clients:,} clients had fewer than {FEWEST} images"
        text += ": they never take part and are not measured"
        found.append(Notice("clients-left-out", text))
    return tuple(found)
