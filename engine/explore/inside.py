"""What a pruned network looks like inside, layer by layer, as arrays for charts and pictures."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.networks.network import Layer, Network
from engine.pruning.prune import Pruned
from engine.pruning.scores import column_norms

BINS = 80
PICTURE_SIDE = 250
"""A kernel is shown with at most so many rows and columns; larger ones in blocks."""


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Weights of a kernel by value.

    Attributes:
        edges: ``(BINS + 1,)``, symmetric around zero.
        kept: ``(BINS,)`` weights that are kept.
        pruned: ``(BINS,)`` weights that went.
        threshold: the largest magnitude that went; None where nothing did.
    """

    edges: npt.NDArray[np.float64]
    kept: IntArray
    pruned: IntArray
    threshold: float | None


def histogram(layer: Layer, kept: BoolArray) -> Histogram:
    """The trained weights of a layer, those that the mask ``(inputs, units)`` keeps apart."""
    top = float(np.abs(layer.kernel).max()) or 1.0
    edges = np.linspace(-top, top, BINS + 1)
    gone = layer.kernel[~kept]
    return Histogram(
        edges,
        np.histogram(layer.kernel[kept], edges)[0],
        np.histogram(gone, edges)[0],
        float(np.abs(gone).max()) if gone.size else None,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Norms:
    """Units of a layer by the L2 norm of their columns, the weakest first.

    Attributes:
        units: which unit stands at each place.
        norms: its norm.
        dead: whether it went.
    """

    units: IntArray
    norms: npt.NDArray[np.float64]
    dead: BoolArray


def norms(network: Network, pruned: Pruned, index: int) -> Norms:
    """The ranked units of a hidden layer, by the norms that they were trained to."""
    (values,) = column_norms([network.hidden[index].kernel], "l2")
    order = np.argsort(values, kind="stable")
    return Norms(order, np.asarray(values[order], np.float64), pruned.dead_units[index][order])


def picture(layer: Layer, kept: BoolArray) -> tuple[FloatArray, FloatArray]:
    """A kernel in blocks ``(rows, columns)``: strength from -1 to 1, kept share from 0 to 1.

    A block's strength is the root mean square of its kept weights with the sign of their sum,
    against the 99th percentile of the magnitudes of all trained weights.

    Args:
        layer: the trained one.
        kept: its mask, ``(inputs, units)``.
    """
    weights = np.where(kept, layer.kernel, np.float32(0))
    step = [-(-side // PICTURE_SIDE) for side in weights.shape]
    share = _blocks(kept.astype(np.float32), step)
    strength = np.sqrt(_blocks(np.square(weights), step) / np.maximum(share, 1e-9))
    top = float(np.quantile(np.abs(layer.kernel), 0.99)) or 1.0
    signed = np.copysign(np.minimum(strength / top, 1), _blocks(weights, step))
    return signed.astype(np.float32), share


def fields(
    network: Network, pruned: Pruned, shape: tuple[int, ...], most: int
) -> tuple[IntArray, FloatArray, BoolArray]:
    """What units of the first layer look at: from the weakest to the strongest, evenly chosen.

    Args:
        network: the trained one.
        pruned: what pruning made of it.
        shape: of an image.
        most: at most so many units.

    Returns:
        The units ``(n,)``; their weights as images ``(n, height, width)`` from -1 to 1 (channels
        are averaged), with zeros in the place of what went from living units; and ``(n,)`` whether
        the unit is dead.
    """
    layer, (values,) = network.layers[0], column_norms([network.layers[0].kernel], "l2")
    order = np.argsort(values, kind="stable")
    chosen = order[np.linspace(0, layer.units - 1, min(most, layer.units)).astype(np.int64)]
    columns = pruned.network.layers[0].kernel[:, chosen]
    dead = ~pruned.masks.kernels[0][:, chosen].any(axis=0)
    seen = np.where(dead, layer.kernel[:, chosen], columns)  # dimmed, but still to be seen
    images = _images(seen.T, field_shape(layer, shape))
    top = np.maximum(np.abs(images).max(axis=(1, 2), keepdims=True), 1e-9)
    return np.asarray(chosen, np.int64), np.asarray(images / top, np.float32), np.asarray(dead)


def field_shape(layer: Layer, image_shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of what a unit of the first layer reads at once."""
    where = layer.convolution
    return (where.window, where.window, where.channels) if where else image_shape


def pixel_shares(pruned: Pruned, shape: tuple[int, ...]) -> FloatArray:
    """Which share of the first layer's connections each pixel still has, ``(height, width)``."""
    kept = pruned.masks.kernels[0].mean(axis=1, dtype=np.float64)
    return np.asarray(_images(kept[np.newaxis].astype(np.float32), shape)[0])


def _images(flat: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    images = flat.reshape(len(flat), *shape)
    return np.asarray(images.mean(axis=3) if images.ndim == 4 else images)


def _blocks(values: FloatArray, step: list[int]) -> FloatArray:
    """Means over blocks of that many rows and columns; smaller ones at the far edges."""
    starts = [np.arange(0, side, width) for side, width in zip(values.shape, step, strict=True)]
    sums = np.add.reduceat(np.add.reduceat(values, starts[0], axis=0), starts[1], axis=1)
    counts = [np.diff([*first, side]) for first, side in zip(starts, values.shape, strict=True)]
    return np.asarray(sums / np.outer(counts[0], counts[1]), np.float32)
