"""The Keras model of a dense network."""

import os
import subprocess
import sys

import numpy as np
import pytest

from engine.network import forward, to_arrays
from tests.networks import random_network

WIDTHS = (6, 5, 4, 3)

pytestmark = pytest.mark.tensorflow


def test_the_model_answers_as_the_network_does() -> None:
    from engine import keras_model

    network = random_network(WIDTHS)
    images = np.random.default_rng(0).random((7, 6), np.float32)
    answers = keras_model.from_network(network)(images).numpy()
    np.testing.assert_allclose(answers, forward(network, images), atol=1e-6)


def test_the_weights_come_back_as_they_went_in() -> None:
    from engine import keras_model

    network = random_network(WIDTHS)
    model = keras_model.build(WIDTHS)
    keras_model.set_network(model, network)
    back = keras_model.get_network(model)
    assert keras_model.widths_of(back) == WIDTHS
    for ours, theirs in zip(to_arrays(network), to_arrays(back), strict=True):
        assert np.array_equal(ours, theirs)


def test_every_model_is_built_with_the_same_names() -> None:
    from engine import keras_model

    first, second = keras_model.build(WIDTHS), keras_model.build(WIDTHS)
    assert first.get_config() == second.get_config()
    assert [layer.name for layer in first.layers] == ["dense", "dense_1", "dense_2"]


@pytest.mark.parametrize("widths", [(), (5,), (5, 0, 2)])
def test_widths_that_make_no_network_are_refused(widths: tuple[int, ...]) -> None:
    from engine import keras_model

    with pytest.raises(ValueError, match="is not a dense network"):
        keras_model.build(widths)


def test_keras_3_is_refused_in_one_line() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import engine.keras_model"],
        env={**os.environ, "TF_USE_LEGACY_KERAS": "0"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.stderr.splitlines()[-1] == (
        "engine.errors.PrunescopeError: TensorFlow uses Keras 3 here, which cannot be pruned: "
        "unset TF_USE_LEGACY_KERAS, or set it to 1"
    )
