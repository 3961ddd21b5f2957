"""Physical removal: pruned units leave the arrays, the outputs stay.

Two facts carry it. A unit whose column is all zero emits the constant c = ReLU(bias), of a filter
at every place and pooled too, so its readers may add ``c * their rows`` to their bias and stop
reading it. And a unit that nobody reads, because its rows in the next kernel are all zero, may go.
Folding can only create constants further on, removal only unread units further back, so one pass
forward and one pass back reach the end.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.arrays import BoolArray
from engine.networks.network import Layer, Network, rows_of_units


def shrink(network: Network) -> Network:
    """The smallest network of the same outputs (to float32 rounding) that removal of units gives.

    Every layer keeps at least one unit; where none is needed, a silent one. Inputs and logits are
    never removed. The argument is not changed; arrays that lose nothing are shared with it.
    """
    layers = list(fold(network).layers)
    for index in reversed(range(len(layers) - 1)):
        rows = np.any(layers[index + 1].kernel, axis=1)
        read = rows.reshape(-1, layers[index].units).any(axis=0)
        if not read.all():
            layers[index], layers[index + 1] = _keep(layers[index], layers[index + 1], read)
    return Network(tuple(layers))


def fold(network: Network, dead: Sequence[BoolArray] | None = None) -> Network:
    """Move what dead units emit into the next layer's bias; afterwards nobody reads them.

    Args:
        network: its dead units' columns are all zero.
        dead: flags ``(units,)`` of each hidden layer; without them all units whose columns are
            zero, those too that become so on the way.

    Returns:
        A network of the same shape and outputs: the bias of a dead unit and its rows in the next
        kernel are zero.
    """
    layers = list(network.layers)
    for index in range(len(layers) - 1):
        layer, reader = layers[index], layers[index + 1]
        constant = ~np.any(layer.kernel, axis=0) if dead is None else dead[index]
        if not constant.any():
            continue
        rows = rows_of_units(constant, reader)
        emitted = rows_of_units(np.maximum(layer.bias, 0, dtype=np.float64), reader)[rows]
        bias = reader.bias + emitted @ reader.kernel[rows]  # float64 until it is whole
        kernel = reader.kernel.copy()
        kernel[rows] = 0
        layers[index] = replace(layer, bias=np.where(constant, np.float32(0), layer.bias))
        layers[index + 1] = replace(reader, kernel=kernel, bias=bias.astype(np.float32))
    return Network(tuple(layers))


def _keep(layer: Layer, reader: Layer, units: BoolArray) -> tuple[Layer, Layer]:
    """The layer with those units only, and its reader."""
    if units.any():
        kernel = np.compress(units, layer.kernel, axis=1)
        kept = replace(layer, kernel=kernel, bias=layer.bias[units])
    else:
        # a silent unit stands where a layer has become empty; it reads nothing, so what fed the
        # layer can go too
        kernel = np.zeros((len(layer.kernel), 1), np.float32)
        kept = replace(layer, kernel=kernel, bias=np.zeros(1, np.float32))
        units = np.arange(len(units)) == 0
    where = reader.convolution
    where = where and replace(where, channels=kept.units)
    return kept, Layer(reader.kernel[rows_of_units(units, reader)], reader.bias, where)
