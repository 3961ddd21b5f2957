"""Slow, obvious oracles: plain lists and loops, one entry at a time.

The engine must agree with these. They share no code with it, and no cleverness.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.networks.convolution import Convolution
from engine.networks.network import Network

Vector = list[float]
Matrix = list[Vector]
Flags = list[bool]
Sparsity = float | Sequence[float]
"""One for all layers, or one for each."""


@dataclass
class PlainLayer:
    kernel: Matrix
    bias: Vector
    place: tuple[int, int, int, int, int] | None = None
    """Of a convolution: height, width, channels, side of the window, side of the pooled squares."""


def plain(network: Network) -> list[PlainLayer]:
    return [
        PlainLayer(x.kernel.tolist(), x.bias.tolist(), _place(x.convolution))
        for x in network.layers
    ]


def count(size: int, sparsity: float) -> int:
    """The floor of size * sparsity, sparsity in steps of 0.00001."""
    return size * round(sparsity * 100_000) // 100_000


def lowest(scores: Sequence[float], n: int) -> set[int]:
    """Indices of the n lowest scores; of equal ones the lower index."""
    order = sorted((score, index) for index, score in enumerate(scores))
    return {index for _, index in order[:n]}


def _of_layer(sparsity: Sparsity, index: int) -> float:
    return sparsity if isinstance(sparsity, int | float) else sparsity[index]


def lowest_share(layers: list[Vector], sparsity: Sparsity, scope: str) -> list[Flags]:
    """Flags of the lowest share, in each layer or over all of them."""
    if scope == "layer":
        chosen = [
            lowest(scores, count(len(scores), _of_layer(sparsity, i)))
            for i, scores in enumerate(layers)
        ]
        return [[i in c for i in range(len(s))] for s, c in zip(layers, chosen, strict=True)]
    together = [score for scores in layers for score in scores]
    chosen_of_all = lowest(together, count(len(together), _of_layer(sparsity, 0)))
    return _cut([i in chosen_of_all for i in range(len(together))], layers)


def prunable(layers: list[PlainLayer]) -> list[PlainLayer]:
    """Behind a convolution the output layer's weights may go too."""
    return layers if any(layer.place for layer in layers) else layers[:-1]


def pruned_weights(layers: list[PlainLayer], sparsity: float, scope: str) -> list[Flags]:
    """For each prunable kernel, flattened row by row: which entries weight pruning zeroes."""
    flat = [[abs(w) for row in layer.kernel for w in row] for layer in prunable(layers)]
    return lowest_share(flat, sparsity, scope)


def pruned_biases(layers: list[PlainLayer], sparsity: float, scope: str) -> list[Flags]:
    """For each prunable bias: which entries weight pruning zeroes under the bias rule `pruned`."""
    magnitudes = [[abs(b) for b in layer.bias] for layer in prunable(layers)]
    return lowest_share(magnitudes, sparsity, scope)


def norms(layer: PlainLayer, norm: str) -> Vector:
    columns = list(zip(*layer.kernel, strict=True))
    if norm == "l1":
        return [math.fsum(abs(w) for w in column) for column in columns]
    return [math.sqrt(math.fsum(w * w for w in column)) for column in columns]


def dead_units(layers: list[PlainLayer], sparsity: Sparsity, scope: str, norm: str) -> list[Flags]:
    """For each hidden layer: which units unit pruning zeroes."""
    scores = [norms(layer, norm) for layer in layers[:-1]]
    if scope == "layer":
        return lowest_share(scores, sparsity, scope)
    spared = {(i, max(range(len(s)), key=lambda u, s=s: (s[u], u))) for i, s in enumerate(scores)}  # type: ignore[misc]
    ranked = sorted((s, i, u) for i, layer in enumerate(scores) for u, s in enumerate(layer))
    rivals = [(i, u) for _, i, u in ranked if (i, u) not in spared]
    dead = set(rivals[: count(len(ranked), _of_layer(sparsity, 0))])
    return [[(i, u) in dead for u in range(len(layer))] for i, layer in enumerate(scores)]


def zero_units(layers: list[PlainLayer], dead: list[Flags], bias: str) -> list[PlainLayer]:
    """Unit pruning in full size."""
    done = [
        PlainLayer(
            [[0.0 if d else w for w, d in zip(row, flags, strict=True)] for row in layer.kernel],
            [0.0 if d and bias == "pruned" else b for b, d in zip(layer.bias, flags, strict=True)],
            layer.place,
        )
        for layer, flags in zip(layers, dead, strict=False)
    ]
    return [*done, layers[-1]]


def hybrid(
    layers: list[PlainLayer], sparsity: Sparsity, scope: str, bias: str, norm: str, share: float
) -> list[PlainLayer]:
    """Hybrid pruning, told step by step; the result in full size."""
    levels = [_of_layer(sparsity, i) for i in range(len(prunable(layers)))]
    first = [round(level * share * 100_000) / 100_000 for level in levels]
    dead = dead_units(layers, first, scope, norm)
    net = zero_units(layers, dead, bias)
    zeroed = [[[False] * len(row) for row in layer.kernel] for layer in prunable(net)]
    for i, flags in enumerate(dead):  # the first layer first: its constants move forward
        for unit, is_dead in enumerate(flags):
            if is_dead:
                _retire(net, zeroed, i, unit)
    _zero_weights(net, zeroed, levels, scope)
    if bias == "pruned":
        alive = [[False] * len(layer.bias) for layer in prunable(net)[len(dead) :]]
        _zero_biases(net, dead + alive, levels, scope)
    return net


def forward(layers: list[PlainLayer], image: Vector) -> Vector:
    """The logits of one image."""
    values = image
    for index, layer in enumerate(layers):
        if layer.place:
            values = convolved(layer, values)
            continue
        columns = zip(*layer.kernel, strict=True)
        sums = [
            math.fsum(v * w for v, w in zip(values, column, strict=True)) + b
            for column, b in zip(columns, layer.bias, strict=True)
        ]
        values = sums if index == len(layers) - 1 else [max(s, 0.0) for s in sums]
    return values


def convolved(layer: PlainLayer, image: Vector) -> Vector:
    """What a convolution with ReLU and pooling writes for one image, one place after the other."""
    assert layer.place
    height, width, channels, window, pool = layer.place

    def at(row: int, column: int, unit: int) -> float:
        """One value before pooling."""
        total = layer.bias[unit]
        for i, j, c in itertools.product(range(window), range(window), range(channels)):
            pixel = image[((row + i) * width + column + j) * channels + c]
            total += pixel * layer.kernel[(i * window + j) * channels + c][unit]
        return max(total, 0.0)

    square = list(itertools.product(range(pool), range(pool)))
    return [
        max(at(row * pool + i, column * pool + j, unit) for i, j in square)
        for row in range((height - window + 1) // pool)
        for column in range((width - window + 1) // pool)
        for unit in range(len(layer.bias))
    ]


def shrunk_widths(layers: list[PlainLayer]) -> list[int]:
    """Hidden widths after removing one unit at a time until nothing more can go."""
    net = [PlainLayer([list(row) for row in x.kernel], list(x.bias), x.place) for x in layers]
    while _remove_one(net):
        pass
    return [len(layer.bias) for layer in net[:-1]]


def cross_entropy(logits: Vector, label: int) -> float:
    top = max(logits)
    return math.log(math.fsum(math.exp(x - top) for x in logits)) + top - logits[label]


def _place(where: Convolution | None) -> tuple[int, int, int, int, int] | None:
    if where is None:
        return None
    return where.height, where.width, where.channels, where.window, where.pool


def rows_of(unit: int, layer: PlainLayer, reader: PlainLayer) -> range:
    """The reader's rows for what a unit writes: one, or of a filter one for each place."""
    return range(unit, len(reader.kernel), len(layer.bias))


def _cut(flags: Flags, like: list[Vector]) -> list[Flags]:
    parts, start = [], 0
    for layer in like:
        parts.append(flags[start : start + len(layer)])
        start += len(layer)
    return parts


def _retire(net: list[PlainLayer], zeroed: list[list[Flags]], i: int, unit: int) -> None:
    """Move a dead unit's constant into the next bias; zero its bias, column and outgoing rows."""
    constant = max(net[i].bias[unit], 0.0)
    reader = net[i + 1]
    for r in rows_of(unit, net[i], reader):
        reader.bias = [b + constant * w for b, w in zip(reader.bias, reader.kernel[r], strict=True)]
        if i + 1 < len(zeroed):  # never a row of a dense network's output kernel
            zeroed[i + 1][r] = [True] * len(zeroed[i + 1][r])
            reader.kernel[r] = [0.0] * len(reader.kernel[r])
    net[i].bias[unit] = 0.0
    for row in zeroed[i]:
        row[unit] = True


def _zero_weights(
    net: list[PlainLayer], zeroed: list[list[Flags]], levels: Sequence[float], scope: str
) -> None:
    """Zero live weights until the share, dead entries included, is reached."""
    layers = range(len(zeroed))
    for group in [[i] for i in layers] if scope == "layer" else [list(layers)]:
        places = [
            (i, r, c) for i in group for r, row in enumerate(net[i].kernel) for c in range(len(row))
        ]
        live = [(i, r, c) for i, r, c in places if not zeroed[i][r][c]]
        more = max(count(len(places), levels[group[0]]) - (len(places) - len(live)), 0)
        for index in lowest([abs(net[i].kernel[r][c]) for i, r, c in live], more):
            i, r, c = live[index]
            net[i].kernel[r][c] = 0.0


def _zero_biases(
    net: list[PlainLayer], dead: list[Flags], levels: Sequence[float], scope: str
) -> None:
    """Zero live biases until the share, those of dead units included, is reached."""
    layers = range(len(dead))
    for group in [[i] for i in layers] if scope == "layer" else [list(layers)]:
        places = [(i, u) for i in group for u in range(len(dead[i]))]
        live = [(i, u) for i, u in places if not dead[i][u]]
        more = max(count(len(places), levels[group[0]]) - (len(places) - len(live)), 0)
        for index in lowest([abs(net[i].bias[u]) for i, u in live], more):
            i, u = live[index]
            net[i].bias[u] = 0.0


def _remove_one(net: list[PlainLayer]) -> bool:
    """Silence a constant unit, remove an unread one or, if it is its layer's last, unplug it."""
    for layer, reader in itertools.pairwise(net):
        for unit, b in enumerate(layer.bias):
            constant = not any(row[unit] for row in layer.kernel)
            rows = rows_of(unit, layer, reader)
            unread = not any(w for r in rows for w in reader.kernel[r])
            if constant and not unread:
                _silence(reader, rows, max(b, 0.0))
            elif unread and len(layer.bias) > 1:
                _delete(layer, unit, reader, rows)
            elif unread and not constant:
                layer.kernel[:] = [[0.0] for _ in layer.kernel]
            else:
                continue
            return True
    return False


def _silence(reader: PlainLayer, rows: range, constant: float) -> None:
    for r in rows:
        pairs = zip(reader.bias, reader.kernel[r], strict=True)
        reader.bias = [x + constant * w for x, w in pairs]
        reader.kernel[r] = [0.0] * len(reader.bias)


def _delete(layer: PlainLayer, unit: int, reader: PlainLayer, rows: range) -> None:
    for r in reversed(rows):
        del reader.kernel[r]
    del layer.bias[unit]
    for row in layer.kernel:
        del row[unit]


def as_arrays(layers: list[PlainLayer]) -> list[np.ndarray]:
    """Kernel, bias, kernel, bias, … in float32."""
    return [np.asarray(a, np.float32) for layer in layers for a in (layer.kernel, layer.bias)]
