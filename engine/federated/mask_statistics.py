"""What a round tells about masks: by how many each entry is kept, who is alike, pictures."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.federated import views
from engine.federated.aggregation import Keepers
from engine.federated.federation import Federation
from engine.federated.masks import ClientMasks
from engine.federated.overlap import MOST_CLIENTS, Pair, kept, pairs
from engine.federated.reports import ClientRow


@dataclass(frozen=True, slots=True)
class Told:
    """Nothing of it where nothing is pruned; see `RoundReport`.

    Attributes:
        keepers: for each layer, how many kernel entries are kept by 0, 1, 2, … of the cohort.
        overlap: pairs of clients.
        pictures: of masks and keepers, as .npz bytes.
    """

    keepers: tuple[tuple[int, ...], ...] = ()
    overlap: tuple[Pair, ...] = ()
    pictures: bytes = b""


def told(
    federation: Federation,
    rows: list[ClientRow],
    shown: Mapping[int, ClientMasks],
    keepers: Keepers,
) -> Told:
    """Look at the masks of a round's clients.

    Args:
        federation: whose start the masks are compared with.
        rows: of all clients of the round.
        shown: masks of those that get a picture.
        keepers: of the uploads.
    """
    if not federation.settings.prunes:
        return Told()
    alike = _overlap(federation, rows, shown)
    if keepers.uploads == 0:
        return Told(overlap=alike)
    pictures = views.pictures(shown, keepers.counts, keepers.uploads)
    return Told(_histograms(keepers), alike, pictures)


def _histograms(keepers: Keepers) -> tuple[tuple[int, ...], ...]:
    kernels = keepers.counts[::2]
    counts = (np.bincount(k.ravel(), minlength=keepers.uploads + 1) for k in kernels)
    return tuple(tuple(each.tolist()) for each in counts)


def _overlap(
    federation: Federation, rows: list[ClientRow], shown: Mapping[int, ClientMasks]
) -> tuple[Pair, ...]:
    chosen = [row for row in rows if row.client in shown and row.density < 1]
    chosen = chosen[:MOST_CLIENTS]
    if len(chosen) < 2:
        return ()
    masks = [kept(shown[row.client], federation.by_magnitude) for row in chosen]
    clients, labels = zip(*((row.client, row.labels) for row in chosen), strict=True)
    return pairs(clients, labels, masks)
