"""A federated round against Keras `fit` for each client, and with half of the units removed.

Ten clients of 500 training images each, one local epoch, batches of 10, momentum SGD, the dense
network. Keras keeps one compiled model and starts its momentum anew for each client.

A round is what a server and its clients do: every message is encoded and decoded, every client
trains, uploads are averaged. Pruned and whole clients are compared in Sub-FedAvg's rounds: each
looks for units to remove and asks its validation images, whose gate stays shut, so that both sides
do the same work. Measuring comes on top, and is timed beside: every client before and after its
training, and the server's network on all test images.
"""

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np

from benchmarks.baseline import home
from benchmarks.table import row, timed, title, verdict
from engine.arrays import IntArray
from engine.datasets import Dataset, load, normalised
from engine.federated import rounds
from engine.federated.federation import Federation
from engine.federated.learner import Learned
from engine.federated.reports import RoundReport
from engine.federated.state import ServerState, pack_masks
from engine.networks.metrics import Evaluation
from engine.networks.network import Network
from engine.pruning.masks import Masks
from engine.settings import FederateSettings
from engine.system.threads import map_in_order

REPEATS = 5
SETTINGS = FederateSettings.of(
    algorithm="fedavg",
    clients=10,
    fraction=1.0,
    rounds=1000,
    local_epochs=1,
    batch_size=10,
    split="labels",
    samples=625,  # a fifth validates: 500 are trained with
    momentum=0.5,
)
PRUNING = SETTINGS.but(
    algorithm="sub-fedavg", pruning="structured", target=0.9, accuracy_threshold=1.0
)


def federation(data: Dataset, settings: FederateSettings) -> Federation:
    from engine.training.clients import LocalTrainer  # noqa: PLC0415  # TensorFlow

    return Federation(settings, data, LocalTrainer(data, settings), {})


class Unmeasured(Federation):
    """Answers every question after test accuracy with the same figures, at once."""

    @cached_property
    def _any(self) -> Evaluation:
        return super().evaluate_server(self.initial)

    def evaluate_server(self, network: Network, rows: IntArray | None = None) -> Evaluation:
        """The figures of the network that everybody starts from."""
        del network, rows
        return self._any

    def evaluate_test(self, network: Network, masks: Masks, rows: IntArray) -> Evaluation:
        """The same."""
        del network, masks, rows
        return self._any


def unmeasured(made: Federation) -> Federation:
    return Unmeasured(made.settings, made.dataset, made.learner, made.store)


def steady_rounds(made: Federation, state: ServerState) -> Callable[[], RoundReport]:
    """A function that makes the next round each time."""
    reports = (r for r in rounds.run(made, resume=state) if isinstance(r, RoundReport))
    return lambda: next(reports)


class KerasClients:
    """One compiled model that becomes each client in turn."""

    def __init__(self, made: Federation) -> None:
        from engine.training import keras_model  # noqa: PLC0415  # isort: skip  # silences TensorFlow
        import tf_keras as keras  # noqa: PLC0415

        self._made = made
        self._model = keras_model.from_network(made.initial)
        self._weights = self._model.get_weights()
        rate, momentum = made.settings.local.learning_rate, made.settings.local.momentum
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
        self._weights = [sum(each) / images for each in zip(*parts, strict=True)]
        self._model.set_weights(self._weights)
        return self._score(np.arange(len(self._unseen)))

    def _fit(self, client: int) -> None:
        rows = self._made.owners.of(client).train
        self._model.set_weights(self._weights)
        for variable in self._optimizer.variables:
            variable.assign(np.zeros(variable.shape, variable.dtype.as_numpy_dtype))
        labels = self._made.owners.y_train[rows]
        self._model.fit(
            self._images[rows], labels, batch_size=self._made.settings.local.batch_size, verbose=0
        )

    def _score(self, rows: IntArray) -> float:
        answers = self._model.predict(self._unseen[rows], batch_size=1000, verbose=0)
        return float((answers.argmax(axis=1) == self._made.dataset.y_test[rows]).mean())


def training(made: Federation, state: ServerState) -> Callable[[], object]:
    """The training of all clients as rounds do it, nothing else of a round."""
    masks = [made.client(state, client).masks for client in range(made.settings.clients)]
    own = [each.apply(state.network) for each in masks]
    rows = [made.owners.of(client).train for client in range(made.settings.clients)]
    orders = [made.orders(1, client, each) for client, each in enumerate(rows)]

    def train(client: int) -> Learned:
        return made.learner.train(own[client], masks[client], orders[client])

    return lambda: list(map_in_order(train, range(made.settings.clients), threads=rounds.THREADS))


def half_of_the_units(made: Federation) -> ServerState:
    """A state in which every client keeps half of the units of each layer."""
    rng = np.random.default_rng(0)
    full = made.full
    for client in range(made.settings.clients):
        halves = (rng.permutation(np.arange(u.size) % 2 == 0) for u in full.units)
        masks = Masks(full.weights, tuple(halves))
        made.store[client, 1] = pack_masks(masks)
    start = made.start()
    return ServerState(0, start.network, start.extra, np.ones(made.settings.clients, np.int64))


def main() -> None:
    title("Federated round: 10 clients x 500 images x 1 epoch, batch 10, dense network")
    with home():
        data = load("mnist")
        dense, whole, small = (federation(data, s) for s in (SETTINGS, PRUNING, PRUNING))
        start, halves = dense.start(), half_of_the_units(small)
        keras = KerasClients(dense)
        sides: dict[str, Callable[[], object]] = {
            "fit": keras.fit,
            "trained": training(dense, start),
            "trained, halves": training(small, halves),
            "dense": steady_rounds(unmeasured(dense), start),
            "whole": steady_rounds(unmeasured(whole), start),
            "halves": steady_rounds(unmeasured(small), halves),
            "measured Keras": keras.round,
            "measured dense": steady_rounds(dense, start),
            "measured whole": steady_rounds(whole, start),
            "measured halves": steady_rounds(small, halves),
        }
        times = [[timed(side)[0] for side in sides.values()] for _ in range(REPEATS + 1)][1:]
    _report(dict(zip(sides, np.median(times, axis=0).tolist(), strict=True)))


def _report(seconds: Mapping[str, float]) -> None:
    def side(text: str, name: str) -> None:
        row(text, f"{seconds[name]:.2f} s")

    def ratio(text: str, slow: str, fast: str) -> None:
        verdict(text, seconds[slow] / seconds[fast], 3, unit="times", at_least=True)

    side(f"Keras `fit` for each client, median of {REPEATS}", "fit")
    side("our training of each client", "trained")
    ratio("ratio", "fit", "trained")
    side("our training with half of the units removed, two clients at a time", "trained, halves")
    ratio("ratio to the full training", "trained", "trained, halves")
    side("our round of FedAvg: trained, encoded and decoded, averaged", "dense")
    ratio("ratio of `fit` alone to our whole round", "fit", "dense")
    side("our round of Sub-FedAvg, nothing removed", "whole")
    side("our round of Sub-FedAvg with half of the units removed", "halves")
    ratio("ratio", "whole", "halves")
    row("  ratio to the round of FedAvg", f"{seconds['dense'] / seconds['halves']:.2f} times")
    side("a round around `fit`, measured and averaged, nothing encoded", "measured Keras")
    side("our round of FedAvg, measured", "measured dense")
    ratio("ratio", "measured Keras", "measured dense")
    side("our rounds of Sub-FedAvg, measured: nothing removed", "measured whole")
    side("  half of the units removed", "measured halves")
    row("  ratio", f"{seconds['measured whole'] / seconds['measured halves']:.2f} times")


if __name__ == "__main__":
    main()
