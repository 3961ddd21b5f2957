"""Every variant of a network's TFLite file."""

import multiprocessing

import numpy as np
import pytest

from engine.errors import InvalidInput, PrunescopeError
from engine.settings import VARIANTS
from tests.engine.export.shapes import MIXED, weight_pruned
from tests.networks import random_cnn, random_network

pytestmark = pytest.mark.tensorflow

NETWORK = weight_pruned(random_network(MIXED), 0.9)
IMAGES = np.random.default_rng(0).random((60, MIXED[0]), np.float32)


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    from engine.export.converter import convert

    return {variant: convert(NETWORK, variant, IMAGES) for variant in VARIANTS}


@pytest.fixture(scope="module")
def converters():
    from engine.export.conversions import Converters

    with Converters() as running:
        yield running


def tensors(model: bytes):
    from ai_edge_litert.interpreter import Interpreter

    opened = Interpreter(model_content=model)
    return [opened.get_input_details()[0], *opened.get_tensor_details()]


def types(model: bytes) -> set[str]:
    return {np.dtype(tensor["dtype"]).name for tensor in tensors(model)}


def test_there_are_no_other_variants():
    from engine.export.converter import convert

    with pytest.raises(InvalidInput, match="variant must be one of"):
        convert(NETWORK, "float64")


def test_each_variant_stores_what_its_name_says(made):
    assert types(made["float32"]) == {"float32"}
    assert "float16" in types(made["float16"])
    assert types(made["dynamic"]) == {"float32", "int8"}
    assert "float32" not in types(made["int8"])
    assert tensors(made["int8"])[0]["dtype"] is np.int8
    assert len(made["float16"]) < 0.6 * len(made["float32"])
    assert len(made["dynamic"]) < 0.4 * len(made["float32"])
    for plain in ("float32", "dynamic", "int8"):
        assert len(made[f"{plain}-sparse"]) < len(made[plain])


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_file_made_again_in_another_process_is_the_same_to_the_byte(made, converters, variant):
    assert converters.convert(NETWORK, variant, IMAGES) == made[variant]


def test_int8_without_images_is_one_clear_line_here_and_in_a_process(converters):
    from engine.export.converter import convert

    with pytest.raises(InvalidInput, match="int8 needs calibration images"):
        convert(NETWORK, "int8", IMAGES[:0])
    with pytest.raises(PrunescopeError, match="made no int8 file: int8 needs calibration images"):
        converters.convert(NETWORK, "int8", IMAGES[:0])


def test_a_process_that_dies_is_replaced(made, converters):
    for process in multiprocessing.active_children():
        process.kill()
    assert converters.convert(NETWORK, "float16") == made["float16"]


def test_processes_that_have_ended_make_no_file():
    from engine.export.conversions import Converters

    with Converters() as ended:
        ended.start()
    with pytest.raises(
        PrunescopeError, match=r"^the converter made no int8 file: its process died"
    ):
        ended.convert(NETWORK, "int8", IMAGES)


def test_what_the_network_answers_is_what_the_file_answers(made):
    from engine.export.litert import logits
    from engine.networks.network import forward
    from engine.results.export_report import FALLBACK_RESOLVER

    exact = forward(NETWORK, IMAGES)
    for variant in VARIANTS:
        answers = logits(made[variant], IMAGES, resolver=FALLBACK_RESOLVER)
        error = np.abs(answers - exact).max() / np.abs(exact).max()
        assert error < (1e-5 if variant.startswith("float32") else 0.1), variant


@pytest.mark.parametrize("variant", ["float16", "int8", "float32-sparse"])
def test_a_network_with_a_convolution_is_converted_too(variant):
    from engine.export.converter import convert
    from engine.export.litert import logits
    from engine.networks.network import forward

    network = random_cnn((8, 8), classes=4)
    images = np.random.default_rng(0).random((100, 64), np.float32)
    answers = logits(convert(network, variant, images), images)
    exact = forward(network, images)
    assert np.abs(answers - exact).max() < 0.05 * np.abs(exact).max()
