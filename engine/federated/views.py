"""Small pictures of what is kept: a kernel becomes a few dozen squares of one byte each."""

import io
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from engine.pruning.masks import Masks

SIDE = 48
SMALL_SIDE = 24
"""Squares along an edge; fewer where there are many clients."""

MANY = 12

Picture = npt.NDArray[np.uint8]


def shares(values: npt.NDArray[np.generic], side: int, *, most: float = 1.0) -> Picture:
    """A matrix as at most `side` x `side` means, 255 standing for `most`."""
    rows, columns = (np.linspace(0, n, min(n, side) + 1).astype(np.int64) for n in values.shape)
    sums = np.add.reduceat(values.astype(np.float32), rows[:-1], axis=0)
    sums = np.add.reduceat(sums, columns[:-1], axis=1)
    areas = np.outer(np.diff(rows), np.diff(columns))
    levels: Picture = np.rint(sums / areas * (255 / max(most, 1e-9))).astype(np.uint8)
    return levels


def pictures(
    masks: Mapping[int, Masks], keepers: list[npt.NDArray[np.uint16]], uploads: int
) -> bytes:
    """Pictures of a round as .npz bytes: ``client-layer`` and ``keepers-layer``.

    Args:
        masks: of the clients to show.
        keepers: kernel, bias, kernel, … with how many uploads kept each entry.
        uploads: how many there were.
    """
    side = SIDE if len(masks) <= MANY else SMALL_SIDE
    shown = {
        f"{client}-{layer + 1}": shares(kernel, side)
        for client, each in masks.items()
        for layer, kernel in enumerate(each.without_cache().kernels)
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
