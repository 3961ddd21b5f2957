"""Everything of a run that does not change from round to round."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import ImageArray, IntArray, LabelArray
from engine.datasets import Dataset, normalised
from engine.federated import overlap
from engine.federated.learner import Learner
from engine.federated.masks import ClientMasks, compact, full_masks
from engine.federated.owned import Owners
from engine.federated.rng import Purpose, stream
from engine.federated.server_answers import ServerAnswers
from engine.federated.server_optimizers import no_moments
from engine.federated.state import ClientStore, ServerState, unpack_masks
from engine.federated.validation import accuracies
from engine.federated.wire.payload import Context, ranks_of
from engine.networks.architecture import dense, initial_network
from engine.networks.file import load_network
from engine.networks.metrics import Evaluation, evaluate_logits
from engine.networks.network import Network, forward
from engine.settings import FederateSettings


@dataclass(frozen=True)
class Federation:
    """Settings, data, who owns what, who trains, and where clients' masks are kept."""

    settings: FederateSettings
    dataset: Dataset
    owners: Owners
    learner: Learner
    store: ClientStore

    @cached_property
    def initial(self) -> Network:
        """The network that everybody starts from."""
        widths = (self.dataset.inputs, *self.settings.hidden, self.dataset.classes)
        return initial_network(dense(widths), stream(self.settings.seed, Purpose.START))

    @cached_property
    def full(self) -> ClientMasks:
        """The masks that keep everything."""
        return full_masks(self.initial.shape)

    @cached_property
    def ranks(self) -> tuple[IntArray, ...]:
        """Kernel entries by initial magnitude; made only where weights are pruned."""
        return ranks_of(self.initial) if self.settings.prunes_weights else ()

    @cached_property
    def by_magnitude(self) -> tuple[IntArray, ...]:
        """What clients' masks are compared by: kernel entries, or units, by initial magnitude."""
        return overlap.orders(self.initial, self.ranks)

    @cached_property
    def members(self) -> IntArray:
        """The clients that own images, ascending."""
        return self.owners.split.members

    def prepare(self) -> None:
        """Work out what all clients share, before several threads would each do it."""
        _ = self.full, self.ranks
        self.learner.prepare()

    def start(self) -> ServerState:
        """The state before the first round."""
        moments = no_moments(self.initial, self.settings)
        versions = np.zeros(self.settings.clients, np.int64)
        return ServerState(0, self.initial, moments, versions)

    def masks(self, state: ServerState, client: int) -> ClientMasks:
        """What a client keeps, as it told after its last round."""
        version = int(state.versions[client])
        if version == 0 or not self.settings.prunes:
            return self.full
        return unpack_masks(self.store.load(client, version), self.full)

    def own_network(self, state: ServerState, client: int) -> Network:
        """The network of a client that trains alone; before it did, that of the server."""
        version = int(state.versions[client])
        return load_network(self.store.load(client, version)) if version else state.network

    def context(self, masks: ClientMasks) -> Context:
        """What both ends know before a message of a client with those masks."""
        return Context(self.initial, masks, self.ranks)

    def cohort(self, number: int) -> IntArray:
        """The clients of a round, drawn without replacement, in ascending order.

        Who owns nothing is not drawn; of fewer than are wanted, all are.
        """
        rng, members = stream(self.settings.seed, Purpose.COHORT, number), self.members
        drawn = rng.choice(len(members), min(self.settings.cohort, len(members)), replace=False)
        return members[np.sort(drawn)]

    def answers(self, number: int, client: int) -> bool:
        """Whether a drawn client answers at all."""
        draw = stream(self.settings.seed, Purpose.DROPOUT, number, client).random()
        return bool(draw >= self.settings.dropout)

    def orders(self, number: int, client: int, rows: IntArray) -> list[IntArray]:
        """The order of a client's rows in each local epoch of a round."""
        rng = stream(self.settings.seed, Purpose.ORDER, number, client)
        return [rng.permutation(rows) for _ in range(self.settings.local_epochs)]

    def evaluate_server(self, network: Network, rows: IntArray | None = None) -> Evaluation:
        """The server's network on all test images, or on those rows of them.

        All are answered at once, and the answers are kept until another network is asked.
        """
        logits, labels = self._server.logits(network), np.asarray(self.dataset.y_test)
        if rows is not None:
            logits, labels = logits[rows], labels[rows]
        return evaluate_logits(logits, labels, self.dataset.classes)

    @cached_property
    def _server(self) -> ServerAnswers:
        return ServerAnswers(self.learner, self.dataset.x_test)

    def evaluate_test(self, network: Network, masks: ClientMasks, rows: IntArray) -> Evaluation:
        """A network on those rows of the test images."""
        images, labels = self.dataset.x_test[rows], np.asarray(self.dataset.y_test)[rows]
        return self._evaluate(network, masks, images, labels)

    def evaluate_train(self, network: Network, masks: ClientMasks, rows: IntArray) -> Evaluation:
        """A network on those rows of the training images."""
        images = self.dataset.x_train[rows]
        return self._evaluate(network, masks, images, self.owners.y_train[rows])

    def _evaluate(
        self, network: Network, masks: ClientMasks, images: ImageArray, labels: LabelArray
    ) -> Evaluation:
        with np.errstate(over="ignore", invalid="ignore"):  # a network that diverges answers badly
            logits = forward(compact(network, masks.units), normalised(images))
        return evaluate_logits(logits, labels, self.dataset.classes)

    def validate(
        self, network: Network, masks: ClientMasks, candidate: ClientMasks, rows: IntArray
    ) -> tuple[float, float]:
        """Accuracies on rows of the training images: with the masks, and with a candidate's."""
        images, labels = normalised(self.dataset.x_train[rows]), self.owners.y_train[rows]
        return accuracies(network, masks, candidate, images, labels)
