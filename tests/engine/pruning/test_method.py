"""A method is one file: an extension's works in a sweep, in Explore and in an export."""

import dataclasses
import sys

import numpy as np
import pytest

from engine.datasets import Dataset
from engine.errors import InvalidInput
from engine.explore.answers import sample
from engine.explore.by_sparsity import LAYER_LEVELS, sensitivity
from engine.explore.question import Question, pruned
from engine.export.files import file_names
from engine.networks.forward import evaluation_set
from engine.pruning.measure import measure
from engine.pruning.method import method_of
from engine.pruning.prune import prune
from engine.pruning.sweep import pruner, sweep
from engine.settings import SweepSettings
from engine.system import registry
from tests.networks import random_network

GRADIENT = '''
"""Methods of an extension: by the size of the first-order change of the loss, and by position."""

import numpy as np

from engine.pruning.method import Method


def by_sensitivity(network, rule):
    kernels = tuple(np.abs(x.kernel * (x.kernel + x.bias)) for x in network.prunable)
    return kernels, tuple(np.abs(x.bias) for x in network.prunable)


def last_first(network, rule):
    return tuple(-np.arange(x.units, dtype=np.float64) for x in network.hidden)


METHODS = (
    Method(name="gradient", order=60, label="Gradient", about="S.", entries=by_sensitivity),
    Method(name="last", order=70, label="Last", about="The last units go.", units=last_first),
)
'''


@pytest.fixture
def extension(tmp_path, monkeypatch):
    """An installation whose extension `added_methods` holds two methods in one file."""
    folder = tmp_path / "added_methods" / "methods"
    folder.mkdir(parents=True)
    for each in (folder.parent, folder):
        (each / "__init__.py").write_text("")
    (folder / "gradient.py").write_text(GRADIENT)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv(registry.EXTENSIONS, "added_methods")
    registry.found.cache_clear()
    yield
    registry.found.cache_clear()
    for name in [name for name in sys.modules if name.startswith("added_methods")]:
        del sys.modules[name]


@pytest.fixture
def network():
    return random_network((6, 10, 8, 3))


def test_a_method_of_an_extension_prunes_in_a_sweep(extension, network):
    settings = SweepSettings(methods=("gradient", "last"), sparsities=(0.5,), bias="pruned")
    images = np.random.default_rng(0).random((20, 6), np.float32)
    inputs = evaluation_set(images, np.zeros(20, np.uint8))
    points = {point.method: (point, made) for point, made in sweep(network, settings, inputs)}
    assert list(points) == ["baseline", "gradient", "last"]
    for method, gone in (("gradient", [30, 40]), ("last", [6 * 5, 10 * 4])):
        point, found_network = points[method]
        assert point.achieved_sparsity == 0.5
        assert [int((~k).sum()) for k in found_network.masks.kernels[:-1]] == gone
    pruned_at = pruner(network, settings)
    first = pruned_at("gradient", 0.5).masks.kernels[0]
    layer = network.layers[0]
    scores = np.abs(layer.kernel * (layer.kernel + layer.bias))
    assert scores[~first].max() < scores[first].min()
    assert pruned_at("last", 0.5).dead_units[0].tolist() == [False] * 5 + [True] * 5


def test_a_method_of_an_extension_answers_in_explore(extension, network):
    for method in ("gradient", "last"):
        found = pruned(network, Question(method=method, sparsities=(0.25, 0.75)))
        expected = [prune(network, method=method, sparsity=k).masks.kernels for k in (0.25, 0.75)]
        for index in range(2):
            assert np.array_equal(found.masks.kernels[index], expected[index][index])
    data = Dataset("x", *[np.zeros((4, 6), np.uint8), np.zeros(4, np.uint8)] * 2)
    table = sensitivity(network, "last", sample(data), lambda _, m: m(), seed=0, turn=unheard)
    assert len(table.accuracy) == 2
    assert len(table.accuracy[0]) == len(LAYER_LEVELS)


def unheard(_share):
    """Nobody looks how far it is."""


def test_a_method_of_an_extension_is_exported_without_its_units(extension, network):
    inputs = evaluation_set(np.ones((2, 6), np.float32), np.zeros(2, np.uint8))
    pruned = prune(network, method="last", sparsity=0.5).network
    point = measure(pruned, inputs, method="last", sparsity=0.5, achieved=0.5)
    assert "last-0.5-removed.keras.zip" in file_names(point)
    weights = dataclasses.replace(point, method="gradient")
    assert not any("removed" in name for name in file_names(weights))


def test_a_method_that_is_nobodys_is_refused_in_one_line(network):
    for ask in (
        lambda: Question(method="gradient"),
        lambda: prune(network, method="gradient", sparsity=0.5),
    ):
        with pytest.raises(InvalidInput, match="method must be one of weight, unit, hybrid"):
            ask()
    assert method_of("gradient") is None


def test_each_method_says_what_it_is():
    assert registry.names("methods") == ("weight", "unit", "hybrid", "random-weight", "random-unit")
    for method in registry.found("methods").values():
        assert method.label
        assert method.about.endswith(".")
        assert method.counts_units == (method.name in {"unit", "random-unit"})
        assert method.removes_units == (method.name in {"unit", "hybrid", "random-unit"})
