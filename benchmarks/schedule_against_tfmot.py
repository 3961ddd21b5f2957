"""Pruning while training against a plain TFMOT script of the same work.

Same trained network, schedule, optimizer, batches and validation images. The script is what
TFMOT's guide says: clone, wrap the hidden layers, compile, `fit` with UpdatePruningStep, strip,
evaluate. Ours also measures validation and test after each epoch.
"""

import numpy as np

from benchmarks.baseline import home, trained
from benchmarks.table import row, timed, title, verdict
from engine.datasets import Dataset, describe, load, normalised, split
from engine.networks.network import Network
from engine.pruning.plan.planning import Plan, plan_on
from engine.settings import ScheduleSettings

SETTINGS = ScheduleSettings()
ROUNDS = 2


def plain_tfmot(network: Network, planned: Plan, data: Dataset) -> tuple[float, float]:
    """Accuracy on the test images and zero share of the hidden kernels after `fit`."""
    from engine.training import keras_model  # noqa: PLC0415  # isort: skip  # sets TF_USE_LEGACY_KERAS
    import tensorflow_model_optimization as tfmot  # noqa: PLC0415
    import tf_keras as keras  # noqa: PLC0415

    keras.utils.set_random_seed(SETTINGS.seed)
    pruning = tfmot.sparsity.keras
    stairs, parts = planned.staircase, split(data, seed=SETTINGS.baseline.seed)
    images, labels = normalised(data.x_train), np.asarray(data.y_train)
    bare = keras_model.from_network(network)

    def cloned(layer: keras.layers.Layer) -> keras.layers.Layer:
        copy = layer.__class__.from_config(layer.get_config())
        if layer is bare.layers[-1]:
            return copy
        schedule = pruning.PolynomialDecay(
            0.0, stairs.target, stairs.begin, stairs.end, frequency=stairs.frequency
        )
        return pruning.prune_low_magnitude(copy, schedule)

    model = keras.models.clone_model(bare, clone_function=cloned)
    for copy, layer in zip(model.layers, network.layers, strict=True):
        copy.set_weights([layer.kernel, layer.bias])
    rate = keras.optimizers.schedules.CosineDecay(SETTINGS.learning_rate, planned.steps)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    model.fit(
        images[parts.train],
        labels[parts.train],
        batch_size=SETTINGS.batch_size,
        epochs=SETTINGS.epochs,
        validation_data=(images[parts.validation], labels[parts.validation]),
        callbacks=[pruning.UpdatePruningStep()],
        verbose=0,
    )
    stripped = pruning.strip_pruning(model)
    stripped.compile(loss=loss, metrics=["accuracy"])
    test = stripped.evaluate(normalised(data.x_test), np.asarray(data.y_test), verbose=0)
    return float(test[1]), _zero_share(keras_model.get_network(stripped))


def prunescope(network: Network, planned: Plan, data: Dataset) -> tuple[float, float]:
    """The same of the engine's own loop."""
    from engine.training.baseline import EpochReport, network_of  # noqa: PLC0415
    from engine.training.schedules.pruning import prune_during_training  # noqa: PLC0415

    reports = [tuned.report for tuned in prune_during_training(planned, network, data)]
    last = [report for report in reports if isinstance(report, EpochReport)][-1]
    return last.test.accuracy, _zero_share(network_of(last.state, network.architecture))


def main() -> None:
    title("Schedule: dense network on MNIST, 2 epochs of PolynomialDecay to 90 %, batch 128, Adam")
    with home():
        network, data = trained().network, load("mnist")
        planned = plan_on(SETTINGS, describe("mnist"))
        rounds = [
            (
                timed(lambda: plain_tfmot(network, planned, data)),
                timed(lambda: prunescope(network, planned, data)),
            )
            for _ in range(ROUNDS)
        ]
    for index, name in enumerate(("plain TFMOT", "prunescope")):
        seconds, (accuracy, zeros) = min(pair[index] for pair in rounds)
        figures = f"test accuracy {100 * accuracy:.2f} %, {100 * zeros:.2f} % zeros"
        row(f"{name}, best of {ROUNDS}", f"{seconds:.1f} s   {figures}")
    (slow, _), (fast, _) = (min(pair[index] for pair in rounds) for index in (0, 1))
    verdict("cost against plain TFMOT", fast / slow, 1.1, unit="times")


def _zero_share(network: Network) -> float:
    kernels = [layer.kernel for layer in network.hidden]
    zeros = sum(int(np.count_nonzero(kernel == 0)) for kernel in kernels)
    return zeros / sum(kernel.size for kernel in kernels)


if __name__ == "__main__":
    main()
