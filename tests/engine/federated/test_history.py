"""What pages read from the records of a federation."""

import pytest

from engine.federated import history
from tests.pages import fabricated_federation as made

ROUNDS = [made.round_row(made.SETTINGS, number) for number in (1, 2, 3)]
FINALS = [made.final(made.SETTINGS)(client) for client in range(4)]
ALONE = [made.final(made.SETTINGS.but(algorithm="local"))(c) for c in range(3)]


def test_a_client_that_trained_a_network_of_its_own_is_measured_with_it():
    row = {"clients": [{"accuracy_before": 0.5, "accuracy_after": 0.9}]}
    assert history.personal_scores(row, "sub-fedavg") == [0.9]
    assert history.personal_scores(row, "fedavg") == [0.5]


def test_who_never_answered_has_no_score():
    scores = history.personal_scores(ROUNDS[0], "sub-fedavg")
    assert len(scores) == 3
    assert history.worst(ROUNDS[0], "sub-fedavg") == min(scores)
    assert history.worst({"clients": []}, "local") is None


def test_bytes_add_up_both_ways_and_agree_with_the_totals_of_the_rounds():
    sums = history.travelled(ROUNDS)
    assert sums == sorted(sums)
    assert sums[-1] == sum(row["bytes_up"] + row["bytes_down"] for row in ROUNDS)
    assert history.travelled(ROUNDS, "dense")[-1] > sums[-1]
    assert history.travelled([]) == []


def test_a_share_of_bytes_counts_both_ways_and_all_rounds():
    rounds = [{"bytes_up": 1, "bytes_down": 2}, {"bytes_up": 3, "bytes_down": 4}]
    whole = [{"bytes_up": 10, "bytes_down": 30}]
    assert history.share_of_bytes(rounds, whole) == 0.25
    with pytest.raises(ZeroDivisionError):
        history.share_of_bytes(rounds, [{"bytes_up": 0, "bytes_down": 0}])


def test_a_gain_is_what_the_same_client_would_not_have_alone():
    found = history.gains(FINALS, ALONE)
    assert found == pytest.approx(dict.fromkeys(range(3), 0.025))


def test_the_latest_and_all_updates_of_a_client_are_found():
    assert list(history.latest(ROUNDS)) == [0, 1, 2, 3]
    assert history.latest(ROUNDS)[0] is ROUNDS[-1]["clients"][0]
    found = history.client_updates(ROUNDS)
    assert list(found) == [0, 1, 2, 3]
    assert [(number, row["client"]) for number, row in found[2]] == [(1, 2), (2, 2), (3, 2)]


def test_no_client_has_no_mean():
    assert history.mean_accuracy([]) is None
    assert history.mean_accuracy(FINALS) == pytest.approx(0.965)
