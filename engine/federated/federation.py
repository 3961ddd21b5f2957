"""Everything of a run that does not change from round to round."""

import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from engine.arrays import ImageArray, IntArray, LabelArray
from engine.datasets import Dataset, normalised
from engine.federated.algorithms.base import Algorithm
from engine.federated.learner import Learner
from engine.federated.messages import Context, rank, ranks_of
from engine.federated.owned import Owners, owners_of
from engine.federated.rng import Purpose, generator
from engine.federated.state import ClientState, ClientStore, ServerState, load_client
from engine.networks.architecture import dense
from engine.networks.metrics import Evaluation, evaluate_logits
from engine.networks.network import Network, forward, initial_network
from engine.pruning.masks import Masks, compact, ones_like
from engine.pruning.scores import column_norms
from engine.settings import FederateSettings


@dataclass(frozen=True)
class Federation:
    """Settings, data, who trains, and where the state of clients is kept."""

    settings: FederateSettings
    dataset: Dataset
    learner: Learner
    store: ClientStore
    _answers: dict[str, Any] = field(default_factory=dict, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @cached_property
    def algorithm(self) -> Algorithm:
        """What clients and the server do."""
        algorithm = self.settings.algorithm
        assert isinstance(algorithm, Algorithm)  # noqa: S101  # narrows the type
        return algorithm

    @cached_property
    def owners(self) -> Owners:
        """Who owns which images; raises InvalidInput where the data cannot be split so."""
        return owners_of(self.dataset, self.settings)

    @cached_property
    def initial(self) -> Network:
        """The network that everybody starts from."""
        widths = (self.dataset.inputs, *self.settings.hidden, self.dataset.classes)
        return initial_network(dense(widths), generator(self.settings.seed, Purpose.START))

    @cached_property
    def full(self) -> Masks:
        """The masks that keep everything."""
        return ones_like(self.initial)

    @cached_property
    def ranks(self) -> tuple[IntArray, ...]:
        """Flat positions of each kernel's entries, ``(entries,)``, by initial magnitude.

        Made once, and only where something is pruned.
        """
        return ranks_of(self.initial) if self.algorithm.prunes else ()

    @cached_property
    def by_magnitude(self) -> tuple[IntArray, ...]:
        """What masks are compared by: each layer's entries or units, ``(n,)``, by initial size."""
        if self.algorithm.prunes_weights:
            return self.ranks
        norms = column_norms([layer.kernel for layer in self.initial.hidden], "l2")
        return tuple(map(rank, norms))

    @cached_property
    def members(self) -> IntArray:
        """Numbers of the clients that own images, ``(members,)``, ascending."""
        return self.owners.split.members

    def prepare(self) -> None:
        """Work out what all clients share, before several threads would each do it."""
        _ = self.owners, self.full, self.ranks
        self.learner.prepare()

    def start(self) -> ServerState:
        """The state before the first round."""
        extra = self.algorithm.init(self.initial)
        return ServerState(0, self.initial, extra, np.zeros(self.settings.clients, np.int64))

    def client(self, state: ServerState, client: int) -> ClientState:
        """What is kept of a client since its last round; all of the network before it had one."""
        version = int(state.versions[client])
        if version == 0:
            return ClientState(self.full)
        data = self.store[client, version]
        return load_client(data, self.full, remembers=self.algorithm.remembers)

    def context(self, masks: Masks) -> Context:
        """What both ends know before a message of a client with those masks."""
        return Context(self.initial, masks, self.ranks)

    def cohort(self, number: int) -> IntArray:
        """The clients of a round, ``(cohort,)``, drawn without replacement, in ascending order.

        Who owns nothing is not drawn; of fewer than are wanted, all are.
        """
        rng, members = generator(self.settings.seed, Purpose.COHORT, number), self.members
        drawn = rng.choice(len(members), min(self.settings.cohort, len(members)), replace=False)
        return members[np.sort(drawn)]

    def answers(self, number: int, client: int) -> bool:
        """Whether a drawn client answers at all."""
        draw = generator(self.settings.seed, Purpose.DROPOUT, number, client).random()
        return bool(draw >= self.settings.dropout)

    def orders(self, number: int, client: int, rows: IntArray) -> list[IntArray]:
        """The order of a client's rows in each local epoch of a round."""
        rng = generator(self.settings.seed, Purpose.ORDER, number, client)
        return [rng.permutation(rows) for _ in range(self.settings.local.epochs)]

    def evaluate_server(self, network: Network, rows: IntArray | None = None) -> Evaluation:
        """The server's network on all test images, or on those rows of them.

        All are answered at once, and the answers are kept until another network is asked.
        """
        with self._lock:
            if self._answers.get("network") is not network:
                logits = self.learner.answer(network, normalised(self.dataset.x_test))
                self._answers.update(network=network, logits=logits)
            logits, labels = self._answers["logits"], np.asarray(self.dataset.y_test)
        if rows is not None:
            logits, labels = logits[rows], labels[rows]
        return evaluate_logits(logits, labels, self.dataset.classes)

    def evaluate_test(self, network: Network, masks: Masks, rows: IntArray) -> Evaluation:
        """A network on those rows of the test images."""
        images, labels = self.dataset.x_test[rows], np.asarray(self.dataset.y_test)[rows]
        return self._evaluate(network, masks, images, labels)

    def evaluate_train(self, network: Network, masks: Masks, rows: IntArray) -> Evaluation:
        """A network on those rows of the training images."""
        return self._evaluate(network, masks, self.dataset.x_train[rows], self.owners.y_train[rows])

    def _evaluate(
        self, network: Network, masks: Masks, images: ImageArray, labels: LabelArray
    ) -> Evaluation:
        """Of a network that is zero where the masks keep nothing; NumPy is fast on few images."""
        with np.errstate(over="ignore", invalid="ignore"):  # a network that diverges answers badly
            logits = forward(compact(network, masks.units), normalised(images))
        return evaluate_logits(logits, labels, self.dataset.classes)

    def validate(
        self, network: Network, masks: Masks, candidate: Masks, rows: IntArray
    ) -> tuple[float, float]:
        """Accuracies on rows of the training images: with the masks, and with a candidate's."""
        pruned = candidate.apply(network)
        before = self.evaluate_train(network, masks, rows).accuracy
        return before, self.evaluate_train(pruned, candidate, rows).accuracy
