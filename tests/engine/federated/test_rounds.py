"""Whole federations: against the loops of the paper, and what must hold in every round."""

import dataclasses
import threading

import numpy as np
import pytest

from engine.datasets import normalised
from engine.federated import rounds
from engine.federated.aggregation import Average
from engine.federated.algorithms.local import NETWORK
from engine.federated.client_pruning import Unstructured, decide
from engine.federated.client_update import Round, update_client
from engine.federated.reports import RoundReport
from engine.federated.state import dump_state, load_state
from engine.networks.network import from_arrays, to_arrays
from engine.pruning.masks import ones_like
from engine.runs.model import Record
from engine.runs.outcomes import OUTCOMES
from tests.networks import random_network
from tests.reference_federated import SlowLearner, accuracy, sub_fedavg

SHORT = {"local_epochs": 1, "rounds": 2}


def reports(federation, resume=None):
    return [r for r in rounds.run(federation, resume=resume) if isinstance(r, RoundReport)]


def server(federation):
    return to_arrays(reports(federation)[-1].state.network)


def same(left, right):
    return all(np.array_equal(a, b) for a, b in zip(left, right, strict=True))


@pytest.mark.parametrize("changes", [{}, {"local_epochs": 1}, {"target": 0.3, "rounds": 5}])
def test_the_rounds_are_those_of_the_papers_loops(federation, tiny_data, changes):
    made = federation(**changes)
    images, labels = normalised(tiny_data.x_train), np.asarray(tiny_data.y_train)
    arrays, masks = sub_fedavg(made, images, labels)
    last = reports(made)[-1]
    for mine, theirs in zip(to_arrays(last.state.network), arrays, strict=True):
        assert np.allclose(mine, theirs, atol=1e-5)
    for client, flags in masks.items():
        assert same(made.client(last.state, client).masks.arrays(), flags)


@pytest.mark.parametrize("pruning", ["unstructured", "structured", "hybrid"])
def test_masks_only_shrink_and_what_is_pruned_stays_zero(federation, pruning):
    made = federation(pruning=pruning, unit_target=0.5, unit_step=0.3, rounds=4)
    before = dict.fromkeys(range(6), made.full)
    pruned = 0
    for report in reports(made):
        for row in report.clients:
            masks = made.client(report.state, row.client).masks
            assert masks.is_subset_of(before[row.client])
            assert row.density == pytest.approx(masks.density)
            pruned += masks.alive < before[row.client].alive
            before[row.client] = masks
    assert pruned > 6


def test_with_gates_that_never_open_it_is_fedavg_bit_for_bit(federation):
    closed = federation(distance_threshold=1.0)
    assert same(server(closed), server(federation(algorithm="fedavg")))


def test_the_reason_for_every_closed_gate_is_on_record(federation):
    def names(**changes):
        return {row.gate for r in reports(federation(**SHORT, **changes)) for row in r.clients}

    assert names(distance_threshold=1.0) == {"distance"}
    strict = names(accuracy_threshold=1.0)
    assert "accuracy" in strict
    assert strict <= {"accuracy", "distance", "pruned"}
    assert names(target=0.0) == {"target"}
    assert names(dropout=0.99) == {"dropped"}
    assert names(algorithm="fedavg") == {None}


def reasons(federation, kind=0, **changes):
    made = federation(fraction=1.0, rounds=9, accuracy_threshold=0.0, **changes)
    found = reports(made)
    return [{row.gates[kind].reason for row in report.clients} for report in found], found[-1]


STRUCTURED = {"pruning": "structured", "step": 0.1}


def test_layers_of_few_units_reach_the_target_that_was_asked_for(federation):
    found, last = reasons(federation, hidden=(4, 2), **STRUCTURED)
    assert found[0] == {"pruned"}
    assert found[-1] == {"target_reached"}
    assert {row.unit_density for row in last.clients} == {0.5}


def test_units_that_cannot_be_halved_stop_at_their_floor_and_say_so(federation):
    found, last = reasons(federation, hidden=(3,), **STRUCTURED)
    assert found[-1] == {"floor_reached"}
    assert {row.unit_density for row in last.clients} == {2 / 3}


def test_the_units_of_a_hybrid_reach_their_target_too(federation):
    changes = {"pruning": "hybrid", "unit_step": 0.1, "unit_target": 0.5}
    found, last = reasons(federation, 1, hidden=(4, 2), distance_threshold=0.0, **changes)
    assert found[-1] == {"target_reached"}
    assert {row.unit_density for row in last.clients} == {0.5}


@pytest.mark.parametrize(
    ("target", "step", "reason", "left"),
    [
        (0.3, 0.4, "target_reached", 8),
        (0.4, 0.1, "target_reached", 6),
        (0.5, 0.1, "target_reached", 6),
        (0.9, 0.4, "layer_empty", 6),
    ],
)
def test_weights_end_at_the_target_or_where_nothing_is_left_to_take(target, step, reason, left):
    """Two inputs, two units, two logits: of 12 parameters 8 are weights."""
    chosen = Unstructured(target=target, step=step, distance_threshold=0.0)
    masks, seed, found = ones_like(random_network((2, 2, 2))), 0, ""
    while found not in {"target_reached", "layer_empty"}:
        first, last = (masks.apply(random_network((2, 2, 2), n)) for n in (seed, seed + 1))
        decision = decide(first, last, masks, chosen, lambda *_: (1.0, 1.0))
        masks, seed, found = decision.masks, seed + 2, decision.gates[0].reason
    assert (found, masks.alive) == (reason, left)


def test_who_owns_nothing_is_never_drawn_nor_measured(federation):
    changes = {"split": "dirichlet", "alpha": 0.02, "clients": 12, "fraction": 1.0, "rounds": 1}
    made = federation(algorithm="fedavg", poor="leave-out", **changes)
    members = made.owners.split.members.tolist()
    assert 2 <= len(members) < 12
    assert made.cohort(1).tolist() == rounds.measured_clients(made) == members
    assert [row.client for row in reports(made)[0].clients] == members


@pytest.mark.parametrize("pruning", ["unstructured", "structured", "hybrid"])
def test_masks_are_stored_again_only_when_they_changed(federation, pruning):
    made = federation(pruning=pruning, target=0.3, rounds=6, fraction=1.0)
    before, rested = made.start(), 0
    for report in reports(made):
        for row in report.clients:
            old, new = (each.versions[row.client] for each in (before, report.state))
            pruned = any(gate.name == "pruned" for gate in row.gates)
            assert new == (report.round if pruned else old)
            assert made.client(report.state, row.client).masks.density == row.density
            rested += old > 0 and not pruned
        before = report.state
    assert rested > 0


def test_test_images_never_decide(federation, tiny_data):
    poisoned = dataclasses.replace(tiny_data, x_test=255 - np.asarray(tiny_data.x_test))
    honest, misled = federation(), federation()
    misled = dataclasses.replace(misled, dataset=poisoned)
    clean, dirty = reports(honest)[-1], reports(misled)[-1]
    assert same(to_arrays(clean.state.network), to_arrays(dirty.state.network))
    assert clean.global_accuracy != dirty.global_accuracy


def test_a_network_that_diverges_is_asked_without_a_warning(federation):
    made = federation()
    huge = from_arrays([np.full_like(a, 1e30) for a in to_arrays(made.initial)])
    rows = made.owners.of(0)
    assert made.evaluate_test(huge, made.full, rows.test).accuracy < 1
    assert max(made.validate(huge, made.full, made.full, rows.validation)) <= 1


class Watched(SlowLearner):
    """Counts how many clients train at the same time; each waits a while for a second one."""

    def __init__(self, inner, patience):
        super().__init__(inner.images, inner.labels, inner.settings)
        self.now, self.most, self.patience = 0, 0, patience
        self.changed = threading.Condition()

    def train(self, network, masks, orders, proximal=None):
        with self.changed:
            self.now += 1
            self.most = max(self.most, self.now)
            self.changed.notify_all()
            self.changed.wait_for(lambda: self.most > 1, timeout=self.patience)
        learned = super().train(network, masks, orders, proximal)
        with self.changed:
            self.now -= 1
        return learned


def test_large_networks_are_trained_one_at_a_time(federation, monkeypatch):
    monkeypatch.setattr(rounds, "THREADS", 2)
    made = federation(fraction=1.0, rounds=1)
    found = []
    for most, patience in ((made.full.size, 30), (made.full.size - 1, 0.1)):
        monkeypatch.setattr(rounds, "MOST_SIDE_BY_SIDE", most)
        watched = Watched(made.learner, patience)
        reports(federation(fraction=1.0, rounds=1, learner=watched))
        found.append(watched.most)
    assert found == [2, 1]


class Broken(SlowLearner):
    """Trains one client to nothing but NaN."""

    def __init__(self, inner, rows):
        super().__init__(inner.images, inner.labels, inner.settings)
        self.rows = set(rows.tolist())

    def train(self, network, masks, orders, proximal=None):
        learned = super().train(network, masks, orders, proximal)
        if set(orders[0].tolist()) != self.rows:
            return learned
        bad = from_arrays([np.full_like(a, np.nan) for a in to_arrays(learned.last)])
        return dataclasses.replace(learned, last=bad)


@pytest.mark.parametrize("algorithm", ["fedavg", "sub-fedavg"])
def test_an_upload_that_is_no_number_is_refused_and_changes_nothing(federation, algorithm):
    made = federation(algorithm=algorithm, rounds=1)
    victim, *others = made.cohort(1).tolist()
    broken = federation(
        algorithm=algorithm,
        rounds=1,
        learner=Broken(made.learner, made.owners.of(victim).train),
    )
    report = reports(broken)[0]
    row = report.clients[0]
    assert (row.client, row.gate, row.problem) == (victim, "rejected", "non_finite")
    assert all(np.isfinite(a).all() for a in to_arrays(report.state.network))
    assert same(to_arrays(report.state.network), average_of(made, others))
    assert broken.client(report.state, victim).masks.alive == made.full.alive


def average_of(federation, clients):
    """Of the uploads of those clients alone."""
    state = federation.start()
    average = Average(to_arrays(state.network))
    for client in clients:
        each = update_client(Round(federation, state, 1), client)
        assert each.network
        average.add(to_arrays(each.network), each.masks.arrays(), float(each.row.samples))
    return average.mean()


@pytest.mark.parametrize("algorithm", ["sub-fedavg", "fedadam", "local"])
def test_a_checkpoint_goes_on_as_if_there_had_been_no_break(federation, algorithm):
    whole = reports(federation(algorithm=algorithm))
    again = federation(algorithm=algorithm, rounds=3)
    first = next(r for r in rounds.run(again) if isinstance(r, RoundReport))
    rest = reports(again, resume=load_state(dump_state(first.state)))
    assert [r.round for r in rest] == [2, 3]
    assert same(to_arrays(rest[-1].state.network), to_arrays(whole[-1].state.network))
    assert [r.mean_accuracy for r in rest] == [r.mean_accuracy for r in whole[1:]]


def test_all_algorithms_share_the_split_the_cohorts_and_the_start(federation):
    left, right = federation(algorithm="fedavg"), federation(algorithm="sub-fedavg")
    assert same(to_arrays(left.initial), to_arrays(right.initial))
    for number in (1, 2, 3):
        assert left.cohort(number).tolist() == right.cohort(number).tolist()
    for client in range(6):
        assert same(
            [left.owners.of(client).train, left.owners.of(client).validation],
            [right.owners.of(client).train, right.owners.of(client).validation],
        )


def test_who_trains_alone_is_nobodys_average(federation):
    made = federation(algorithm="local")
    last = reports(made)[-1]
    assert same(to_arrays(last.state.network), to_arrays(made.initial))
    assert last.global_accuracy is None
    assert {row.up.sent + row.down.sent for row in last.clients} == {0}
    drawn = last.clients[0].client
    assert not same(made.client(last.state, drawn).memory[NETWORK], to_arrays(made.initial))


def test_bytes_are_counted_both_ways_and_pruning_saves_them(federation):
    dense = reports(federation(algorithm="fedavg"))[-1].clients
    pruned = reports(federation(rounds=5))[-1].clients
    assert {row.up.sent for row in dense} == {row.down.sent for row in dense}
    assert all(row.up.sent < dense[0].up.sent for row in pruned if row.density < 0.7)
    assert any(row.density < 0.7 for row in pruned)


def test_the_end_measures_every_client_on_its_own_labels(federation):
    made = federation()
    state = reports(made)[-1].state
    final = [r.row for r in rounds.finish(made, state, rounds.measured_clients(made))]
    assert [row.client for row in final] == list(range(6))
    assert all(row.labels == made.owners.of(row.client).labels for row in final)
    assert sum(row.drawn for row in final) == 3 * 3


@pytest.mark.parametrize("algorithm", ["local", "fedavg", "sub-fedavg"])
def test_the_end_is_measured_on_validation_images_that_nobody_trained_with(
    federation, tiny_data, algorithm
):
    made = federation(algorithm=algorithm)
    state = reports(made)[-1].state
    images, labels = normalised(tiny_data.x_train), np.asarray(tiny_data.y_train)
    trained = {row for client in range(6) for row in made.owners.of(client).train.tolist()}
    for each in rounds.finish(made, state, list(range(6))):
        rows = made.owners.of(each.row.client).validation
        assert not trained & set(rows.tolist())
        assert each.row.validation_images == len(rows)
        own = accuracy(to_arrays(each.network), images[rows], labels[rows])
        shared = accuracy(to_arrays(state.network), images[rows], labels[rows])
        assert each.row.validation_accuracy == pytest.approx(own, abs=1 / len(rows))
        if algorithm == "local":
            assert each.row.global_validation_accuracy is None
        else:
            assert each.row.global_validation_accuracy == pytest.approx(shared, abs=1 / len(rows))


def test_the_outcome_has_accuracies_to_choose_by_without_a_test_image():
    def row(client, own, images, shared):
        told = {"client": client, "accuracy": 0.5, "validation_accuracy": own}
        return told | {"validation_images": images, "global_validation_accuracy": shared}

    def final(*payloads):
        records = [
            Record(key=str(n), version=n, kind="final", payload=each)
            for n, each in enumerate(payloads)
        ]
        return OUTCOMES["federate"](None, records)["final"]  # type: ignore[arg-type]  # the run is not read

    found = final(row(0, 1.0, 30, 0.5), row(1, 0.5, 10, 0.9))
    assert found["validation_accuracy"] == 0.75
    assert found["validation_images"] == 40
    assert found["global_validation_accuracy"] == pytest.approx(0.6)
    assert final(row(0, 1.0, 30, None))["global_validation_accuracy"] is None
    earlier = final({"client": 0, "accuracy": 0.5})
    assert (earlier["validation_accuracy"], earlier["validation_images"]) == (None, 0)
