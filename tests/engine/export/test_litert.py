"""LiteRT's answers over whole test sets."""

import numpy as np
import pytest

from engine.errors import StorageError
from engine.networks.network import forward
from tests.engine.export.shapes import MIXED, convert
from tests.networks import random_cnn, random_network

pytestmark = pytest.mark.tensorflow

NETWORK = random_network(MIXED)


@pytest.fixture(scope="module")
def file() -> bytes:

    return convert(NETWORK, "float32")


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2500])
def test_every_image_is_answered_once_and_in_order(file: bytes, count: int) -> None:
    from engine.export.litert import logits

    images = np.random.default_rng(0).random((count, MIXED[0]), np.float32)
    answers = logits(file, images)
    assert answers.shape == (count, 10)
    assert answers.dtype == np.float32
    np.testing.assert_allclose(answers, forward(NETWORK, images), atol=1e-5)


@pytest.mark.parametrize("image", [(28, 28), (8, 9, 3)])
def test_files_that_read_images_are_given_vectors_as_any_other(image: tuple[int, ...]) -> None:
    from engine.export.converter import convert
    from engine.export.litert import logits

    network = random_cnn(image)
    images = np.random.default_rng(0).random((1001, network.layers[0].inputs), np.float32)
    exact = forward(network, images)
    answers = logits(convert(network, "float32"), images)
    np.testing.assert_allclose(answers, exact, atol=1e-5)
    int8 = logits(convert(network, "int8", images[:100]), images)
    assert 0 < np.abs(int8 - exact).mean() < 0.02 * np.abs(exact).max()


def test_int8_answers_are_close_to_float_ones() -> None:
    from engine.export.litert import logits

    images = np.random.default_rng(0).random((300, MIXED[0]), np.float32)
    answers = logits(convert(NETWORK, "dynamic"), images)
    exact = forward(NETWORK, images)
    assert np.abs(answers - exact).max() < 0.05 * np.abs(exact).max()
    assert np.abs(answers - exact).max() > 0


def test_images_need_not_be_contiguous(file: bytes) -> None:
    from engine.export.litert import logits

    images = np.asfortranarray(np.random.default_rng(0).random((50, MIXED[0]), np.float32))
    np.testing.assert_allclose(logits(file, images[::2]), forward(NETWORK, images[::2]), atol=1e-5)


@pytest.mark.parametrize("damage", [b"", b"abc", b"noise" * 500])
def test_a_file_that_is_no_model_gives_one_clear_line(damage: bytes) -> None:
    from engine.export.litert import logits

    with pytest.raises(StorageError, match=r"^the TFLite model cannot be run: [^\n]+$"):
        logits(damage, np.zeros((1, MIXED[0]), np.float32))


def test_a_truncated_model_gives_one_clear_line(file: bytes) -> None:
    from engine.export.litert import logits

    with pytest.raises(StorageError, match=r"^the TFLite model cannot be run: [^\n]+$"):
        logits(file[: len(file) // 2], np.zeros((1, MIXED[0]), np.float32))


def test_images_of_another_length_are_refused(file: bytes) -> None:
    from engine.export.litert import logits

    with pytest.raises(StorageError, match="cannot be run"):
        logits(file, np.zeros((3, MIXED[0] + 1), np.float32))


def test_a_file_that_does_not_answer_every_image_is_refused() -> None:
    import tensorflow as tf

    from engine.export.litert import logits

    summed = tf.function(lambda images: tf.reduce_sum(images, axis=0, keepdims=True))
    known = summed.get_concrete_function(tf.TensorSpec((None, 3), tf.float32))
    file = tf.lite.TFLiteConverter.from_concrete_functions([known]).convert()
    with pytest.raises(StorageError, match="gives 1 answers to 5 images"):
        logits(bytes(file), np.zeros((5, 3), np.float32))
