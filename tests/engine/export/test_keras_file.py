"""The Keras file written without Keras is the one that Keras writes."""

from pathlib import Path

import pytest

from engine.networks.network import Network
from engine.pruning.prune import prune
from tests.engine.export.shapes import MIXED, SMALL, unit_pruned, weight_pruned
from tests.networks import random_cnn, random_network

pytestmark = pytest.mark.tensorflow


def saved_by_keras(network: Network, path: Path) -> bytes:
    from engine.training import keras_model

    model = keras_model.from_network(network)
    with pytest.warns(UserWarning, match="HDF5"):
        model.save(path, include_optimizer=False, save_format="h5")
    return path.read_bytes()


@pytest.mark.parametrize("widths", [SMALL, MIXED, (3, 2), (5, 1, 1, 2)])
def test_the_file_is_the_one_keras_saves(widths: tuple[int, ...], tmp_path: Path) -> None:
    from engine.export import keras_file

    template = keras_file.template(random_network(widths, seed=1))
    for network in (
        random_network(widths, seed=2),
        weight_pruned(random_network(widths, seed=3), 0.9),
        unit_pruned(random_network(widths, seed=4), 0.5),
    ):
        expected = saved_by_keras(network, tmp_path / "model.h5")
        assert keras_file.write(template, network) == expected
        assert keras_file.save(network) == expected


@pytest.mark.parametrize("image", [(28, 28), (6, 5, 3)])
def test_the_file_of_convolutions_is_the_one_keras_saves(
    image: tuple[int, ...], tmp_path: Path
) -> None:
    from engine.export import keras_file

    template = keras_file.template(random_cnn(image, seed=1))
    network = prune(random_cnn(image, seed=2), method="hybrid", sparsity=0.5).network
    expected = saved_by_keras(network, tmp_path / "model.h5")
    assert keras_file.write(template, network) == expected


def test_the_template_is_left_as_it_was() -> None:
    from engine.export import keras_file

    network = random_network(SMALL)
    template = keras_file.template(network)
    keras_file.write(template, unit_pruned(network, 0.5))
    assert keras_file.write(template, network) == template.data
