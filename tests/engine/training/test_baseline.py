"""Training: the same numbers again, also after a restart from any epoch."""

import numpy as np
import pytest

from engine.datasets import Dataset
from engine.errors import InvalidInput
from engine.networks.architecture import architecture_of, dense, guide_cnn
from engine.networks.network import forward, initial_network
from engine.settings import TrainSettings

pytestmark = pytest.mark.tensorflow

CLASSES, INPUTS = 3, 16


@pytest.fixture(scope="module")
def training():
    from engine.training import baseline as training

    return training


@pytest.fixture(scope="module")
def stepping():
    from engine.training import steps as stepping

    return stepping


@pytest.fixture(scope="module")
def dataset():
    rng = np.random.default_rng(0)
    centres = rng.integers(0, 256, (CLASSES, INPUTS))

    def draw(count):
        labels = rng.integers(0, CLASSES, count).astype(np.uint8)
        noise = rng.normal(0, 30, (count, INPUTS))
        images = np.clip(centres[labels] + noise, 0, 255).astype(np.uint8)
        return images.reshape(-1, 4, 4), labels

    return Dataset("toy", *draw(500), *draw(90))


def settings(**changes):
    return TrainSettings.of(hidden=(12, 8), epochs=4, batch_size=32, **changes)


def epochs(training, dataset, wanted, **options):
    reports = list(training.train(wanted, dataset, **options))
    return [report for report in reports if isinstance(report, training.EpochReport)]


def same_state(one, other):
    return one.epoch == other.epoch and all(
        np.array_equal(a, b)
        for a, b in zip(
            (*one.weights, *one.optimizer), (*other.weights, *other.optimizer), strict=True
        )
    )


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "momentum", "rmsprop"])
@pytest.mark.parametrize("decay", ["cosine", "constant"])
def test_a_training_resumed_from_any_epoch_ends_as_if_never_stopped(
    training, stepping, dataset, optimizer, decay
):
    wanted = settings(optimizer=optimizer, decay=decay)
    whole = epochs(training, dataset, wanted)
    kept = stepping.load_state(stepping.dump_state(whole[1].state))
    rest = epochs(training, dataset, wanted, resume=kept)
    assert [report.epoch for report in rest] == [3, 4]
    assert same_state(rest[-1].state, whole[-1].state)
    assert (rest[-1].test, rest[-1].train) == (whole[-1].test, whole[-1].train)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_does_not(training, dataset):
    one, again = (epochs(training, dataset, settings())[-1] for _ in range(2))
    other = epochs(training, dataset, settings(seed=1))[-1]
    assert same_state(one.state, again.state)
    assert not np.array_equal(one.state.weights[0], other.state.weights[0])


def test_it_learns_what_can_be_learnt(training, dataset):
    last = epochs(training, dataset, settings(learning_rate=0.01))[-1]
    assert last.test.accuracy > 0.95
    assert last.validation.accuracy > 0.9


def test_every_image_is_used_once_per_epoch_and_steps_are_counted(training, dataset):
    wanted = settings()
    reports = list(training.train(wanted, dataset))
    steps = [report for report in reports if isinstance(report, training.StepReport)]
    images = 500 - 500 // 12
    assert steps[-1].step == steps[-1].steps == 4 * -(-images // 32)
    assert [s.step for s in steps] == sorted({s.step for s in steps})
    assert steps[-1].epochs == 4


def test_the_rate_decays_to_zero_by_cosine_and_stays_when_constant(training, dataset):
    cosine = [e.learning_rate for e in epochs(training, dataset, settings())]
    constant = [e.learning_rate for e in epochs(training, dataset, settings(decay="constant"))]
    last_steps = np.array([14, 29, 44, 59]) / 60  # 15 steps an epoch
    assert cosine == pytest.approx(0.0005 * (1 + np.cos(np.pi * last_steps)), abs=1e-8)
    assert constant == pytest.approx([0.001] * 4)


def test_reported_scores_are_those_of_the_stored_network(training, dataset):
    last = epochs(training, dataset, settings())[-1]
    images = dataset.x_test.reshape(90, -1).astype(np.float32) / 255
    logits = forward(training.network_of(last.state, dense((INPUTS, 12, 8, CLASSES))), images)
    assert np.mean(logits.argmax(1) == dataset.y_test) == last.test.accuracy


def test_the_test_set_decides_nothing(training, dataset):
    poisoned = Dataset("toy", dataset.x_train, dataset.y_train, dataset.x_test, 2 - dataset.y_test)
    one = epochs(training, dataset, settings())[-1].state
    other = epochs(training, poisoned, settings())[-1].state
    assert same_state(one, other)


def test_the_guide_cnn_trains_and_resumes_to_the_same_weights(training, stepping, dataset):
    wanted = TrainSettings(network="guide-cnn", epochs=3, batch_size=32, learning_rate=0.01)
    whole = epochs(training, dataset, wanted)
    kept = stepping.load_state(stepping.dump_state(whole[0].state))
    rest = epochs(training, dataset, wanted, resume=kept)
    assert same_state(rest[-1].state, whole[-1].state)
    network = training.network_of(whole[-1].state, guide_cnn((4, 4), CLASSES))
    images = dataset.x_test.reshape(90, -1).astype(np.float32) / 255
    accuracy = np.mean(forward(network, images).argmax(1) == dataset.y_test)
    assert accuracy == whole[-1].test.accuracy > 0.6


def test_flat_images_are_refused_by_the_guide_cnn_in_one_line(training, dataset):
    flat = Dataset(
        "toy",
        dataset.x_train.reshape(500, -1),
        dataset.y_train,
        dataset.x_test.reshape(90, -1),
        dataset.y_test,
    )
    with pytest.raises(
        InvalidInput, match="images must be at least 4 pixels high and wide for guide-cnn"
    ):
        next(training.train(TrainSettings(network="guide-cnn"), flat))


@pytest.mark.parametrize("network", ["dense", "guide-cnn"])
def test_the_gradient_steps_are_those_of_keras_fit(training, stepping, dataset, network):
    """One epoch of plain SGD in file order, against Keras itself."""
    from engine.datasets import split
    from engine.training import keras_model

    wanted = TrainSettings(
        network=network, epochs=1, batch_size=50, optimizer="sgd", decay="constant"
    )
    ours = epochs(training, dataset, wanted)[-1].state
    rows = np.random.default_rng((0, 1)).permutation(split(dataset, seed=0).train)
    shape = architecture_of(wanted, (4, 4), CLASSES)
    model = keras_model.from_network(initial_network(shape, np.random.default_rng((0, 0))))
    loss = stepping.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(stepping.keras.optimizers.SGD(0.001), loss)
    images = dataset.x_train.reshape(500, *model.input_shape[1:])[rows].astype(np.float32) / 255
    model.fit(images, dataset.y_train[rows], batch_size=50, shuffle=False, verbose=0)
    for mine, theirs in zip(ours.weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)
