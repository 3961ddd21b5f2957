"""A federated round against Keras `fit` for each client, and with half of the units removed.

Ten clients of 500 training images each, one local epoch, batches of 10, momentum SGD, the dense
network. Keras keeps one compiled model and starts its momentum anew for each client. Training is
compared with training, and a round with a round: both measure every client before and after,
average, and measure the server's network on all test images; ours encodes every message as well.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.baseline import home
from benchmarks.table import row, timed, title, verdict
from engine.arrays import IntArray
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


class KerasClients:
    """One compiled model that becomes each client in turn."""

    def __init__(self, made: Federation) -> None:
        from engine import keras_model  # noqa: PLC0415  # isort: skip  # silences TensorFlow
        import tf_keras as keras  # noqa: PLC0415

        self._made = made
        self._model = keras_model.from_network(made.initial)
        self._weights = self._model.get_weights()
        rate, momentum = made.settings.learning_rate, made.settings.momentum
        self._optimizer = keras.optimizers.SGD(rate, momentum=momentum)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self._model.compile(self._optimizer, loss)
        self._images = normalised(made.dataset.x_train)
        self._unseen = normalised(made.dataset.x_test)

    def fit(self) -> None:
        """Train every client."""
        for client in range(self._made.settings.clients):
            self._fit(client)

    def round(self) -> float:
        """Train and measure every client, average, measure the server; its accuracy."""
        owners, parts, images = self._made.owners, [], 0
        for client in range(self._made.settings.clients):
            owned = owners.of(client)
            self._model.set_weights(self._weights)
            self._score(owned.test)
            self._fit(client)
            self._score(owned.test)
            images += len(owned.train)
            parts.append([len(owned.train) * weights for weights in self._model.get_weights()])
        self._model.set_weights([sum(each) / images for each in zip(*parts, strict=True)])
        return self._score(np.arange(len(self._unseen)))

    def _fit(self, client: int) -> None:
        rows = self._made.owners.of(client).train
        self._model.set_weights(self._weights)
        for variable in self._optimizer.variables:
            variable.assign(np.zeros(variable.shape, variable.dtype.as_numpy_dtype))
        labels = self._made.owners.y_train[rows]
        self._model.fit(
            self._images[rows], labels, batch_size=self._made.settings.batch_size, verbose=0
        )

    def _score(self, rows: IntArray) -> float:
        answers = self._model.predict(self._unseen[rows], batch_size=1000, verbose=0)
        return float((answers.argmax(axis=1) == self._made.dataset.y_test[rows]).mean())


def training(made: Federation, state: ServerState) -> Callable[[], None]:
    """The training of all clients, nothing else of a round."""
    owned = [made.owners.of(client).train for client in range(made.settings.clients)]
    orders = [made.orders(1, client, rows) for client, rows in enumerate(owned)]
    masks = [made.masks(state, client) for client in range(made.settings.clients)]
    networks = [each.apply(state.network) for each in masks]

    def work() -> None:
        for network, each, order in zip(networks, masks, orders, strict=True):
            made.learner.train(network, each, order)

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
        keras, start = KerasClients(dense), dense.start()
        pruned = replace(SETTINGS, algorithm="sub-fedavg", pruning="structured", target=0.5)
        small = federation(data, pruned)
        halves = half_of_the_units(small)
        sides: tuple[Callable[[], object], ...] = (
            keras.fit,
            training(dense, start),
            training(small, halves),
            keras.round,
            lambda: one_round(dense, start),
            lambda: one_round(small, halves),
        )
        times = [[timed(side)[0] for side in sides] for _ in range(REPEATS + 1)][1:]
    _report(*np.median(times, axis=0).tolist())


def _report(
    fit: float, trained: float, shrunk: float, keras: float, ours: float, half: float
) -> None:
    row("Keras `fit` for each client, median of 3", f"{fit:.2f} s")
    row("our training of each client", f"{trained:.2f} s")
    verdict("ratio", fit / trained, 3, unit="times", at_least=True)
    row("our training with half of the units removed", f"{shrunk:.2f} s")
    verdict("ratio to the full training", trained / shrunk, 3, unit="times", at_least=True)
    row("a round around `fit`: measured and averaged, nothing encoded", f"{keras:.2f} s")
    row("our round: measured, averaged, encoded and decoded", f"{ours:.2f} s")
    verdict("ratio", keras / ours, 3, unit="times", at_least=True)
    verdict("ratio of `fit` alone to our whole round", fit / ours, 3, unit="times", at_least=True)
    row("our round with half of the units removed", f"{half:.2f} s")
    verdict("ratio to the full round", ours / half, 3, unit="times", at_least=True)


if __name__ == "__main__":
    main()
