"""The average over keepers, orphans, adaptive servers, and what is refused."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.federated.aggregation import Average, treat_orphans
from engine.federated.client_update import refusal
from engine.federated.server_optimizers import SERVER_OPTIMIZERS, Adaptive
from engine.federated.state import ServerState
from engine.networks.network import from_arrays, to_arrays
from engine.pruning.masks import ones_like
from tests.engine.federated.test_candidate_masks import SEEDS, WIDTHS, random_masks
from tests.networks import random_network
from tests.reference_federated import average

SERVER = random_network(WIDTHS, 99)
FULL = ones_like(SERVER)


def uploads_of(seed, count, *, full=False):
    rng = np.random.default_rng(seed)
    made = []
    for client in range(count):
        masks = FULL if full else random_masks(rng, weights=bool(rng.integers(2)))
        network = masks.apply(random_network(WIDTHS, seed + client))
        made.append((network, masks, float(rng.integers(1, 50))))
    return made


def averaged(uploads):
    mean = Average(to_arrays(SERVER))
    for network, masks, weight in uploads:
        mean.add(to_arrays(network), masks.arrays(), weight)
    return mean


@given(seed=SEEDS, count=st.integers(0, 4), whole=st.integers(0, 2))
@settings(max_examples=40, deadline=None)
def test_the_average_is_that_of_the_loops(seed, count, whole):
    uploads = uploads_of(seed, count) + uploads_of(seed + 50, whole, full=True)
    slow = average([(to_arrays(n), m.arrays(), w) for n, m, w in uploads], to_arrays(SERVER))
    mean = averaged(uploads)
    fast = mean.mean()
    assert all(np.allclose(a, b, atol=1e-7) for a, b in zip(slow, fast, strict=True))
    for place, counts in enumerate(mean.counts):
        kept = sum(masks.arrays()[place].astype(int) for _, masks, _ in uploads)
        assert np.array_equal(counts, kept + np.zeros(counts.shape, int))
        assert np.array_equal(mean.orphans[place], (counts == 0) & (len(uploads) > 0))


@given(seed=SEEDS)
@settings(max_examples=20, deadline=None)
def test_with_full_masks_it_is_fedavg_bit_for_bit(seed):
    uploads = uploads_of(seed, 4, full=True)
    total = sum(weight for *_, weight in uploads)
    for place, array in enumerate(averaged(uploads).mean()):
        sums = np.zeros(array.shape)
        for network, _, weight in uploads:
            sums += weight * to_arrays(network)[place].astype(np.float64)
        assert np.array_equal(array, (sums / total).astype(np.float32))


@given(seed=SEEDS)
@settings(max_examples=20, deadline=None)
def test_the_order_of_clients_does_not_matter(seed):
    uploads = uploads_of(seed, 4)
    forth, back = (averaged(u).mean() for u in (uploads, uploads[::-1]))
    assert all(np.allclose(a, b, rtol=1e-6, atol=1e-9) for a, b in zip(forth, back, strict=True))


@given(seed=SEEDS)
@settings(max_examples=20, deadline=None)
def test_a_parameter_kept_by_one_client_gets_that_clients_value(seed):
    uploads = uploads_of(seed, 3)
    mean = averaged(uploads)
    result = mean.mean()
    for place, keepers in enumerate(mean.counts):
        for network, masks, _ in uploads:
            alone = masks.arrays()[place] & (keepers == 1)
            assert np.array_equal(result[place][alone], to_arrays(network)[place][alone])


def test_orphans_are_kept_zeroed_or_decayed_and_nothing_else_is_touched():
    mean = averaged(uploads_of(1, 2))
    orphans, kept = mean.orphans, from_arrays(mean.mean())
    assert 0 < mean.orphan_share < 1
    for place, array in enumerate(to_arrays(kept)):
        assert np.array_equal(array[orphans[place]], to_arrays(SERVER)[place][orphans[place]])
    assert treat_orphans(kept, orphans, "keep", 0.5) is kept
    for policy, factor in (("zero", 0), ("decay", 0.5)):
        treated = to_arrays(treat_orphans(kept, orphans, policy, 0.5))
        for before, after, orphan in zip(to_arrays(kept), treated, orphans, strict=True):
            assert np.array_equal(after[orphan], before[orphan] * np.float32(factor))
            assert np.array_equal(after[~orphan], before[~orphan])


def test_nobody_is_an_orphan_where_nobody_came():
    assert Average(to_arrays(SERVER)).orphan_share == 0


@pytest.mark.parametrize(
    ("server", "second"),
    [
        ("adam", lambda v, d: 0.99 * v + 0.01 * d**2),
        ("yogi", lambda v, d: v - 0.01 * d**2 * np.sign(v - d**2)),
        ("adagrad", lambda v, d: v + d**2),
    ],
)
def test_adaptive_servers_follow_the_paper_and_orphans_freeze(server, second):
    chosen = SERVER_OPTIMIZERS[server].of(server_rate=0.1, tau=0.01)
    assert isinstance(chosen, Adaptive)
    assert chosen.first_moment == (0 if server == "adagrad" else 0.9)
    average = averaged(uploads_of(1, 2))
    start = chosen.init(SERVER)
    state = ServerState(0, SERVER, start, np.zeros(2, np.int64))
    network, moments = chosen.update(state, average)
    for place, orphan in enumerate(average.orphans):
        old, new = to_arrays(SERVER)[place], average.mean()[place]
        m, v = (1 - chosen.first_moment) * (new - old), second(1e-4, new - old)
        wanted = old + 0.1 * m / (np.sqrt(v) + 0.01)
        assert np.allclose(to_arrays(network)[place], np.where(orphan, old, wanted), atol=1e-5)
        assert np.allclose(moments["first"][place], np.where(orphan, 0, m), atol=1e-6)
        assert np.allclose(moments["second"][place], np.where(orphan, 1e-4, v), atol=1e-6)
        assert np.array_equal(to_arrays(network)[place][orphan], old[orphan])


def test_a_good_upload_passes_and_each_bad_one_has_its_word():
    rng = np.random.default_rng(3)
    before = random_masks(rng)
    fewer = tuple(w & (rng.random(w.shape) < 0.8) for w in before.weights)
    masks = dataclasses.replace(before, weights=fewer)
    network = masks.apply(random_network(WIDTHS))
    assert refusal(network, masks, before) == ""
    assert refusal(FULL.apply(SERVER), FULL, before) == "grown"
    assert refusal(random_network(WIDTHS), masks, before) == "not_masked"
    assert refusal(random_network((7, 6, 4, 4)), masks, before) == "shape"
    arrays = [a.copy() for a in to_arrays(network)]
    arrays[1][...] = np.inf
    assert refusal(from_arrays(arrays), masks, before) == "non_finite"
