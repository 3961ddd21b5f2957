"""Training against plain Keras `fit` with the same settings, images and optimizer.

Ours also measures validation and test after each epoch; `fit` validates on the same images.
"""

import numpy as np

from benchmarks.baseline import home
from benchmarks.table import row, timed, title, verdict
from engine.datasets import Dataset, load, normalised, split
from engine.networks.architecture import architecture_of
from engine.settings import TrainSettings

SETTINGS = TrainSettings()
ROUNDS = 2


def plain_fit(data: Dataset) -> float:
    """Accuracy on the test images after `fit`."""
    from engine.training import keras_model  # noqa: PLC0415  # isort: skip  # silences TensorFlow
    import tf_keras as keras  # noqa: PLC0415

    keras.utils.set_random_seed(SETTINGS.seed)
    parts = split(data, seed=SETTINGS.seed)
    images, labels = normalised(data.x_train), np.asarray(data.y_train)
    model = keras_model.build(architecture_of(SETTINGS, data.image_shape, data.classes))
    steps = -(-len(parts.train) // SETTINGS.batch_size) * SETTINGS.epochs
    rate = keras.optimizers.schedules.CosineDecay(SETTINGS.learning_rate, steps)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    model.fit(
        images[parts.train],
        labels[parts.train],
        batch_size=SETTINGS.batch_size,
        epochs=SETTINGS.epochs,
        validation_data=(images[parts.validation], labels[parts.validation]),
        verbose=0,
    )
    return float(model.evaluate(normalised(data.x_test), np.asarray(data.y_test), verbose=0)[1])


def prunescope(data: Dataset) -> float:
    """Accuracy on the test images after the engine's training."""
    from engine.training.baseline import EpochReport, train  # noqa: PLC0415

    last = [report for report in train(SETTINGS, data) if isinstance(report, EpochReport)][-1]
    return last.test.accuracy


def main() -> None:
    title("Training: dense network on MNIST, 3 epochs, batch 128, Adam")
    with home():
        data = load("mnist")
        rounds = [
            (timed(lambda: plain_fit(data)), timed(lambda: prunescope(data))) for _ in range(ROUNDS)
        ]
    slow, theirs = min(fit for fit, _ in rounds)
    fast, ours = min(mine for _, mine in rounds)
    row("plain fit, best of 2", f"{slow:.1f} s   test accuracy {100 * theirs:.2f} %")
    row("prunescope, best of 2", f"{fast:.1f} s   test accuracy {100 * ours:.2f} %")
    verdict("ratio", slow / fast, 1, unit="times", at_least=True)


if __name__ == "__main__":
    main()
