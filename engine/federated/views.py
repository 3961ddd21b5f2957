"""Small pictures of what is kept: a kernel becomes a few dozen squares of one byte each."""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.arrays import IntArray
from engine.federated.masks import ClientMasks

SIDE = 48
SMALL_SIDE = 24
"""Squares along an edge; fewer where there are many clients."""

MANY = 12

Picture = npt.NDArray[np.uint8]


def shares(values: npt.NDArray[np.generic], side: int, *, most: float = 1.0) -> Picture:
    """A matrix as at most `side` x `side` means, 255 standing for `most`."""
    rows, columns = (_edges(n, side) for n in values.shape)
    sums = np.add.reduceat(values.astype(np.float32), rows[:-1], axis=0)
    sums = np.add.reduceat(sums, columns[:-1], axis=1)
    return _levels(sums, rows, columns, most)


def kept_shares(masks: ClientMasks, layer: int, side: int) -> Picture:
    """`shares` of a client's kernel; of one that only lacks units without building it."""
    if not masks.whole[layer]:
        return shares(masks.kernels()[layer], side)
    ends = masks.ends(layer)
    rows, columns = (_edges(len(each), side) for each in ends)
    counts = (
        np.add.reduceat(each.astype(np.float32), edges[:-1])
        for each, edges in zip(ends, (rows, columns), strict=True)
    )
    return _levels(np.outer(*counts), rows, columns, 1.0)


def _edges(size: int, side: int) -> IntArray:
    return np.linspace(0, size, min(size, side) + 1).astype(np.int64)


def _levels(
    sums: npt.NDArray[np.floating[Any]], rows: IntArray, columns: IntArray, most: float
) -> Picture:
    areas = np.outer(np.diff(rows), np.diff(columns))
    levels: Picture = np.rint(sums / areas * (255 / max(most, 1e-9))).astype(np.uint8)
    return levels


def pictures(
    masks: Mapping[int, ClientMasks], keepers: list[npt.NDArray[np.uint16]], uploads: int
) -> bytes:
    """Pictures of a round as .npz bytes: ``client-layer`` and ``keepers-layer``.

    Args:
        masks: of the clients to show.
        keepers: kernel, bias, kernel, … with how many uploads kept each entry.
        uploads: how many there were.
    """
    side = SIDE if len(masks) <= MANY else SMALL_SIDE
    shown = {
        f"{client}-{layer + 1}": kept_shares(each, layer, side)
        for client, each in masks.items()
        for layer in range(len(each.weights))
    }
    shown |= {
        f"keepers-{layer}": shares(counts, side, most=uploads)
        for layer, counts in enumerate(keepers[::2], 1)
    }
    file = io.BytesIO()
    np.savez_compressed(file, **shown)  # type: ignore[arg-type]
    return file.getvalue()


def load_pictures(data: bytes) -> dict[str, Picture]:
    """The pictures that `pictures` wrote; nothing in them is ever unpickled."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}
