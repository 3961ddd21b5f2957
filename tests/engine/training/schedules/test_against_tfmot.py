"""The plan, and our faster masks, against TFMOT itself, run as its guide says."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.networks.architecture import architecture_of
from engine.networks.network import Network, initial_network
from engine.pruning.plan.planning import plan
from engine.settings import ScheduleSettings, TrainSettings
from tests.engine.training.schedules.conftest import CLASSES, TRAINED

pytestmark = pytest.mark.tensorflow

SCHEDULES: dict[str, Any] = {
    "constant, TFMOT's frequency": {"schedule": "constant", "frequency": 100},
    "constant": {"schedule": "constant", "frequency": 6, "target": 0.5},
    "constant that ends": {"schedule": "constant", "begin_step": 3, "end_step": 9, "frequency": 4},
    "polynomial": {"target": 0.9},
    "linear": {"target": 0.7, "initial": 0.2, "begin_step": 2, "power": 1.0, "frequency": 3},
    "too late": {"end_step": 50, "frequency": 5},
    "output layer": {"layers": (1, 3), "target": 0.8, "initial": 0.5, "end_step": 12},
    "2:4": {"pattern": "2:4", "target": 0.5, "layers": (1, 2, 3)},
    "blocks": {"block": (4, 1), "target": 0.6},
    "uneven blocks": {"block": (5, 2), "pooling": "max", "target": 0.6, "layers": (1,)},
    "blocks of many ends": {"block": (4, 4), "target": 0.5, "layers": (1, 2)},
    "a target per layer": {"target": 0.9, "targets": ((1, 0.5), (3, 0.3)), "layers": (1, 2, 3)},
    "constant, a target per layer": {
        "schedule": "constant",
        "frequency": 6,
        "targets": ((2, 0.4),),
        "block": (2, 1),
    },
    "guide-cnn": {"baseline": TrainSettings(network="guide-cnn"), "target": 0.7},
}


@pytest.fixture(params=list(SCHEDULES.values()), ids=list(SCHEDULES))
def settings(request, training):
    return ScheduleSettings(**{"baseline": training, "batch_size": 11} | request.param)


def test_plan_and_masks_are_those_of_tfmot_at_every_step(settings, dataset):
    network = network_for(settings)
    planned = plan(settings, images=TRAINED, architecture=network.architecture)
    rows, model = plain_tfmot(planned, network, dataset)
    assert len(rows) == planned.steps == 20
    for step, zeros in enumerate(rows, start=1):
        for kernel in planned.pruned:
            kept = planned.kept(kernel, step)
            low, high = kernel.size - kept.most - 1, kernel.size - kept.least + 1
            assert low <= zeros[kernel.layer] <= high, (step, kernel)
    ours, theirs = in_our_loop(planned, network, dataset), _with_kernel(model)
    for number, mask in ours.masks().items():
        np.testing.assert_array_equal(mask, theirs[number - 1].pruning_vars[0][1].numpy() != 0)
    for layer, trained in zip(ours.network().layers, theirs, strict=True):
        kernel = trained.get_weights()[0].reshape(layer.kernel.shape)
        np.testing.assert_allclose(layer.kernel, kernel, atol=1e-5)


def network_for(settings):
    """Random weights of the settings' shape, biases too."""
    shape = architecture_of(settings.baseline, (4, 4), CLASSES)
    rng = np.random.default_rng(1)
    layers = initial_network(shape, rng).layers
    noisy = (replace(x, bias=rng.normal(0, 0.02, x.units).astype(np.float32)) for x in layers)
    return Network(tuple(noisy))


def plain_tfmot(planned, network, dataset):
    """Zeros of each mask after every step of `fit`, by layer, and the model: as its guide says."""
    from engine.training import keras_model  # isort: skip  # sets TF_USE_LEGACY_KERAS
    import tensorflow_model_optimization as tfmot
    import tf_keras as keras

    from engine.training.schedules.masking import tfmot_schedule

    settings, chosen = planned.settings, {kernel.layer: kernel for kernel in planned.pruned}
    options = {"block_size": settings.block, "block_pooling_type": settings.pooling.upper()}
    options |= {"sparsity_m_by_n": (2, 4) if settings.pattern == "2:4" else None}
    bare = keras_model.from_network(network)

    numbers = {layer.name: n for n, layer in enumerate(_with_kernel(bare), start=1)}

    def cloned(layer):
        copy = layer.__class__.from_config(layer.get_config())
        kernel = chosen.get(numbers.get(layer.name))
        if kernel is None:
            return copy
        schedule = tfmot_schedule(planned.stairs(kernel))
        return tfmot.sparsity.keras.prune_low_magnitude(copy, schedule, **options)

    model = keras.models.clone_model(bare, clone_function=cloned)
    for copy, layer in zip(_with_kernel(model), _with_kernel(bare), strict=True):
        copy.set_weights(layer.get_weights())
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.001), loss)
    rows = []

    def note(batch, logs):
        masks = {n: _with_kernel(model)[n - 1].pruning_vars[0][1].numpy() for n in chosen}
        rows.append({n: mask.size - np.count_nonzero(mask) for n, mask in masks.items()})

    watch = keras.callbacks.LambdaCallback(on_batch_end=note)
    images = dataset.x_train[:TRAINED].astype(np.float32) / 255
    model.fit(
        images.reshape(-1, *model.input_shape[1:]),
        dataset.y_train[:TRAINED],
        batch_size=11,
        epochs=2,
        shuffle=False,
        callbacks=[tfmot.sparsity.keras.UpdatePruningStep(), watch],
        verbose=0,
    )
    return rows, model


def _with_kernel(model):
    return [layer for layer in model.layers if layer.trainable_weights]


def in_our_loop(planned, network, dataset):
    """The same steps in our loop with our faster search for the threshold."""
    from engine.training.schedules.masking import masked
    from engine.training.steps import Stepper, optimizer_of

    ours = masked(network, planned)
    ours.begin()
    optimizer = optimizer_of(TrainSettings(decay="constant"), planned.steps)
    stepper = Stepper(ours.wrapped, optimizer, dataset.x_train, dataset.y_train, size=11)
    for _ in range(2):
        list(stepper.epoch(np.arange(TRAINED), lambda *_: None))
        ours.mask_weights()
    return ours


def test_masks_are_found_by_our_search_and_not_by_the_full_sort_of_tfmot(monkeypatch, training):
    """Silent otherwise: should TFMOT call it by another name, masks would be equal but slow."""
    from engine.training.schedules.masking import pruned_at_once  # isort: skip  # comes first
    from tensorflow_model_optimization.python.core.sparsity.keras import pruning_impl

    def full_sort(self, weights):
        raise AssertionError("TFMOT sorts a whole kernel")

    settings = ScheduleSettings(baseline=training, batch_size=11, target=0.5)
    network = network_for(settings)
    monkeypatch.setattr(pruning_impl.Pruning, "_update_mask", full_sort)
    pruned = pruned_at_once(
        network, plan(settings, images=TRAINED, architecture=network.architecture)
    )
    assert np.mean(pruned.layers[0].kernel == 0) == pytest.approx(0.5, abs=0.01)
