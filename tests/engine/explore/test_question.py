"""What a person asks is pruned as a sweep prunes it; K of each layer, and units by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInput
from engine.explore.question import Question, edits_from_text, edits_to_text, fitted, pruned
from engine.networks.network import to_arrays
from engine.pruning.prune import Edit, Rankings, prune
from engine.system import registry
from engine.system.cache import Cache
from tests import reference
from tests.networks import convolutional_networks, networks, random_network, sparsities

METHODS = registry.names("methods")

methods = st.sampled_from(METHODS)
scopes = st.sampled_from(["layer", "global"])
any_network = networks() | convolutional_networks()


def same(one, other):
    arrays = zip(one.network.layers, other.network.layers, strict=True)
    kernels = zip(one.masks.kernels, other.masks.kernels, strict=True)
    biases = zip(one.masks.biases, other.masks.biases, strict=True)
    return all(
        np.array_equal(a.kernel, b.kernel) and np.array_equal(a.bias, b.bias) for a, b in arrays
    ) and all(np.array_equal(a, b) for a, b in [*kernels, *biases])


@given(any_network, methods, scopes, sparsities, st.integers(0, 3))
def test_a_question_is_pruned_as_a_sweep_prunes_to_the_bit(network, method, scope, level, seed):
    question = Question(method=method, scope=scope, sparsities=(level,), seed=seed)
    expected = prune(network, method=method, scope=scope, sparsity=level, seed=seed)
    assert same(pruned(network, question), expected)


@given(networks(), st.sampled_from([m for m in METHODS if m != "hybrid"]), st.data())
def test_layers_with_a_k_of_their_own_are_pruned_each_as_if_all_had_it(network, method, data):
    count = len(network.prunable)
    levels = tuple(data.draw(st.lists(sparsities, min_size=count, max_size=count)))
    found = pruned(network, Question(method=method, sparsities=levels))
    for index, level in enumerate(levels):
        alone = prune(network, method=method, sparsity=level)
        assert np.array_equal(found.masks.kernels[index], alone.masks.kernels[index])


@given(any_network, st.data())
def test_hybrid_with_a_k_for_each_layer_agrees_with_the_reference(network, data):
    count = len(network.prunable)
    levels = tuple(data.draw(st.lists(sparsities, min_size=count, max_size=count)))
    found = pruned(network, Question(method="hybrid", sparsities=levels))
    told = reference.hybrid(reference.plain(network), levels, "layer", "kept", "l2", 0.5)
    pairs = zip(to_arrays(found.network), reference.as_arrays(told), strict=True)
    assert all(np.array_equal(*pair) for pair in pairs)


@pytest.mark.parametrize("method", METHODS)
def test_a_unit_pruned_by_hand_is_dead_and_a_saved_one_lives(method):
    network = random_network((20, 12, 8, 3))
    cached = Cache[Rankings](9).get
    plain = pruned(network, Question(method="unit", sparsities=(0.5,)), cached)
    dead = int(np.flatnonzero(plain.dead_units[0])[0])
    alive = int(np.flatnonzero(~plain.dead_units[1])[0])
    edits = (Edit(0, dead, kept=True), Edit(1, alive, kept=False))
    found = pruned(network, Question(method=method, sparsities=(0.5,), edits=edits), cached)
    assert found.masks.kernels[0][:, dead].all()
    assert found.dead_units[1][alive]
    assert np.array_equal(
        found.network.layers[0].kernel[:, dead], network.layers[0].kernel[:, dead]
    )


def test_a_cut_leaves_the_network_as_it_was():
    network = random_network((6, 5, 4, 2))
    before = [layer.kernel.copy() for layer in network.layers]
    pruned(network, Question(method="hybrid", sparsities=(0.9,)))
    for layer, kernel in zip(network.layers, before, strict=True):
        assert np.array_equal(layer.kernel, kernel)


edits = st.builds(Edit, st.integers(0, 8), st.integers(0, 99999), st.booleans())


@given(st.lists(edits, max_size=9, unique_by=lambda edit: (edit.layer, edit.unit)))
def test_edits_survive_the_url(changed):
    assert edits_from_text(edits_to_text(changed)) == tuple(sorted(changed))


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"method": "all"}, "method must be one of"),
        ({"sparsities": ()}, "sparsities must be 1 to 9 fractions, not ()"),
        ({"sparsities": (1.0,)}, "sparsity must be a fraction from 0 to 0.99, not 1.0"),
        ({"sparsities": (0.1, 0.2), "scope": "global"}, "scope must be layer"),
        ({"edits": (Edit(0, 1, kept=True), Edit(0, 1, kept=False))}, "hand must be each unit once"),
        ({"seed": -1}, "seed must be a whole number"),
    ],
)
def test_a_bad_question_is_refused_in_one_line(values, line):
    with pytest.raises(InvalidInput, match="must be") as refused:
        Question(**values)
    assert line in str(refused.value)


@pytest.mark.parametrize("text", ["-1", "1.2", "-1.2;", "-1.2,,x", "-0x1.2", "-1.123456"])
def test_an_edit_that_is_none_is_refused(text):
    with pytest.raises(InvalidInput, match=r"hand must be units such as -1\.17"):
        edits_from_text(text)


def test_a_question_that_does_not_fit_the_network_is_refused():
    network = random_network((6, 5, 4, 2))
    with pytest.raises(InvalidInput, match="1 or 2 fractions"):
        fitted(Question(sparsities=(0.1, 0.2, 0.3)), network)
    for edit in (Edit(2, 0, kept=True), Edit(0, 5, kept=True), Edit(-1, 0, kept=True)):
        with pytest.raises(InvalidInput, match="must be a whole number"):
            fitted(Question(edits=(edit,)), network)
