"""The Python beside a download runs in a fresh process and gives the accuracy of the page."""

import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from engine.datasets import normalised
from engine.export.usage import Usage, image_shape, keras, litert, weights
from engine.networks.architecture import dense, guide_cnn
from engine.networks.file import dump_network
from engine.networks.forward import evaluation_set
from engine.networks.network import Layer, Network, forward, initial_network
from engine.pruning.measure import Validation
from engine.results.export_report import FALLBACK_RESOLVER, ExportedFile
from engine.settings import VARIANTS, TrainSettings
from tests.engine.export.shapes import weight_pruned

pytestmark = pytest.mark.tensorflow

SHAPE, CLASSES, COUNT = (9, 8), 5, 300
CNN = TrainSettings(network="guide-cnn")
RAW = np.random.default_rng(3).integers(0, 256, (COUNT, *SHAPE)).astype(np.uint8)
SCALED = 'x.astype("float32") / 255'


@dataclass
class Home:
    """A folder as a person has it after some downloads, the snippets, and what pages say."""

    folder: Path
    scripts: list[str] = field(default_factory=list)
    expected: list[float] = field(default_factory=list)

    def add(self, script, accuracy):
        self.scripts.append(script)
        self.expected.append(accuracy)

    def printed(self, project):
        """What the scripts print, one after the other, in a process that knows none of ours."""
        text = "".join(f"exec({script!r}, {{}})\n" for script in self.scripts)
        (self.folder / "all.py").write_text(text)
        command = [sys.executable, str(self.folder / "all.py")]
        environment = {"PYTHONPATH": str(project), "TF_CPP_MIN_LOG_LEVEL": "3", "PATH": ""}
        run = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr
        return [float(line.split()[-1]) for line in run.stdout.splitlines()]


def centred(network: Network) -> Network:
    """The same with biases that make it answer with every class."""
    images = normalised(RAW)
    bias = -forward(network, images).mean(axis=0)
    last = network.output
    return Network((*network.layers[:-1], Layer(last.kernel, bias.astype(np.float32), None)))


def networks():
    rng = np.random.default_rng(1)
    plain = initial_network(dense((72, 64, 48, CLASSES)), rng)
    return {
        "dense": (TrainSettings(), centred(weight_pruned(plain, 0.9)), VARIANTS),
        "cnn": (CNN, centred(initial_network(guide_cnn(SHAPE, CLASSES), rng)), ("float32", "int8")),
    }


def labelled(network):
    """Labels of which the network knows nine in ten."""
    answers = forward(network, normalised(RAW)).argmax(axis=1)
    return np.where(np.arange(COUNT) % 10 == 0, (answers + 1) % CLASSES, answers)


def measured(network, labels, variant):
    """A file and its cell, measured as an export does it."""
    from engine.export.converter import convert
    from engine.export.images import Images
    from engine.export.matrix import run_cell

    images = normalised(RAW)
    file = convert(network, variant, images[:100])
    answers = forward(network, images).argmax(axis=1)
    few = labels[:50].astype(np.uint8)
    chosen = Validation(evaluation_set(images[:50], few), images[:50], answers[:50] == few)
    given = Images(images, labels.astype(np.uint8), chosen)
    return file, run_cell(ExportedFile(row="baseline", variant=variant), file, given, answers)


def test_the_snippets_print_the_accuracies_of_the_page(tmp_path, project):
    from engine.export import keras_file
    from engine.training.forward import tensor_logits

    home = Home(tmp_path)
    fallbacks = 0
    for name, (settings, network, variants) in networks().items():
        labels, shape = labelled(network), image_shape(settings, SHAPE)
        assert len(np.unique(labels)) == CLASSES
        np.savez(tmp_path / f"{name}.npz", x_test=RAW, y_test=labels[:, np.newaxis])
        about = Usage(file=f"{name}.h5", data=f"{name}.npz", scaled=SCALED, shape=shape)
        for variant in variants:
            file, cell = measured(network, labels, variant)
            (tmp_path / f"{name}.{variant}.tflite").write_bytes(file)
            used = replace(
                about,
                file=f"{name}.{variant}.tflite",
                int8=variant.startswith("int8"),
                plain_kernels=cell.resolver == FALLBACK_RESOLVER,
            )
            fallbacks += used.plain_kernels
            assert (cell.input_scale is not None) == used.int8
            home.add(litert(used), cell.accuracy)
        (tmp_path / f"{name}.h5").write_bytes(keras_file.save(network))
        accuracy = (tensor_logits(normalised(RAW), network).argmax(axis=1) == labels).mean()
        home.add(keras(about), accuracy)
        (tmp_path / f"{name}-weights.npz").write_bytes(dump_network(network))
        home.add(weights(replace(about, file=f"{name}-weights.npz")), accuracy)
    assert fallbacks  # or the snippet with the built-in kernels would not have been run
    assert min(home.expected) > 0.7
    assert home.printed(project) == pytest.approx(home.expected, abs=1e-12)


def test_names_of_classes_and_a_clients_labels_are_read_as_they_are_written(tmp_path, project):
    from engine.export.converter import convert

    network = networks()["dense"][1]
    labels = labelled(network)
    names = ("1", "2", "3", "5", "8")
    np.savez(tmp_path / "own.npz", x_test=RAW, y_test=np.array(names)[labels].astype(int))
    (tmp_path / "own.tflite").write_bytes(convert(network, "float32"))
    home, only = Home(tmp_path), np.isin(labels, (1, 3))
    answers = forward(network, normalised(RAW)).argmax(axis=1)
    about = Usage(file="own.tflite", data="own.npz", scaled=SCALED, shape=(72,), names=names)
    home.add(litert(about), (answers == labels).mean())
    home.add(litert(replace(about, only=("2", "5"))), (answers == labels)[only].mean())
    assert home.printed(project) == pytest.approx(home.expected, abs=1e-12)


@pytest.mark.parametrize(
    ("settings", "image", "read"),
    [
        (TrainSettings(), (28, 28), (784,)),
        (TrainSettings(), (5, 7, 2), (70,)),
        (CNN, (28, 28), (28, 28)),
        (CNN, (28, 28, 1), (28, 28)),
        (CNN, (32, 32, 3), (32, 32, 3)),
    ],
)
def test_what_a_file_reads_follows_from_the_network(settings, image, read):
    from engine.networks.architecture import architecture_of
    from engine.training import keras_model

    assert image_shape(settings, image) == read
    assert keras_model.image_shape(architecture_of(settings, image, 10)) == read
