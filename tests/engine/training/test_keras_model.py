"""The Keras model of a dense network."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings

from engine.networks.architecture import dense, guide_cnn
from engine.networks.forward import evaluation_set, fast_forward
from engine.networks.metrics import evaluate_logits
from engine.networks.network import Network, forward, to_arrays
from engine.pruning.prune import prune
from engine.pruning.shrink import shrink
from tests.networks import any_values, convolutional_networks, random_cnn, random_network

WIDTHS = (6, 5, 4, 3)

pytestmark = pytest.mark.tensorflow


def test_the_model_answers_as_the_network_does() -> None:
    from engine.training import keras_model

    network = random_network(WIDTHS)
    images = np.random.default_rng(0).random((7, 6), np.float32)
    answers = keras_model.from_network(network)(images).numpy()
    np.testing.assert_allclose(answers, forward(network, images), atol=1e-6)


def test_the_weights_come_back_as_they_went_in() -> None:
    from engine.training import keras_model

    network = random_network(WIDTHS)
    model = keras_model.build(dense(WIDTHS))
    keras_model.set_network(model, network)
    back = keras_model.get_network(model)
    assert back.architecture == dense(WIDTHS)
    for ours, theirs in zip(to_arrays(network), to_arrays(back), strict=True):
        assert np.array_equal(ours, theirs)


def test_every_model_is_built_with_the_same_names() -> None:
    from engine.training import keras_model

    first, second = keras_model.build(dense(WIDTHS)), keras_model.build(dense(WIDTHS))
    assert first.get_config() == second.get_config()
    assert [layer.name for layer in first.layers] == ["dense", "dense_1", "dense_2"]


def test_the_guide_cnn_is_the_model_of_the_pruning_guide() -> None:
    from engine.training import keras_model

    model = keras_model.build(guide_cnn((28, 28), 10))
    assert model.input_shape == (None, 28, 28)
    assert [(layer.name, layer.output_shape[1:]) for layer in model.layers] == [
        ("reshape", (28, 28, 1)),
        ("conv2d", (26, 26, 12)),
        ("max_pooling2d", (13, 13, 12)),
        ("flatten", (2028,)),
        ("dense", (10,)),
    ]
    assert model.count_params() == 20_410


def test_images_with_channels_need_no_reshape() -> None:
    from engine.training import keras_model

    model = keras_model.build(guide_cnn((32, 32, 3), 10))
    assert model.input_shape == (None, 32, 32, 3)
    assert [layer.name for layer in model.layers][:2] == ["conv2d", "max_pooling2d"]


@settings(max_examples=20)
@given(convolutional_networks(any_values))
def test_a_model_of_convolutions_answers_as_the_network_does(network: Network) -> None:
    from engine.training import keras_model

    model = keras_model.from_network(network)
    read = keras_model.image_shape(network.architecture)
    images = np.random.default_rng(0).random((3, network.layers[0].inputs), np.float32)
    answers = model(images.reshape(-1, *read)).numpy()
    np.testing.assert_allclose(answers, forward(network, images), rtol=1e-4, atol=1e-3)
    back = keras_model.get_network(model)
    assert back.architecture == network.architecture
    for ours, theirs in zip(to_arrays(network), to_arrays(back), strict=True):
        assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("method", ["baseline", "weight", "unit", "hybrid"])
def test_accuracy_and_loss_of_the_guide_cnn_are_those_that_keras_finds(method: str) -> None:
    import tf_keras as keras

    from engine.training import keras_model
    from engine.training.forward import tensor_forward

    whole = random_cnn()
    network = whole if method == "baseline" else prune(whole, method=method, sparsity=0.5).network
    rng = np.random.default_rng(0)
    images, labels = rng.random((300, 784), np.float32), rng.integers(0, 10, 300).astype(np.uint8)
    model = keras_model.from_network(network)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(loss=loss, metrics=["accuracy"])
    theirs = model.evaluate(images.reshape(-1, 28, 28), labels, verbose=0)
    inputs = evaluation_set(images, labels)
    for answer in (fast_forward, tensor_forward):
        ours = evaluate_logits(answer(shrink(network), inputs), labels, 10)
        assert ours.loss == pytest.approx(theirs[0], abs=1e-4)
        assert ours.accuracy == pytest.approx(theirs[1], abs=1e-6)


def test_only_layers_with_a_kernel_stand_for_layers() -> None:
    import tf_keras as keras

    from engine.training import keras_model

    model = keras_model.build(guide_cnn((28, 28), 10))
    assert [layer.name for layer in keras_model.with_kernel(model)] == ["conv2d", "dense"]
    shapeless = [
        keras.layers.Reshape((4, 4, 1)),
        keras.layers.BatchNormalization(),
        keras.layers.MaxPooling2D(2),
        keras.layers.Dropout(0.5),
        keras.layers.Flatten(),
    ]
    assert keras_model.with_kernel(keras.Sequential([keras.Input((16,)), *shapeless])) == []


def test_what_is_no_network_is_not_built() -> None:
    from engine.training import keras_model

    with pytest.raises(ValueError, match="a network ends in a dense layer"):
        keras_model.build(guide_cnn((28, 28), 10)[:1])


def test_keras_3_is_refused_in_one_line() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import engine.training.keras_model"],
        env={**os.environ, "TF_USE_LEGACY_KERAS": "0"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.stderr.splitlines()[-1] == (
        "engine.errors.PrunescopeError: TensorFlow uses Keras 3 here, which cannot be pruned: "
        "unset TF_USE_LEGACY_KERAS, or set it to 1"
    )
