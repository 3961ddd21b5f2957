"""Estimates of file sizes against the real files."""

import numpy as np
import pytest

from engine.explore.service import shipped
from engine.explore.sizes import estimated, margin
from engine.pruning.prune import prune
from engine.pruning.shrink import shrink
from engine.results.points import FORMATS
from tests.networks import random_cnn, random_network

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def exporter():
    from engine.export.converter import convert
    from engine.export.files import Exporter

    return Exporter(convert)


NETWORKS = {"dense": shipped(), "convolution": random_cnn()}
LEVELS = (0.5, 0.9, 0.95, 0.99)
CASES = [
    ("dense", "weight", 0.0),
    *(("dense", method, k) for method in ("weight", "unit", "hybrid") for k in LEVELS),
    ("convolution", "weight", 0.95),
    ("convolution", "unit", 0.5),
    ("convolution", "hybrid", 0.99),
]


@pytest.mark.parametrize(("kind", "method", "level"), CASES)
def test_estimates_are_as_near_the_files_as_they_say(exporter, kind, method, level):
    from engine.export.files import sizes, zips

    pruned = prune(NETWORKS[kind], method=method, sparsity=level).network
    for network in (pruned, shrink(pruned)):
        files = exporter.files(network)
        real = sizes(files, zips(files))
        for name in FORMATS:
            raw, zipped = estimated(network, name)
            assert raw == pytest.approx(real[name], rel=0.03 if name == "keras" else 0.01)
            wrong = abs(zipped - real[f"{name}_zip"])
            assert wrong <= max((0.03 if level <= 0.95 else 0.06) * zipped, 350)
            assert wrong <= margin(zipped) * zipped


@pytest.mark.parametrize("units", [[10], [40, 10], [40, 30, 20, 30, 40, 30, 20, 10]])
def test_frames_are_known_whatever_the_number_of_layers(exporter, units):
    network = random_network((64, *units))
    files = exporter.files(network)
    for name in FORMATS:
        assert abs(estimated(network, name)[0] - len(files[name])) < 1800
    assert abs(estimated(network, "tflite")[0] - len(files["tflite"])) < 20


def test_the_simulated_int8_weights_are_those_of_the_file(exporter):
    from ai_edge_litert.interpreter import Interpreter

    from engine.networks.quantization import scales_of, steps_of

    network = shipped()
    model = Interpreter(model_content=exporter.files(network)["tflite_dynamic"])
    model.allocate_tensors()
    stored = [t for t in model.get_tensor_details() if str(t["dtype"]).find("int8") > 0]
    kernels = {tuple(t["shape"]): t for t in stored if len(t["shape"]) == 2}
    for layer in network.hidden:
        tensor = kernels[layer.kernel.T.shape]
        assert np.array_equal(model.get_tensor(tensor["index"]).T, steps_of(layer.kernel))
        scales = tensor["quantization_parameters"]["scales"]
        assert np.array_equal(scales, scales_of(layer.kernel).astype(np.float32))
