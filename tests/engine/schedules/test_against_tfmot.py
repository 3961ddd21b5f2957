"""The plan, and our faster masks, against TFMOT itself, run as its guide says."""

from typing import Any

import numpy as np
import pytest

from engine.architecture import dense
from engine.pruning.plan.planning import plan
from engine.settings import ScheduleSettings
from tests.engine.schedules.conftest import CLASSES, INPUTS, TRAINED
from tests.networks import random_network

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
}


@pytest.fixture(params=list(SCHEDULES.values()), ids=list(SCHEDULES))
def planned(request, training):
    settings = ScheduleSettings(baseline=training, batch_size=11, **request.param)
    return plan(settings, images=TRAINED, shape=dense((INPUTS, 12, 9, CLASSES)))


def test_plan_and_masks_are_those_of_tfmot_at_every_step(planned, dataset):
    images = dataset.x_train[:TRAINED].reshape(TRAINED, -1).astype(np.float32) / 255
    network = random_network((INPUTS, 12, 9, CLASSES))
    rows, model = plain_tfmot(planned, network, images, dataset.y_train[:TRAINED])
    assert len(rows) == planned.steps == 20
    for step, zeros in enumerate(rows, start=1):
        for kernel in planned.pruned:
            kept = planned.kept(kernel, step)
            low, high = kernel.size - kept.most - 1, kernel.size - kept.least + 1
            assert low <= zeros[kernel.layer] <= high, (step, kernel)
    ours = in_our_loop(planned, network, dataset)
    for number, mask in ours.masks().items():
        theirs = model.layers[number - 1].pruning_vars[0][1].numpy()
        np.testing.assert_array_equal(mask, theirs != 0)
    for layer, trained in zip(ours.network().layers, model.layers, strict=True):
        np.testing.assert_allclose(layer.kernel, trained.get_weights()[0], atol=1e-5)


def plain_tfmot(planned, network, images, labels):
    """Zeros of each mask after every step of `fit`, by layer, and the model: as its guide says."""
    from engine import keras_model  # isort: skip  # sets TF_USE_LEGACY_KERAS
    import tensorflow_model_optimization as tfmot
    import tf_keras as keras

    from engine.schedules.masking import schedule_of

    settings, chosen = planned.settings, {kernel.layer for kernel in planned.pruned}
    options = {"block_size": settings.block, "block_pooling_type": settings.pooling.upper()}
    options |= {"sparsity_m_by_n": (2, 4) if settings.pattern == "2:4" else None}
    bare = keras_model.from_network(network)

    def cloned(layer):
        copy = layer.__class__.from_config(layer.get_config())
        if bare.layers.index(layer) + 1 not in chosen:
            return copy
        schedule = schedule_of(planned.staircase)
        return tfmot.sparsity.keras.prune_low_magnitude(copy, schedule, **options)

    model = keras.models.clone_model(bare, clone_function=cloned)
    for mine, layer in zip(model.layers, network.layers, strict=True):
        mine.set_weights([layer.kernel, layer.bias])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.001), loss)
    rows = []

    def note(batch, logs):
        masks = {n: model.layers[n - 1].pruning_vars[0][1].numpy() for n in chosen}
        rows.append({n: mask.size - np.count_nonzero(mask) for n, mask in masks.items()})

    watch = keras.callbacks.LambdaCallback(on_batch_end=note)
    model.fit(
        images,
        labels,
        batch_size=11,
        epochs=2,
        shuffle=False,
        callbacks=[tfmot.sparsity.keras.UpdatePruningStep(), watch],
        verbose=0,
    )
    return rows, model


def in_our_loop(planned, network, dataset):
    """The same steps in our loop with our faster search for the threshold."""
    from engine.schedules.masking import masked
    from engine.settings import TrainSettings
    from engine.stepping import Stepper, optimizer_of

    ours = masked(network, planned)
    ours.begin()
    optimizer = optimizer_of(TrainSettings(decay="constant"), planned.steps)
    stepper = Stepper(ours.wrapped, optimizer, dataset.x_train, dataset.y_train, size=11)
    for _ in range(2):
        list(stepper.epoch(np.arange(TRAINED), lambda *_: None))
        ours.mask_weights()
    return ours
