"""Which layer stands pruning worst? One layer at a K, all others whole."""

from dataclasses import dataclass

from engine.arrays import FloatArray
from engine.explore.question import Question, pruned
from engine.explore.sample import Sample, Turn
from engine.networks.forward import fast_forward
from engine.networks.metrics import evaluate_logits
from engine.networks.network import Network
from engine.pruning.method import method_of
from engine.pruning.prune import Cached
from engine.pruning.shrink import shrink

LEVELS = (0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Accuracy on the sample where one layer is pruned.

    Attributes:
        levels: the K of each column.
        accuracy: a row for each layer that the method prunes.
        whole: the accuracy of the unpruned network.
    """

    levels: tuple[float, ...]
    accuracy: tuple[tuple[float, ...], ...]
    whole: float


def sensitivity(
    network: Network, method: str, sample: Sample, cached: Cached, *, seed: int, turn: Turn
) -> Sensitivity:
    """Prune each layer alone at each of `LEVELS`, ranked inside the layer.

    Args:
        network: the trained one.
        method: how that layer is pruned.
        sample: the images that answer.
        cached: keeps rankings of the network.
        seed: of the random methods.
        turn: called between cells with the share that is done; may raise to stop.
    """
    all_layers = len(network.prunable)
    known = method_of(method)
    rows = len(network.hidden) if known is not None and known.counts_units else all_layers
    cells = []
    for index in range(rows * len(LEVELS)):
        turn(index / (rows * len(LEVELS)))
        layer, level = index // len(LEVELS), LEVELS[index % len(LEVELS)]
        levels = tuple(level if i == layer else 0.0 for i in range(all_layers))
        question = Question(method=method, sparsities=levels, seed=seed)
        cells.append(_accuracy(pruned(network, question, cached).network, sample))
    width = len(LEVELS)
    table = tuple(tuple(cells[i * width : (i + 1) * width]) for i in range(rows))
    return Sensitivity(LEVELS, table, _accuracy(network, sample))


def _accuracy(network: Network, sample: Sample) -> float:
    logits: FloatArray = fast_forward(shrink(network), sample.inputs)
    labels = sample.inputs.labels
    return evaluate_logits(logits, labels, network.output.units).accuracy
