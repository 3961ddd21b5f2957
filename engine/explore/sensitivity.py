"""Which layer stands pruning worst? One layer at a K, all others whole."""

from dataclasses import dataclass

from engine.explore.answers import Sample, Turn
from engine.explore.question import Question, pruned
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
    count, known = len(network.prunable), method_of(method)
    rows = len(network.hidden) if known is not None and known.counts_units else count
    columns, table = len(LEVELS), []
    for layer in range(rows):
        cells = []
        for column, level in enumerate(LEVELS):
            turn((layer * columns + column) / (rows * columns))
            sparsities = tuple(level if i == layer else 0.0 for i in range(count))
            question = Question(method=method, sparsities=sparsities, seed=seed)
            cells.append(_accuracy(pruned(network, question, cached).network, sample))
        table.append(tuple(cells))
    return Sensitivity(LEVELS, tuple(table), _accuracy(network, sample))


def _accuracy(network: Network, sample: Sample) -> float:
    logits = fast_forward(shrink(network), sample.inputs)
    return evaluate_logits(logits, sample.inputs.labels, network.output.units).accuracy
