"""Figures about a round's masks: by how many each entry is kept, who is alike, pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.federated import views
from engine.federated.aggregation import Average
from engine.federated.federation import Federation
from engine.federated.overlap import MOST_CLIENTS, Pair, kept_entries, pairs
from engine.federated.reports import ClientRow
from engine.pruning.masks import Masks


@dataclass(frozen=True, slots=True)
class MaskStatistics:
    """Nothing of it where nothing is pruned; see `RoundReport`.

    Attributes:
        orphan_share: share of all parameters that nobody of the cohort kept.
        keepers: for each layer, how many kernel entries are kept by 0, 1, 2, … of the cohort.
        overlap: pairs of clients.
        pictures: of masks and keepers, as .npz bytes.
    """

    orphan_share: float = 0.0
    keepers: tuple[tuple[int, ...], ...] = ()
    overlap: tuple[Pair, ...] = ()
    pictures: bytes = b""


def mask_statistics(
    federation: Federation,
    rows: Sequence[ClientRow],
    shown: Mapping[int, Masks],
    average: Average,
) -> MaskStatistics:
    """Look at the masks of a round's clients.

    Args:
        federation: whose start the masks are compared with.
        rows: of all clients of the round.
        shown: masks of those that get a picture.
        average: of the uploads.
    """
    if not federation.algorithm.prunes:
        return MaskStatistics()
    overlap: tuple[Pair, ...] = ()
    pruned = [row for row in rows if row.client in shown and row.density < 1][:MOST_CLIENTS]
    if len(pruned) >= 2:
        kept = [kept_entries(shown[row.client], federation.by_magnitude) for row in pruned]
        overlap = pairs([row.client for row in pruned], [row.labels for row in pruned], kept)
    if average.uploads == 0:
        return MaskStatistics(overlap=overlap)
    counts = (
        np.bincount(kernel.ravel(), minlength=average.uploads + 1) for kernel in average.counts[::2]
    )
    return MaskStatistics(
        orphan_share=average.orphan_share,
        keepers=tuple(tuple(each.tolist()) for each in counts),
        overlap=overlap,
        pictures=views.pictures(shown, average.counts, average.uploads),
    )
