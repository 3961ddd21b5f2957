"""Splits are partitions, reproducible, and as unequal as asked."""

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.datasets import Dataset
from engine.errors import InvalidInput
from engine.federated.owned import Owners, owners_of
from engine.federated.splits import (
    label_counts,
    label_distance,
    notices_of_split,
    split_clients,
    split_to_json,
)
from engine.settings import FederateSettings
from engine.system import registry


def labels_of(count, classes):
    return (np.arange(count) * 7 % classes).astype(np.uint8)


def cut(labels, classes, **changes):
    return split_clients(labels, classes, FederateSettings.of(**changes))


@settings(max_examples=60, deadline=None)
@given(
    split=st.sampled_from(registry.names("splits")),
    clients=st.integers(2, 30),
    classes=st.integers(2, 6),
    each=st.integers(1, 2),
    alpha=st.sampled_from((0.01, 0.5, 100.0)),
    skew=st.sampled_from((0.0, 1.0)),
    samples=st.sampled_from((0, 5)),
    seed=st.integers(0, 5),
)
def test_no_row_belongs_to_two_clients_and_everybody_has_some(
    split, clients, classes, each, alpha, skew, samples, seed
):
    labels = labels_of(300, classes)
    chosen = {"split": split, "clients": clients, "labels_per_client": each, "alpha": alpha}
    chosen |= {"skew": skew, "samples": samples, "seed": seed}
    made = cut(labels, classes, **chosen)
    assert made.clients == clients
    assert len(np.unique(made.rows)) == len(made.rows)
    assert made.rows.min() >= 0
    assert made.rows.max() < 300
    parts = [made.of(client) for client in range(clients)]
    assert np.array_equal(np.concatenate(parts), made.rows)
    assert min(map(len, parts)) >= 2
    assert samples == 0 or max(map(len, parts)) <= samples
    assert made.left_out == 300 - len(made.rows)
    assert np.array_equal(cut(labels, classes, **chosen).rows, made.rows)


@pytest.mark.parametrize("split", ["iid", "dirichlet"])
def test_nothing_is_left_out_without_a_reason(split):
    assert cut(labels_of(301, 5), 5, split=split, clients=7).left_out == 0


def test_another_seed_is_another_split():
    one, other = (cut(labels_of(300, 5), 5, clients=4, split="iid", seed=seed) for seed in (0, 1))
    assert not np.array_equal(one.of(0), other.of(0))


def test_every_client_has_exactly_so_many_labels():
    labels = labels_of(600, 6)
    counts = label_counts(cut(labels, 6, clients=9, split="labels"), labels, 6)
    assert ((counts > 0).sum(axis=1) == 2).all()
    assert (counts > 0).sum(axis=0).tolist() == [3] * 6


def test_shards_are_as_published():
    labels = np.repeat(np.arange(10), 5000).astype(np.uint8)
    made = cut(labels, 10, clients=100, split="shards")
    counts = label_counts(made, labels, 10)
    assert set(counts.sum(axis=1)) == {500}
    assert set(counts[counts > 0]) <= {250, 500}
    assert made.left_out == 0


def test_the_figure_for_non_iid_is_0_for_equals_and_grows():
    assert label_distance(np.array([[5, 5], [5, 5]])) == 0
    assert label_distance(np.array([[10, 0], [0, 10]])) == 0.5
    two_of_ten = np.kron(np.eye(5, dtype=int), np.array([[3, 3]]))
    assert label_distance(two_of_ten) == pytest.approx(0.8)
    labels = labels_of(3000, 10)
    figures = [
        split_to_json(cut(labels, 10, clients=10, split="dirichlet", alpha=a), labels, 10)
        for a in (0.1, 1.0, 100.0)
    ]
    distances = [figure["label_distance"] for figure in figures]
    assert distances == sorted(distances, reverse=True)


def test_skew_makes_amounts_unequal_and_says_what_it_leaves_out():
    labels = labels_of(3000, 10)
    even, uneven = (cut(labels, 10, clients=10, split="iid", skew=s) for s in (0, 1))
    assert len({len(even.of(c)) for c in range(10)}) == 1
    assert len({len(uneven.of(c)) for c in range(10)}) > 5
    assert uneven.left_out > 0


BAD = [
    ({"clients": 151}, "clients must be at most 150 for 300 training images, not 151"),
    ({"labels_per_client": 6, "split": "labels", "clients": 4}, "labels per client must be at"),
    ({"labels_per_client": 100, "clients": 4}, "clients must be at most 3 for 100 shards"),
    ({"labels_per_client": 1, "shard_size": 1, "clients": 4}, "shard size must be at least 2"),
]


@pytest.mark.parametrize(("changes", "message"), BAD)
def test_what_cannot_be_split_is_one_clear_line(changes, message):
    with pytest.raises(InvalidInput, match=message):
        cut(labels_of(300, 5), 5, **changes)


UNEQUAL = {"split": "dirichlet", "alpha": 0.02, "clients": 40}


def test_poor_clients_are_filled_up_by_chance_and_counted():
    labels = labels_of(3000, 10)
    made = cut(labels, 10, **UNEQUAL)
    sizes = np.diff(made.ends, prepend=0)
    poor = np.flatnonzero(sizes == 2)
    assert made.filled > 10
    assert len(poor) >= made.filled
    assert (made.left_out, made.left_out_clients) == (0, 0)
    given = np.concatenate([labels[made.of(client)] for client in poor])
    assert len(np.unique(given)) >= 8  # of all labels, not the highest of the richest clients
    told = split_to_json(made, labels, 10)
    assert (told["filled"], told["left_out_clients"]) == (made.filled, 0)
    (notice,) = notices_of_split(told)
    assert notice.code == "clients-filled"
    assert f"{made.filled} of 40 clients with fewer than 2 images" in notice.text


def test_or_they_are_left_out_and_counted_and_the_others_keep_what_they_have():
    labels = labels_of(3000, 10)
    filled, made = (cut(labels, 10, **UNEQUAL, poor=poor) for poor in ("fill", "leave-out"))
    assert made.left_out_clients == filled.filled
    assert made.filled == 0
    assert 0 <= made.left_out <= made.left_out_clients
    assert len(made.members) == 40 - made.left_out_clients
    assert all(len(made.of(client)) >= 2 for client in made.members)
    for client in made.members:
        assert set(filled.of(client)) <= set(made.of(client))
    (notice,) = notices_of_split(split_to_json(made, labels, 10))
    assert notice.code == "clients-left-out"
    assert f"{made.left_out_clients} of 40 clients" in notice.text


def test_one_client_alone_is_no_federation():
    chosen = {"split": "dirichlet", "alpha": 1e-6, "clients": 9, "poor": "leave-out"}
    helps = "alpha must be higher, or poor fill, as 1 of 9 clients would be left, not 1e-06"
    with pytest.raises(InvalidInput, match=helps):
        cut(np.zeros(300, np.uint8), 1, **chosen)
    assert cut(np.zeros(300, np.uint8), 1, **(chosen | {"poor": "fill"})).filled == 8


def test_a_split_without_poor_clients_has_nothing_to_say():
    labels = labels_of(300, 5)
    for poor in ("fill", "leave-out"):
        made = cut(labels, 5, split="dirichlet", alpha=100.0, clients=4, poor=poor)
        assert notices_of_split(split_to_json(made, labels, 5)) == ()
    assert notices_of_split({"clients": 4, "counts": [[1]], "left_out": 0}) == ()


def test_only_labels_that_occur_are_dealt():
    labels = np.repeat([0, 3, 9], 40).astype(np.uint8)
    made = cut(labels, 10, clients=6, split="labels")
    assert set(np.diff(made.ends, prepend=0)) == {20}
    assert ((label_counts(made, labels, 10) > 0).sum(axis=1) == 2).all()
    assert (made.left_out, made.filled) == (0, 0)
    with pytest.raises(InvalidInput, match="at most 3, as so many labels occur, not 4"):
        cut(labels, 10, clients=6, split="labels", labels_per_client=4)


@settings(max_examples=80, deadline=None)
@given(
    counts=st.lists(st.integers(0, 12), min_size=2, max_size=6),
    clients=st.integers(2, 12),
    each=st.integers(1, 3),
    seed=st.integers(0, 3),
)
def test_the_advice_on_labels_that_are_too_rare_helps(counts, clients, each, seed):
    labels = np.repeat(np.arange(len(counts)), counts).astype(np.uint8)
    chosen = {"clients": clients, "labels_per_client": each, "split": "labels", "seed": seed}
    assume(len(labels) >= 2 * clients)
    assume(each <= np.count_nonzero(counts))
    try:
        made = cut(labels, len(counts), **chosen)
    except InvalidInput as error:
        advised = re.search(r"(clients|split) must be (?:at most |one of )(\w+)", str(error))
        assert advised
        chosen[advised[1]] = int(advised[2]) if advised[1] == "clients" else advised[2]
        made = cut(labels, len(counts), **chosen)
    assert (np.diff(made.ends, prepend=0) >= 2).all()
    assert made.filled == 0


@pytest.fixture
def owners():
    labels = labels_of(400, 5)
    chosen = FederateSettings.of(clients=8, split="labels", test_images=30)
    return Owners(split_clients(labels, 5, chosen), labels, labels_of(200, 5), chosen)


def test_a_clients_images_are_of_its_own_labels_and_in_disjoint_parts(owners):
    for client in range(8):
        owned = owners.of(client)
        rows = np.concatenate([owned.train, owned.validation])
        assert np.array_equal(np.sort(rows), owners.split.of(client))
        assert 0 < len(owned.validation) <= len(rows) // 5
        for part in (owned.train, owned.validation):
            assert tuple(np.unique(owners.y_train[part])) == owned.labels
        assert tuple(np.unique(owners.y_test[owned.test])) == owned.labels
        assert len(owned.test) in {29, 30}


def test_a_label_without_test_images_is_refused_before_anybody_trains():
    labels, images = labels_of(400, 5), np.zeros((400, 3), np.uint8)
    data = Dataset("npz-" + "0" * 24, images, labels, images[:50], labels_of(50, 4))
    helps = "label 4 has training images but no test images: .* or without its 80 training images"
    with pytest.raises(InvalidInput, match=helps):
        owners_of(data, FederateSettings.of(clients=8, split="labels"))
