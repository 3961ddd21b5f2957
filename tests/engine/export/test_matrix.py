"""Networks and files measured: rows, cells, and which kernels count."""

import dataclasses

import numpy as np
import pytest

from engine.errors import StorageError
from engine.export.matrix import candidates
from engine.networks.forward import evaluation_set
from engine.networks.network import Network, forward
from engine.pruning.measure import Validation
from engine.pruning.shrink import shrink
from engine.results.export_report import DEFAULT_RESOLVER, FALLBACK_RESOLVER, ExportedFile
from engine.settings import ExportSettings
from tests.engine.export.shapes import MIXED, SMALL, changed, unit_pruned, weight_pruned
from tests.networks import random_network

pytestmark = pytest.mark.tensorflow

CELL = ExportedFile(row="weight-0.9", variant="int8-sparse")
RNG = np.random.default_rng(0)


def images_for(network: Network, count: int = 300):
    """Images whose labels are what the network answers, a tenth of them wrong."""
    from engine.export.images import Images

    images = RNG.random((count, network.layers[0].inputs), np.float32)
    answers = forward(network, images).argmax(axis=1)
    labels = np.where(np.arange(count) % 10 == 0, (answers + 1) % 10, answers).astype(np.uint8)
    right = answers[:100] == labels[:100]
    few = evaluation_set(images[:100], labels[:100])
    return Images(images, labels, Validation(few, images[:100], right)), answers


def test_each_network_comes_zeroed_then_removed_where_that_makes_it_smaller():
    network = random_network(SMALL)
    settings = ExportSettings(prunings=(("weight", 0.5), ("unit", 0.5)))
    found = list(candidates(settings, network))
    assert [each.key for each in found] == [
        "baseline",
        "weight-0.5",
        "unit-0.5",
        "unit-0.5-removed",
    ]
    assert found[0].network is network
    assert found[2].network.parameters == network.parameters
    assert found[3].network.parameters == shrink(found[2].network).parameters < network.parameters
    images = RNG.random((50, SMALL[0]), np.float32)
    zeroed, removed = (forward(each.network, images) for each in found[2:])
    np.testing.assert_allclose(zeroed, removed, atol=1e-5)


def test_a_row_is_measured_on_test_and_on_validation_images():
    from engine.export.matrix import float_row
    from engine.training.forward import tensor_logits

    network = random_network(MIXED)
    images, _ = images_for(network)
    baseline = next(candidates(ExportSettings(prunings=()), network))
    row = float_row(baseline, images, tensor_logits)
    assert row.accuracy == row.validation_accuracy == 0.9
    assert row.parameters == row.nonzero_parameters == network.parameters
    assert row.loss is not None
    poisoned = dataclasses.replace(baseline, network=changed(network, _spoiled))
    assert float_row(poisoned, images, tensor_logits).loss is None


def _spoiled(arrays):
    arrays[-1][:] = np.nan


def test_a_file_that_the_default_kernels_run_is_counted_by_them():
    from engine.export.converter import convert
    from engine.export.matrix import run_cell

    network = random_network(MIXED)
    images, answers = images_for(network)
    cell = run_cell(CELL, convert(network, "float32"), images, answers)
    assert (cell.accuracy, cell.validation_accuracy, cell.agreement) == (0.9, 0.9, 1.0)
    assert (cell.resolver, cell.refused, cell.error) == (DEFAULT_RESOLVER, "", "")


def test_where_the_default_kernels_refuse_the_fallback_counts_and_the_reason_is_kept():
    from engine.export import litert
    from engine.export.converter import convert
    from engine.export.matrix import run_cell

    network = weight_pruned(random_network(MIXED), 0.9)
    images, answers = images_for(network)
    model = convert(network, "int8-sparse", images.test[:100])
    with pytest.raises(StorageError, match="cannot be run"):
        litert.logits(model, images.test)
    cell = run_cell(CELL, model, images, answers)
    assert cell.resolver == FALLBACK_RESOLVER
    assert "cannot be run" in cell.refused
    assert cell.error == ""
    assert (cell.agreement or 0) > 0.8


def test_where_the_default_kernels_answer_wrongly_the_fallback_counts():
    """LiteRT 2.3's delegate reads dynamic-range kernels of 1x16 blocks as if they were dense."""
    from engine.export.converter import convert
    from engine.export.matrix import run_cell

    network = unit_pruned(random_network((784, 256, 256, 10)), 0.5)
    images, answers = images_for(network)
    cell = run_cell(CELL, convert(network, "dynamic-sparse"), images, answers)
    assert cell.resolver == FALLBACK_RESOLVER
    assert "of its answers are those of the float network" in cell.refused
    assert (cell.agreement or 0) > 0.8


def test_a_file_that_nothing_runs_is_marked_in_one_line():
    from engine.export.matrix import run_cell

    images, answers = images_for(random_network(MIXED))
    cell = run_cell(CELL, b"noise" * 500, images, answers)
    assert not cell.runs
    assert cell.resolver == ""
    assert cell.error.startswith("the TFLite model cannot be run")
    assert "\n" not in cell.error


def test_int8_is_scaled_rounded_and_clipped_as_its_file_says():
    from engine.export import litert
    from engine.export.converter import convert

    network = random_network(MIXED)
    images, _ = images_for(network, 120)
    model = convert(network, "int8", images.test[:100])
    opened = litert.interpreter(model, DEFAULT_RESOLVER)
    source, target = opened.get_input_details()[0], opened.get_output_details()[0]
    far = images.test[:3].copy()
    far[0, :2] = (50, -50)  # beyond what the calibration saw
    for image in far:
        scale, zero = source["quantization"]
        steps = [max(-128, min(127, round(float(v) / scale + zero))) for v in image]
        opened.set_tensor(source["index"], np.array([steps], np.int8))
        opened.invoke()
        answer = opened.get_tensor(target["index"])[0].astype(float)
        scale, zero = target["quantization"]
        found = litert.logits(model, image[None])[0]
        np.testing.assert_allclose(found, (answer - zero) * scale, rtol=1e-5)


def test_latency_tells_how_it_was_measured():
    from engine.export.converter import convert
    from engine.export.litert import THREADS, WARM_UP, latency

    network = random_network(MIXED)
    images, _ = images_for(network, 7)
    found = latency(convert(network, "dynamic"), DEFAULT_RESOLVER, images.test, repetitions=25)
    assert 0 < found.lower <= found.median <= found.upper
    assert (found.repetitions, found.warm_up, found.threads) == (25, WARM_UP, THREADS)
    assert found.load >= 0
