"""One client in one round: download, train, perhaps prune, upload."""

import math
import time
from dataclasses import dataclass, replace
from functools import cached_property, partial

from engine.federated import screening, wire
from engine.federated.federation import Federation
from engine.federated.gates import DROPPED, REJECTED, Decision, Gate, decide
from engine.federated.history import OWN_NETWORK
from engine.federated.learner import Learned
from engine.federated.masks import ClientMasks
from engine.federated.owned import Owned
from engine.federated.reports import ClientRow
from engine.federated.state import ServerState
from engine.federated.submodel import OwnShape
from engine.federated.wire import Costs
from engine.federated.wire.costs import costs_of, message
from engine.networks.metrics import Evaluation
from engine.networks.network import Network, same


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of a client in a round.

    Attributes:
        row: what is told of it.
        network: what the server got from it; None where nothing came, or it was refused.
        masks: what the client keeps from now on, in the server's shape.
        shape: that of the network.
    """

    row: ClientRow
    network: Network | None
    masks: ClientMasks
    shape: OwnShape


@dataclass(frozen=True)
class Round:
    """What a client comes to: the federation, the server's state, and the number of the round."""

    federation: Federation
    state: ServerState
    number: int

    @cached_property
    def broadcast(self) -> tuple[Network, Costs]:
        """What everybody receives who keeps everything: the same bytes for all of them."""
        full = self.federation.full
        received, costs = _sent(self.federation, self.state, full, full)
        lossless = same(received, self.state.network)
        return (self.state.network if lossless else received), costs

    def score(self, network: Network, masks: ClientMasks, owned: Owned) -> Evaluation:
        """A client's received or trained network on its test images.

        The server's own network is asked about all images once, for all clients.
        """
        if network is self.state.network:
            return self.federation.evaluate_server(network, owned.test)
        return self.federation.evaluate_test(network, masks, owned.test)


def visit(each: Round, client: int) -> Visit:
    """Let a client take part in a round."""
    federation, state, number = each.federation, each.state, each.number
    owned = federation.owners.of(client)
    masks = federation.masks(state, client)
    shape = OwnShape(masks, units_only=not federation.settings.prunes_weights)
    received, down = _download(each, client, masks, shape.own)
    if not federation.answers(number, client):
        return Visit(_absent(client, owned, masks, down), None, masks, shape)
    before = each.score(received, shape.own, owned).accuracy
    begun = time.monotonic()
    orders = federation.orders(number, client, owned.train)
    learned = federation.learner.train(received, shape.own, orders)
    seconds = time.monotonic() - begun
    decision = _decision(federation, learned, shape.own, owned)
    left = learned.last if decision.masks is shape.own else decision.masks.apply(learned.last)
    after = federation.evaluate_test(left, decision.masks, owned.test)
    upload, up, problem = _upload(federation, left, decision.masks, shape)
    kept = masks if problem else shape.whole(decision.masks)
    row = _row(client, owned, kept, decision, learned)
    told = _told(row, before=before, after=after, up=up, down=down, seconds=seconds)
    return Visit(_refused(told, problem), upload, kept, shape)


def personal(each: Round, client: int) -> tuple[Network, Owned]:
    """The network that a client would use after the last round, and the images it owns.

    Clients that have something of their own train it once more; the others take the server's.
    """
    federation, state = each.federation, each.state
    owned = federation.owners.of(client)
    masks = federation.masks(state, client)
    received, _ = _download(each, client, masks, masks)
    if not adapts(federation):
        return received, owned
    orders = federation.orders(each.number, client, owned.train)
    return federation.learner.train(received, masks, orders).last, owned


def adapts(federation: Federation) -> bool:
    """Whether a client uses a network that it trained itself."""
    return federation.settings.algorithm in OWN_NETWORK


def _download(
    each: Round, client: int, masks: ClientMasks, own: ClientMasks
) -> tuple[Network, Costs]:
    """What a client decodes, in the shape of its `own` masks, and what it weighed."""
    if each.federation.settings.algorithm == "local":
        return each.federation.own_network(each.state, client), Costs()
    if masks is each.federation.full:
        return each.broadcast
    return _sent(each.federation, each.state, masks, own)


def _sent(
    federation: Federation, state: ServerState, masks: ClientMasks, own: ClientMasks
) -> tuple[Network, Costs]:
    context = federation.context(masks)
    data, costs = message(state.network, masks, context, federation.settings.values)
    return wire.decode(data, federation.context(own))[0], costs


def _decision(
    federation: Federation, learned: Learned, masks: ClientMasks, owned: Owned
) -> Decision:
    settings = federation.settings
    if not settings.prunes:
        return Decision(masks, ())

    accuracies = partial(federation.validate, rows=owned.validation)
    return decide(learned.first, learned.last, masks, settings, accuracies)


def _upload(
    federation: Federation, network: Network, masks: ClientMasks, shape: OwnShape
) -> tuple[Network | None, Costs, str]:
    """What the server has decoded, what it weighed, and what is wrong with it.

    Network and masks are of the client's shape.
    """
    if federation.settings.algorithm == "local":
        return network, Costs(), ""
    context, form = federation.context(shape.own), federation.settings.values
    data = wire.encode(network, masks, context, form)
    costs = costs_of(data, shape.whole(masks), federation.context(shape.masks), form)
    received, kept, _ = wire.decode(data, context)
    problem = screening.problem(received, kept, shape.own)
    return (None if problem else received), costs, problem


def _row(
    client: int, owned: Owned, masks: ClientMasks, decision: Decision, learned: Learned
) -> ClientRow:
    gate = _strongest(decision.gates)
    return ClientRow(
        client=client,
        labels=owned.labels,
        samples=len(owned.train),
        accuracy_before=None,
        accuracy_after=None,
        loss=learned.loss if math.isfinite(learned.loss) else None,
        density=masks.density,
        unit_density=masks.unit_density,
        macs=masks.macs,
        layers=tuple(
            alive / size for alive, size in zip(masks.counts[::2], masks.sizes[::2], strict=True)
        ),
        mask_distance=decision.gates[0].distance if decision.gates else 0.0,
        gate=None if gate is None else gate.name,
        gates=decision.gates,
        problem="",
        up=Costs(),
        down=Costs(),
        seconds=0.0,
        confusion=(),
    )


def _told(
    row: ClientRow, *, before: float, after: Evaluation, up: Costs, down: Costs, seconds: float
) -> ClientRow:
    return replace(
        row,
        accuracy_before=before,
        accuracy_after=after.accuracy,
        confusion=tuple(after.confusion[label] for label in row.labels),
        up=up,
        down=down,
        seconds=seconds,
    )


def _refused(row: ClientRow, problem: str) -> ClientRow:
    return replace(row, gate=REJECTED, problem=problem) if problem else row


def _absent(client: int, owned: Owned, masks: ClientMasks, down: Costs) -> ClientRow:
    nothing = Learned(None, None, math.nan, math.nan)  # type: ignore[arg-type]
    row = _row(client, owned, masks, Decision(masks, ()), nothing)
    return replace(row, gate=DROPPED, down=down)


def _strongest(gates: tuple[Gate, ...]) -> Gate | None:
    """The gate to name: one that pruned, else the first."""
    pruned = [gate for gate in gates if gate.name == "pruned"]
    return next(iter([*pruned, *gates]), None)
