"""Physical removal: pruned units leave the arrays, the outputs stay.

Two facts carry it. A unit whose column is all zero emits the constant c = ReLU(bias), of a filter
at every place and pooled too, so its readers may add ``c * their rows`` to their bias and stop
reading it. And a unit that nobody reads, because its rows in the next kernel are all zero, may go.
Folding can only create constants further on, removal only unread units further back, so one pass
forward and one pass back reach the end.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from engine.arrays import BoolArray
from engine.networks.network import Layer, Network, rows_of_units


def shrink(network: Network) -> Network:
    """The smallest network of the same outputs (to float32 rounding) that removal of units gives.

    Every layer keeps at least one unit; where none is needed, a silent one. Inputs and logits are
    never removed. The argument is not changed; arrays that lose nothing are shared with it.
    """
    return _drop_unread(_fold_constants(network))


def fold(network: Network, dead: Iterable[BoolArray]) -> Network:
    """Move what dead units emit into the next layer's bias; afterwards nobody reads them.

    Args:
        network: its dead units' columns are all zero.
        dead: flags ``(units,)`` of each hidden layer.

    Returns:
        A network of the same shape and outputs: the bias of a dead unit and its rows in the next
        kernel are zero.
    """
    layers = list(network.layers)
    for index, flags in enumerate(dead):
        layers[index], layers[index + 1] = _fold_layer(layers[index], layers[index + 1], flags)
    return Network(tuple(layers))


def _fold_constants(network: Network) -> Network:
    layers = list(network.layers)
    for index in range(len(layers) - 1):
        constant = ~np.any(layers[index].kernel, axis=0)  # seen only now: folding makes new ones
        layers[index], layers[index + 1] = _fold_layer(layers[index], layers[index + 1], constant)
    return Network(tuple(layers))


def _fold_layer(layer: Layer, reader: Layer, constant: BoolArray) -> tuple[Layer, Layer]:
    if not constant.any():
        return layer, reader
    rows = rows_of_units(constant, reader)
    emitted = rows_of_units(np.maximum(layer.bias, 0, dtype=np.float64), reader)[rows]
    bias = reader.bias + emitted @ reader.kernel[rows]  # float64 until it is whole
    kernel = reader.kernel.copy()
    kernel[rows] = 0
    silenced = replace(layer, bias=np.where(constant, np.float32(0), layer.bias))
    return silenced, replace(reader, kernel=kernel, bias=bias.astype(np.float32))


def _drop_unread(network: Network) -> Network:
    layers = list(network.layers)
    for index in reversed(range(len(layers) - 1)):
        rows = np.any(layers[index + 1].kernel, axis=1)
        read = rows.reshape(-1, layers[index].units).any(axis=0)
        layers[index], layers[index + 1] = _keep(layers[index], layers[index + 1], read)
    return Network(tuple(layers))


def _keep(layer: Layer, reader: Layer, units: BoolArray) -> tuple[Layer, Layer]:
    if units.all():
        return layer, reader
    if not units.any():
        # a silent unit stands where a layer has become empty; it reads nothing, so what fed the
        # layer can go too
        zeros = np.zeros((len(layer.kernel), 1), np.float32)
        silent = replace(layer, kernel=zeros, bias=np.zeros(1, np.float32))
        return silent, _reading(reader, np.arange(len(units)) == 0)
    return (
        replace(layer, kernel=np.compress(units, layer.kernel, axis=1), bias=layer.bias[units]),
        _reading(reader, units),
    )


def _reading(reader: Layer, units: BoolArray) -> Layer:
    """The reader of those units only."""
    where = reader.convolution
    return Layer(
        reader.kernel[rows_of_units(units, reader)],
        reader.bias,
        where and replace(where, channels=int(np.count_nonzero(units))),
    )
