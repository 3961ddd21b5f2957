"""Pruning while training: the same numbers again, from any epoch, and never a changed baseline."""

import dataclasses
import itertools
import math

import numpy as np
import pytest

from engine.networks.architecture import LayerShape, dense, guide_cnn
from engine.networks.convolution import Convolution
from engine.networks.network import from_arrays, initial_network, to_arrays
from engine.pruning.plan.planning import plan
from engine.settings import ScheduleSettings, TrainSettings
from tests.engine.training.schedules.conftest import CLASSES, INPUTS
from tests.networks import random_network

pytestmark = pytest.mark.tensorflow

BASELINE = random_network((INPUTS, 12, 9, CLASSES))


@pytest.fixture
def settings(training):
    def make(**fields):
        fields = {"fine_tune_epochs": 3, "learning_rate": 0.01, "target": 0.8} | fields
        return ScheduleSettings(baseline=training, batch_size=11, **fields)

    return make


def tuned(settings, dataset, *, baseline=BASELINE, resume=None):
    """Plan, every report, and the state at the end of each epoch."""
    from engine.training.baseline import EpochReport
    from engine.training.schedules import pruning

    network = pruning.starting_network(settings, baseline if settings.needs else None, dataset)
    plan = pruning.plan_for(settings, network, dataset)
    reports = list(pruning.prune_during_training(plan, network, dataset, resume=resume))
    states = [each.report.state for each in reports if isinstance(each.report, EpochReport)]
    return plan, reports, states


def final(state):
    return from_arrays(state.weights)


def same(one, other):
    arrays = zip(
        (*one.weights, *one.optimizer, *one.pruning),
        (*other.weights, *other.optimizer, *other.pruning),
        strict=True,
    )
    return one.epoch == other.epoch and all(np.array_equal(a, b) for a, b in arrays)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"optimizer": "momentum", "decay": "constant", "schedule": "constant", "frequency": 4},
        {"pattern": "2:4", "target": 0.5},
        {"rule": "unpruned"},
    ],
)
def test_resumed_from_any_epoch_it_ends_as_if_never_stopped(settings, dataset, fields):
    from engine.training.steps import dump_state, load_state

    _, whole, states = tuned(settings(**fields), dataset)
    kept = load_state(dump_state(states[0]))
    _, rest, again = tuned(settings(**fields), dataset, resume=kept)
    assert [state.epoch for state in again] == [2, 3]
    assert same(again[-1], states[-1])
    assert rest[-1].sparsities == whole[-1].sparsities
    assert rest[-1].regrown == whole[-1].regrown
    assert rest[-1].report.test == whole[-1].report.test


def test_the_baseline_is_never_touched(settings, dataset):
    before = [array.copy() for array in to_arrays(BASELINE)]
    tuned(settings(), dataset)
    tuned(settings(unit_sparsity=0.5), dataset)
    for array, copy in zip(to_arrays(BASELINE), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_masks_are_as_planned_at_every_report_and_the_network_holds_the_zeros(settings, dataset):
    plan, reports, states = tuned(settings(layers=(1, 3)), dataset)
    for each in reports:
        step = getattr(each.report, "step", None) or each.report.epoch * plan.steps_per_epoch
        assert set(each.sparsities) == {1, 3}
        assert plan.agrees(step, each.sparsities), step
    network = final(states[-1])
    assert reports[-1].zeros == reports[-1].sparsities
    for number, layer in enumerate(network.layers, start=1):
        zeros = np.count_nonzero(layer.kernel == 0) / layer.kernel.size
        assert zeros == pytest.approx(reports[-1].sparsities.get(number, 0), abs=1e-9)
        assert np.count_nonzero(layer.bias == 0) == 0


def test_weights_that_return_between_updates_are_counted(settings, dataset):
    _, reports, states = tuned(
        settings(schedule="constant", target=0.5, frequency=1, learning_rate=0.1), dataset
    )
    counts = [each.regrown for each in reports if each.regrown]
    masks = [state.pruning[::3] for state in states]
    expected = [
        [int(np.sum(now & ~before)) for before, now in zip(*pair, strict=True)]
        for pair in itertools.pairwise(masks)
    ]
    assert [list(each.values()) for each in counts] == expected
    assert sum(sum(each) for each in expected) > 0


def test_hybrid_removes_units_first_and_no_zero_grows_back(settings, dataset):
    plan, reports, states = tuned(settings(unit_sparsity=0.5), dataset)
    assert [kernel.shape for kernel in plan.kernels] == [(INPUTS, 6), (6, 5), (5, CLASSES)]
    network = final(states[-1])
    assert [layer.kernel.shape for layer in network.layers] == [(INPUTS, 6), (6, 5), (5, CLASSES)]
    for kernel in plan.pruned:
        left = np.count_nonzero(network.layers[kernel.layer - 1].kernel)
        assert left == plan.kept(kernel, plan.steps).expected
        assert reports[-1].sparsities[kernel.layer] == pytest.approx(1 - left / kernel.size)


def test_from_scratch_the_seed_decides_the_weights(settings, dataset):
    from engine.training.schedules.pruning import starting_network

    one, again, other = (
        starting_network(settings(start="scratch", seed=seed), None, dataset) for seed in (0, 0, 1)
    )
    assert np.array_equal(one.layers[0].kernel, again.layers[0].kernel)
    assert not np.array_equal(one.layers[0].kernel, other.layers[0].kernel)


def test_the_small_rival_trains_as_long_as_baseline_and_fine_tuning_together(settings, dataset):
    small = settings(rule="small", target=0.5)
    plan, reports, states = tuned(small, dataset)
    assert len(states) == small.baseline.epochs + 3
    assert plan.pruned == ()
    kept = dataclasses.replace(small, rule="prune")
    from engine.pruning.plan.baselines import nonzero_parameters

    count = nonzero_parameters(kept, BASELINE.architecture)
    assert final(states[-1]).parameters == pytest.approx(count, rel=0.15)
    assert reports[-1].sparsities == {}


def test_at_once_is_the_same_pattern_without_training(settings, dataset):
    from engine.training.schedules import masking, pruning

    for fields in ({}, {"pattern": "2:4", "target": 0.5}, {"block": (4, 1)}):
        plan = pruning.plan_for(settings(**fields), BASELINE, dataset)
        network = masking.pruned_at_once(BASELINE, plan)
        for kernel in plan.pruned:
            new, old = (x.layers[kernel.layer - 1].kernel for x in (network, BASELINE))
            assert np.count_nonzero(new) == plan.kept(kernel, plan.steps).expected
            np.testing.assert_array_equal(new[new != 0], old[new != 0])
        np.testing.assert_array_equal(network.output.kernel, BASELINE.output.kernel)


def test_a_network_that_has_diverged_is_trained_to_the_end_and_says_so(settings, dataset):
    from engine.networks.network import Layer, Network
    from engine.training.schedules import pruning

    *hidden, output = BASELINE.layers
    kernel = np.where(output.kernel > 0.3, np.float32(np.nan), output.kernel)
    broken = Network((*hidden, Layer(kernel, output.bias)))
    plan = pruning.plan_for(settings(layers=(1, 2, 3)), broken, dataset)
    reports = list(pruning.prune_during_training(plan, broken, dataset))
    assert math.isnan(reports[-1].report.test.loss)  # type: ignore[union-attr]


def test_only_layers_with_a_kernel_are_wrapped(training):
    from engine.training.schedules.masking import wrap  # isort: skip  # sets TF_USE_LEGACY_KERAS
    import tf_keras as keras

    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((64,)),
            layers.Reshape((8, 8, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Dropout(0.2),
            layers.Flatten(),
            layers.Dense(5, use_bias=False),
        ]
    )
    where = Convolution(8, 8, 1, window=3, pool=2)
    shape = (LayerShape(64, 4, where), LayerShape(36, 5))
    settings = ScheduleSettings(baseline=training, layers=(1, 2))
    masked = wrap(model, plan(settings, images=100, architecture=shape))
    names = [type(layer).__name__ for layer in masked.wrapped.layers]
    assert names == [
        "Reshape",
        "_Wrapper",
        "BatchNormalization",
        "MaxPooling2D",
        "Dropout",
        "Flatten",
        "_Wrapper",
    ]
    assert [mask.shape for mask in masked.masks().values()] == [(3, 3, 1, 4), (36, 5)]
    plain = [layer for layer in masked.wrapped.layers if type(layer).__name__ != "_Wrapper"]
    assert all(layer in model.layers for layer in plain)
    with pytest.raises(ValueError, match="layer 1 has a kernel"):
        wrap(model, plan(settings, images=100, architecture=dense((64, 4, 7))))


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_the_guide_cnn_is_pruned_in_both_layers_also_after_filters_are_removed(dataset, share):
    baseline = TrainSettings(network="guide-cnn")
    settings = ScheduleSettings(
        baseline=baseline, target=0.75, batch_size=11, fine_tune_epochs=1, unit_sparsity=share
    )
    network = initial_network(guide_cnn((4, 4), CLASSES), np.random.default_rng(0))
    plan, reports, states = tuned(settings, dataset, baseline=network)
    filters = 6 if share else 12
    assert [kernel.shape for kernel in plan.pruned] == [(3, 3, 1, filters), (filters, CLASSES)]
    assert plan.agrees(plan.steps, reports[-1].sparsities)
    after = from_arrays(states[-1].weights, network.convolutions)
    for kernel, layer in zip(plan.pruned, after.layers, strict=True):
        assert np.count_nonzero(layer.kernel) == plan.kept(kernel, plan.steps).expected
