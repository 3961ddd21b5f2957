import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInput
from engine.networks.network import Layer, Network, forward, to_arrays
from engine.pruning.prune import Pruned, prune, untouched
from engine.settings import count_of
from engine.system import registry
from tests import reference
from tests.networks import (
    any_values,
    convolutional_networks,
    few_values,
    networks,
    random_cnn,
    random_network,
    sparsities,
)

METHODS = registry.names("methods")

scopes = st.sampled_from(["layer", "global"])
bias_rules = st.sampled_from(["kept", "pruned"])
norms = st.sampled_from(["l1", "l2"])
methods = st.sampled_from(METHODS)
one_shot = st.sampled_from([m for m in METHODS if m != "hybrid"])
tied = networks(few_values) | convolutional_networks(few_values)
toys = tied | networks(any_values) | convolutional_networks(any_values)


def arrays_equal(a: Network, b: Network) -> bool:
    pairs = zip(to_arrays(a), to_arrays(b), strict=True)
    return all(x.tobytes() == y.tobytes() for x, y in pairs)


def pruned_flags(pruned: Pruned) -> list[list[bool]]:
    prunable = pruned.masks.kernels[: len(pruned.network.prunable)]
    return [(~kernel).ravel().tolist() for kernel in prunable]


def pruned_bias_flags(pruned: Pruned) -> list[list[bool]]:
    return [(~bias).tolist() for bias in pruned.masks.biases[: len(pruned.network.prunable)]]


@given(toys, sparsities, scopes)
def test_weight_pruning_agrees_with_the_reference(net: Network, k: float, scope: str) -> None:
    pruned = prune(net, method="weight", sparsity=k, scope=scope, bias="pruned")
    layers = reference.plain(net)
    assert pruned_flags(pruned) == reference.pruned_weights(layers, k, scope)
    assert pruned_bias_flags(pruned) == reference.pruned_biases(layers, k, scope)


@given(tied, sparsities, scopes, bias_rules, norms)
def test_unit_pruning_agrees_with_the_reference(
    net: Network, k: float, scope: str, bias: str, norm: str
) -> None:
    pruned = prune(net, method="unit", sparsity=k, scope=scope, bias=bias, norm=norm)
    layers = reference.plain(net)
    dead = reference.dead_units(layers, k, scope, norm)
    assert [d.tolist() for d in pruned.dead_units] == dead
    expected = reference.as_arrays(reference.zero_units(layers, dead, bias))
    assert all(np.array_equal(*p) for p in zip(to_arrays(pruned.network), expected, strict=True))


@given(tied, sparsities, scopes, bias_rules, norms, st.sampled_from([0, 0.5, 1]))
def test_hybrid_pruning_agrees_with_the_reference(
    net: Network, k: float, scope: str, bias: str, norm: str, share: float
) -> None:
    pruned = prune(
        net, method="hybrid", sparsity=k, scope=scope, bias=bias, norm=norm, unit_share=share
    )
    told = reference.hybrid(reference.plain(net), k, scope, bias, norm, share)
    expected = reference.as_arrays(told)
    assert all(np.array_equal(*p) for p in zip(to_arrays(pruned.network), expected, strict=True))


@given(toys, sparsities, scopes, bias_rules)
def test_hybrid_zeroes_exactly_k_unless_units_alone_zero_more(
    net: Network, k: float, scope: str, bias: str
) -> None:
    pruned = prune(net, method="hybrid", sparsity=k, scope=scope, bias=bias, unit_share=0)
    sizes = [layer.kernel.size for layer in net.prunable]
    found = [int(np.count_nonzero(~kernel)) for kernel in pruned.masks.kernels[: len(sizes)]]
    if scope == "layer":
        assert found == [count_of(size, k) for size in sizes]
    assert sum(found) <= count_of(sum(sizes), k) < sum(sizes)


def test_hybrid_counts_dead_columns_and_dead_rows_as_zero_entries() -> None:
    net = random_network((8, 10, 20, 4))
    pruned = prune(net, method="hybrid", sparsity=0.6, unit_share=0.5)
    zeros = [int(np.count_nonzero(layer.kernel == 0)) for layer in pruned.network.hidden]
    assert zeros == [48, 120]
    second = pruned.network.layers[1].kernel
    assert not second[pruned.dead_units[0]].any()
    assert not second[:, pruned.dead_units[1]].any()
    assert np.array_equal(pruned.network.output.kernel, net.output.kernel)


CNN_FILTERS = {
    # K: filters that go, of 12
    0.25: 3, 0.5: 6, 0.6: 7, 0.7: 8, 0.8: 9, 0.9: 10, 0.95: 11, 0.97: 11, 0.99: 11,
}  # fmt: skip


@pytest.mark.parametrize(("k", "gone"), CNN_FILTERS.items())
def test_the_guide_cnn_loses_whole_filters_and_never_the_last(k: float, gone: int) -> None:
    net = random_cnn()
    pruned = prune(net, method="unit", sparsity=k, bias="pruned")
    assert [int(np.count_nonzero(dead)) for dead in pruned.dead_units] == [gone]
    assert pruned.masks.kernels[1].all()
    norms = np.linalg.norm(net.layers[0].kernel, axis=0)
    assert norms[pruned.dead_units[0]].max() < norms[~pruned.dead_units[0]].min()


@pytest.mark.parametrize("k", [0.25, 0.5, 0.9, 0.99])
def test_of_the_guide_cnn_both_kernels_lose_weights(k: float) -> None:
    pruned = prune(random_cnn(), method="weight", sparsity=k)
    zeros = [int(np.count_nonzero(layer.kernel == 0)) for layer in pruned.network.layers]
    assert zeros == [count_of(108, k), count_of(20_280, k)]
    assert all(bias.all() for bias in pruned.masks.biases)


def test_hybrid_pruning_of_the_guide_cnn_counts_the_rows_of_dead_filters() -> None:
    pruned = prune(random_cnn(), method="hybrid", sparsity=0.5, unit_share=0.5)
    first, output = pruned.network.layers
    dead = pruned.dead_units[0]
    assert np.count_nonzero(dead) == 3
    assert [int(np.count_nonzero(x.kernel == 0)) for x in (first, output)] == [54, 10_140]
    assert not output.kernel.reshape(169, 12, 10)[:, dead].any()


@given(toys, methods, scopes, bias_rules)
def test_k_zero_is_the_identity(net: Network, method: str, scope: str, bias: str) -> None:
    pruned = prune(net, method=method, sparsity=0, scope=scope, bias=bias)
    assert arrays_equal(pruned.network, net)
    assert all(mask.all() for mask in (*pruned.masks.kernels, *pruned.masks.biases))


@given(toys, one_shot, scopes, bias_rules, sparsities, sparsities)
def test_masks_are_nested_in_k(
    net: Network, method: str, scope: str, bias: str, a: float, b: float
) -> None:
    low, high = (
        prune(net, method=method, sparsity=k, scope=scope, bias=bias).masks for k in sorted((a, b))
    )
    pairs = zip((*low.kernels, *low.biases), (*high.kernels, *high.biases), strict=True)
    assert all(np.array_equal(before & kept, kept) for before, kept in pairs)


@given(toys, one_shot, scopes, bias_rules, sparsities, sparsities)
def test_pruning_again_at_a_lower_k_changes_nothing(
    net: Network, method: str, scope: str, bias: str, a: float, b: float
) -> None:
    low, high = sorted((a, b))
    once = prune(net, method=method, sparsity=high, scope=scope, bias=bias).network
    again = prune(once, method=method, sparsity=low, scope=scope, bias=bias).network
    assert all(np.array_equal(*p) for p in zip(to_arrays(once), to_arrays(again), strict=True))


@given(toys, methods, scopes, bias_rules, sparsities)
def test_the_baseline_and_the_output_layer_stay_as_they_are(
    net: Network, method: str, scope: str, bias: str, k: float
) -> None:
    before = [array.tobytes() for array in to_arrays(net)]
    pruned = prune(net, method=method, sparsity=k, scope=scope, bias=bias)
    assert [array.tobytes() for array in to_arrays(net)] == before
    if not net.prunes_output or method in {"unit", "random-unit"}:
        assert np.array_equal(pruned.network.output.kernel, net.output.kernel)
        assert pruned.masks.kernels[-1].all()
        if method != "hybrid":  # there it takes the constants of dead units
            assert np.array_equal(pruned.network.output.bias, net.output.bias)


@given(toys, methods, scopes, sparsities)
def test_at_least_one_weight_survives(net: Network, method: str, scope: str, k: float) -> None:
    pruned = prune(net, method=method, sparsity=k, scope=scope)
    assert any(kernel.any() for kernel in pruned.masks.kernels[: len(net.prunable)])


@given(toys, scopes, sparsities)
def test_every_layer_keeps_a_unit(net: Network, scope: str, k: float) -> None:
    for method in ("unit", "random-unit"):
        pruned = prune(net, method=method, sparsity=k, scope=scope)
        assert not any(flags.all() for flags in pruned.dead_units)


@pytest.mark.parametrize("method", ["random-weight", "random-unit"])
def test_chance_is_reproducible_by_its_seed(method: str) -> None:
    net = random_network((6, 20, 20, 3))
    first, same, other = (prune(net, method=method, sparsity=0.5, seed=s) for s in (1, 1, 2))
    assert arrays_equal(first.network, same.network)
    assert not arrays_equal(first.network, other.network)


def test_random_pruning_takes_as_many_as_magnitude_does() -> None:
    net = random_network((6, 20, 20, 3))
    for pair in (("weight", "random-weight"), ("unit", "random-unit")):
        a, b = (prune(net, method=m, sparsity=0.37, bias="pruned").masks for m in pair)
        assert [k.sum() for k in a.kernels] == [k.sum() for k in b.kernels]
        assert [k.sum() for k in a.biases] == [k.sum() for k in b.biases]


def test_kept_biases_leave_a_pruned_unit_constant() -> None:
    layer = Layer(np.array([[1, 5]], "f4"), np.array([0.5, 0], "f4"))
    net = Network((layer, Layer(np.ones((2, 1), "f4"), np.zeros(1, "f4"))))
    kept = prune(net, method="unit", sparsity=0.5).network
    silent = prune(net, method="unit", sparsity=0.5, bias="pruned").network
    images = np.array([[0], [2]], "f4")
    assert forward(kept, images).ravel().tolist() == [0.5, 10.5]
    assert forward(silent, images).ravel().tolist() == [0, 10]


def test_the_norms_can_disagree_about_the_weakest_unit() -> None:
    kernel = np.array([[3, 2], [0, 2]], "f4")  # l1: 3 < 4; l2: 3 > sqrt(8)
    net = Network(
        (Layer(kernel, np.zeros(2, "f4")), Layer(np.ones((2, 1), "f4"), np.ones(1, "f4")))
    )
    dead = {n: prune(net, method="unit", sparsity=0.5, norm=n).dead_units[0] for n in ("l1", "l2")}
    assert dead["l1"].tolist() == [True, False]
    assert dead["l2"].tolist() == [False, True]


def test_nan_weights_do_not_break_the_counts() -> None:
    net = Network(
        (
            Layer(np.full((4, 4), np.nan, "f4"), np.full(4, np.nan, "f4")),
            Layer(np.ones((4, 2), "f4"), np.ones(2, "f4")),
        )
    )
    for method in METHODS:
        for scope in ("layer", "global"):
            masks = prune(net, method=method, sparsity=0.5, scope=scope).masks
            assert np.count_nonzero(~masks.kernels[0]) == 8


def test_the_baseline_is_its_own_point() -> None:
    net = random_network((3, 4, 2))
    assert untouched(net).network is net
    assert untouched(net).masks.is_full


def test_every_method_of_the_settings_is_in_the_room() -> None:
    assert registry.names("methods") == METHODS


@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("method", "magic", "method must be one of weight, unit"),
        ("scope", "local", "scope must be one of layer, global"),
        ("bias", "gone", "bias must be one of kept, pruned"),
        ("norm", "l3", "norm must be one of l2, l1"),
        ("sparsity", 1.0, "sparsity must be a fraction from 0 to 0.99, not 1.0"),
        ("sparsity", float("nan"), "not nan"),
        ("sparsity", "half", "not 'half'"),
        ("unit_share", 1.5, "unit share must be a number from 0 to 1"),
        ("seed", -1, "seed must be a whole number"),
    ],
)
def test_bad_arguments_get_one_clear_line(argument: str, value: object, message: str) -> None:
    arguments: dict[str, object] = {"method": "weight", "sparsity": 0.5, argument: value}
    with pytest.raises(InvalidInput, match=message):
        prune(random_network((2, 2, 2)), **arguments)  # type: ignore[arg-type]
