"""The lab: one for everyone, within bounds, quick answers first."""

import threading

import numpy as np
import pytest

from engine.errors import InvalidInput
from engine.explore.answers import exact, quick
from engine.explore.question import Question
from engine.explore.service import SHIPPED, ExploreService, Subject, shipped
from engine.networks.network import Layer, Network
from engine.pruning.prune import Edit, prune
from engine.pruning.ranking import rank_entries
from tests.networks import random_network

pytestmark = pytest.mark.usefixtures("mnist")

SUBJECT = Subject("shipped")


def unheard(_share):
    """Nobody looks how far it is."""


@pytest.fixture(scope="module")
def network():
    return shipped()


@pytest.fixture
def lab(network):
    return ExploreService(lambda _: network)


def test_what_ships_is_the_network_that_its_settings_describe(network):
    widths = [layer.units for layer in network.layers]
    assert widths == [*SHIPPED.hidden, 10]
    assert network.layers[0].inputs == 784


def test_answers_are_those_of_pruning_anew(lab, network):
    question = Question(method="hybrid", sparsities=(0.7,))
    pruned = prune(network, method="hybrid", sparsity=0.7)
    expected = quick(pruned, question, lab.sample(SUBJECT))
    assert lab.quick(SUBJECT, question) == expected
    whole = exact(pruned, expected, lab.dataset(SUBJECT), unheard)
    assert lab.exact(SUBJECT, question, unheard) == whole
    assert lab.known(SUBJECT, question) is lab.exact(SUBJECT, question, unheard)


def test_what_ships_is_trained_and_the_sample_speaks_for_all_images(lab):
    whole = Question(sparsities=(0.0,))
    few, all_of_them = lab.quick(SUBJECT, whole), lab.exact(SUBJECT, whole, unheard)
    assert all_of_them.point.accuracy > 0.96
    assert abs(few.point.accuracy - all_of_them.point.accuracy) < 0.015


def test_the_network_is_read_and_ranked_once_for_many_questions(network, monkeypatch):
    loaded, ranked = [], []

    def load(subject):
        loaded.append(subject)
        return network

    def noted(scores, scope):
        ranked.append(scope)
        return rank_entries(scores, scope)

    lab = ExploreService(load)
    monkeypatch.setattr("engine.pruning.prune.rank_entries", noted)
    for level in (0.2, 0.5, 0.8):
        lab.quick(SUBJECT, Question(sparsities=(level,)))
    assert len(loaded) == 1
    assert len(ranked) == 2  # kernels, and biases


def test_one_who_stops_waiting_for_the_exact_answer_does_not_stop_the_others(lab):
    question, turns = Question(sparsities=(0.6,)), []

    def leave(share):
        turns.append(share)
        if len(turns) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        lab.exact(SUBJECT, question, leave)
    assert lab.known(SUBJECT, question) is None
    threads = [
        threading.Thread(target=lab.exact, args=(SUBJECT, question, unheard)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lab.known(SUBJECT, question) is not None


def test_a_question_that_does_not_fit_is_refused(lab):
    for question in (
        Question(sparsities=(0.1, 0.2)),
        Question(edits=(Edit(0, 200, kept=False),)),
    ):
        with pytest.raises(InvalidInput, match="must be"):
            lab.quick(SUBJECT, question)


def test_a_network_that_is_too_large_is_refused_in_one_line():
    layer = Layer(np.zeros((784, 12_756), np.float32), np.zeros(12_756, np.float32))
    lab = ExploreService(lambda _: Network((layer,)))
    with pytest.raises(InvalidInput, match="parameters of a network to explore must be a whole"):
        lab.network(SUBJECT)


def test_a_network_that_diverged_is_refused_in_one_line():
    network = random_network((784, 4, 10))
    network.layers[0].kernel[3, 2] = np.nan
    with pytest.raises(InvalidInput, match="this training diverged"):
        ExploreService(lambda _: network).network(SUBJECT)


def test_flips_and_sensitivity_are_worked_out_once(lab):
    shares: list[float] = []
    question = Question(method="unit", sparsities=(0.4,))
    first = lab.flips(SUBJECT, question, shares.append)
    other = Question(method="unit", sparsities=(0.8,), edits=(Edit(0, 1, kept=True),))
    asked = len(shares)
    assert lab.flips(SUBJECT, other, shares.append) is first
    assert len(shares) == asked > 0
    table = lab.sensitivity(SUBJECT, question, shares.append)
    assert lab.sensitivity(SUBJECT, other, shares.append) is table
