"""A federated round against Keras `fit` for each client, and with half of the units removed.

Ten clients of 500 training images each, one local epoch, batches of 10, momentum SGD, the dense
network. Keras keeps one compiled model and starts its momentum anew for each client. Our round also
measures every client before and after, encodes and decodes every message, averages, and measures
the server's network on all test images.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.baseline import home
from benchmarks.table import row, timed, title, verdict
from engine.datasets import Dataset, load, normalised
from engine.federated import rounds
from engine.federated.federation import Federation
from engine.federated.masks import ClientMasks
from engine.federated.owned import owners_of
from engine.federated.reports import RoundReport
from engine.federated.state import ServerState, pack_masks
from engine.settings import FederateSettings

REPEATS = 3
SETTINGS = FederateSettings(
    algorithm="fedavg",
    clients=10,
    fraction=1.0,
    rounds=1,
    local_epochs=1,
    batch_size=10,
    split="labels",
    samples=625,  # a fifth validates: 500 are trained with
    momentum=0.5,
)


class Memory(dict[tuple[int, int], bytes]):
    """A store of what clients keep."""

    def load(self, client: int, version: int) -> bytes:
        return self[client, version]

    def save(self, client: int, version: int, data: bytes) -> None:
        self[client, version] = data


def federation(data: Dataset, settings: FederateSettings) -> Federation:
    from engine.local_training import LocalTrainer  # noqa: PLC0415  # TensorFlow

    owners = owners_of(data, settings)
    learner = LocalTrainer(data, settings, most=owners.largest)
    return Federation(settings, data, owners, learner, Memory())


def one_round(made: Federation, state: ServerState) -> RoundReport:
    """The round after that state."""
    return next(r for r in rounds.run(made, resume=state) if isinstance(r, RoundReport))


def keras_round(made: Federation) -> Callable[[], None]:
    """A round of `fit` calls."""
    from engine import keras_model  # noqa: PLC0415  # isort: skip  # silences TensorFlow
    import tf_keras as keras  # noqa: PLC0415

    model = keras_model.from_network(made.initial)
    rate, momentum = made.settings.learning_rate, made.settings.momentum
    optimizer = keras.optimizers.SGD(rate, momentum=momentum)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer, loss)
    weights = model.get_weights()
    images = normalised(made.dataset.x_train)

    def work() -> None:
        for client in range(made.settings.clients):
            rows = made.owners.of(client).train
            model.set_weights(weights)
            for variable in optimizer.variables:
                variable.assign(np.zeros(variable.shape, variable.dtype.as_numpy_dtype))
            size = made.settings.batch_size
            model.fit(images[rows], made.owners.y_train[rows], batch_size=size, verbose=0)

    return work


def half_of_the_units(made: Federation) -> ServerState:
    """A state in which every client keeps half of the units of each layer."""
    rng = np.random.default_rng(0)
    full = made.full
    for client in range(made.settings.clients):
        halves = (rng.permutation(np.arange(u.size) % 2 == 0) for u in full.units)
        masks = ClientMasks(full.weights, tuple(halves))
        made.store.save(client, 1, pack_masks(masks))
    start = made.start()
    return ServerState(0, start.network, start.moments, np.ones(made.settings.clients, np.int64))


def main() -> None:
    title("Federated round: 10 clients x 500 images x 1 epoch, batch 10, dense network")
    with home():
        data = load("mnist")
        dense = federation(data, SETTINGS)
        fit, start = keras_round(dense), dense.start()
        pruned = replace(SETTINGS, algorithm="sub-fedavg", pruning="structured", target=0.5)
        small = federation(data, pruned)
        halves = half_of_the_units(small)
        sides = (fit, lambda: one_round(dense, start), lambda: one_round(small, halves))
        times = [[timed(side)[0] for side in sides] for _ in range(REPEATS + 1)][1:]
    keras, ours, shrunk = np.median(times, axis=0)
    row("Keras fit for each client, median of 3", f"{keras:.2f} s")
    row("our round, measured and encoded, median of 3", f"{ours:.2f} s")
    verdict("ratio", keras / ours, 3, unit="times", at_least=True)
    row("the same with half of the units removed", f"{shrunk:.2f} s")
    verdict("ratio to the full round", ours / shrunk, 3, unit="times", at_least=True)


if __name__ == "__main__":
    main()
