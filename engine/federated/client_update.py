"""One client in one round: download, train, perhaps prune, upload."""

import math
import time
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from engine.federated.algorithms.base import ClientTask
from engine.federated.client_pruning import DROPPED, PRUNED, REJECTED
from engine.federated.federation import Federation
from engine.federated.message_costs import Costs, costs_of
from engine.federated.messages import decode, encode
from engine.federated.owned import Owned
from engine.federated.reports import ClientRow
from engine.federated.state import ClientState, ServerState
from engine.networks.metrics import Evaluation
from engine.networks.network import Network, same
from engine.pruning.masks import Masks


@dataclass(frozen=True, slots=True)
class ClientUpdate:
    """What came of a client in a round.

    Attributes:
        row: what is on record of it.
        network: what the server got from it; None where nothing came, or it was refused.
        masks: what the client keeps from now on.
        changed: what has to be stored of it; None where what is stored is still true.
    """

    row: ClientRow
    network: Network | None
    masks: Masks
    changed: ClientState | None


@dataclass(frozen=True)
class Round:
    """What a client comes to: the federation, the server's state, and the number of the round."""

    federation: Federation
    state: ServerState
    number: int

    @cached_property
    def broadcast(self) -> tuple[Network, Costs]:
        """What everybody receives who keeps everything: the same bytes for all of them."""
        received, costs = self._sent(self.federation.full)
        return (self.state.network if same(received, self.state.network) else received), costs

    def _sent(self, masks: Masks) -> tuple[Network, Costs]:
        """What a client with those masks decodes, and what it weighed."""
        context, form = self.federation.context(masks), self.federation.algorithm.values
        data = encode(self.state.network, masks, context, form)
        return decode(data, context)[0], costs_of(data, masks, context, form)

    def download(self, client: int) -> tuple[ClientTask, Owned, Costs]:
        """What a client has at hand, the images it owns, and what its download weighed."""
        federation, algorithm = self.federation, self.federation.algorithm
        owned, before = federation.owners.of(client), federation.client(self.state, client)
        if not algorithm.communicates:
            received, costs = self.state.network, Costs()
        elif before.masks is federation.full:
            received, costs = self.broadcast
        else:
            received, costs = self._sent(before.masks)
        task = ClientTask(
            server=self.state,
            network=algorithm.start(received, before.memory),
            masks=before.masks,
            memory=before.memory,
            orders=federation.orders(self.number, client, owned.train),
            learner=federation.learner,
            accuracies=partial(federation.validate, rows=owned.validation),
        )
        return task, owned, costs

    def score(self, network: Network, masks: Masks, owned: Owned) -> Evaluation:
        """A client's received or trained network on its test images.

        The server's own network is asked about all images once, for all clients.
        """
        if network is self.state.network:
            return self.federation.evaluate_server(network, owned.test)
        return self.federation.evaluate_test(network, masks, owned.test)


def update_client(context: Round, client: int) -> ClientUpdate:
    """Let a client take part in a round; nothing is stored, and the server's state stays."""
    federation, algorithm = context.federation, context.federation.algorithm
    task, owned, down = context.download(client)
    if not federation.answers(context.number, client):
        row = _row(client, owned, task.masks, down=down, gate=DROPPED)
        return ClientUpdate(row, None, task.masks, None)
    before = context.score(task.network, task.masks, owned)
    begun = time.monotonic()
    learned = algorithm.train(task)
    seconds = time.monotonic() - begun
    decision = algorithm.prune(task, learned)
    masks, trained, gates = decision.masks, learned.last, decision.gates
    if masks is not task.masks:
        trained = masks.apply(trained)
    after = federation.evaluate_test(trained, masks, owned.test)
    upload, up, problem = _upload(federation, task, trained, masks, down)
    names, changed = [gate.name for gate in gates], None
    gate = PRUNED if PRUNED in names else next(iter(names), None)
    if problem:
        masks, gate = task.masks, REJECTED
    else:
        memory = algorithm.remember(task, trained)
        if memory or masks is not task.masks:
            changed = ClientState(masks, memory)
    row = _row(
        client,
        owned,
        masks,
        accuracy_before=before.accuracy,
        accuracy_after=after.accuracy,
        loss=learned.loss if math.isfinite(learned.loss) else None,
        mask_distance=gates[0].distance if gates else 0.0,
        gate=gate,
        gates=gates,
        problem=problem,
        up=up,
        down=down,
        seconds=seconds,
        confusion=tuple(after.confusion[label] for label in owned.labels),
    )
    return ClientUpdate(row, upload, masks, changed)


def _upload(
    federation: Federation, task: ClientTask, network: Network, masks: Masks, down: Costs
) -> tuple[Network | None, Costs, str]:
    """What the server has of it, if anything, what it weighed, and what is wrong with it."""
    if not federation.algorithm.communicates:
        return None, Costs(), ""
    context, form = federation.context(task.masks), federation.algorithm.values
    data = encode(network, masks, context, form)
    # the same masks weigh the same on the way up and on the way down
    costs = down if masks is task.masks else costs_of(data, masks, context, form)
    received, kept, _ = decode(data, context)
    problem = refusal(received, kept, task.masks)
    return (None if problem else received), costs, problem


def refusal(network: Network, masks: Masks, before: Masks) -> str:
    """Why an upload is refused, in a word; empty where it is not: a refused one changes nothing.

    Args:
        network: the uploaded weights.
        masks: the uploaded masks.
        before: the client's masks as the server knows them.

    Returns:
        ``shape``, ``grown``, ``non_finite``, ``not_masked`` or nothing.
    """
    wanted = [flags.shape for flags in before.weights]
    kernels = [layer.kernel.shape for layer in network.layers]
    if kernels != wanted or [flags.shape for flags in masks.weights] != wanted:
        return "shape"
    if not masks.is_subset_of(before):
        return "grown"
    if not network.finite:
        return "non_finite"
    return "" if masks.dead_are_zero(network) else "not_masked"


def _row(client: int, owned: Owned, masks: Masks, **measured: Any) -> ClientRow:
    alive = zip(masks.counts[::2], masks.sizes[::2], strict=True)
    return ClientRow(
        client=client,
        labels=owned.labels,
        samples=len(owned.train),
        density=masks.density,
        unit_density=masks.unit_density,
        macs=masks.mac_share,
        layers=tuple(count / size for count, size in alive),
        **measured,
    )
