"""Estimates of file sizes against the real files."""

import numpy as np
import pytest

from engine.explore.shipped import shipped
from engine.explore.sizes import estimated
from engine.pruning.shrink import shrink
from engine.pruning.strategies import prune
from engine.results import FORMATS

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def exporter():
    from engine.export.converter import convert
    from engine.export.files import Exporter

    return Exporter(convert)


@pytest.mark.parametrize(("method", "level"), [("weight", 0.0), ("weight", 0.9), ("hybrid", 0.8)])
@pytest.mark.parametrize("removed", [False, True])
def test_estimates_are_near_the_files(exporter, method, level, removed):
    from engine.export.files import sizes, zips

    network = prune(shipped(), method=method, sparsity=level).network
    network = shrink(network) if removed else network
    files = exporter.files(network)
    real = sizes(files, zips(files))
    for name in FORMATS:
        raw, zipped = estimated(network, name)
        assert raw == pytest.approx(real[name], rel=0.02)
        assert zipped == pytest.approx(real[f"{name}_zip"], rel=0.12)


def test_the_simulated_int8_weights_are_those_of_the_file(exporter):
    from ai_edge_litert.interpreter import Interpreter

    from engine.explore.quantized import scales_of, steps_of

    network = shipped()
    model = Interpreter(model_content=exporter.files(network).tflite_dynamic)
    model.allocate_tensors()
    stored = [t for t in model.get_tensor_details() if str(t["dtype"]).find("int8") > 0]
    kernels = {tuple(t["shape"]): t for t in stored if len(t["shape"]) == 2}
    for layer in network.hidden:
        tensor = kernels[layer.kernel.T.shape]
        assert np.array_equal(model.get_tensor(tensor["index"]).T, steps_of(layer.kernel))
        scales = tensor["quantization_parameters"]["scales"]
        assert np.array_equal(scales, scales_of(layer.kernel).astype(np.float32))
