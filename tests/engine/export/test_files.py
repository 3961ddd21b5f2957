"""The exporter: real files, the same ones wherever and however often they are made."""

import hashlib
import io
import json
import multiprocessing
import os
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from engine.errors import PrunescopeError
from engine.networks.network import Network, forward
from engine.pruning.prune import prune
from engine.pruning.shrink import shrink
from engine.results.points import FORMATS
from tests.engine.export.shapes import (
    MIXED,
    SMALL,
    SPECIAL,
    changed,
    convert,
    unit_pruned,
    weight_pruned,
)
from tests.networks import random_cnn, random_network

pytestmark = pytest.mark.tensorflow

ELSEWHERE = """
import os, sys
os.environ["TF_USE_LEGACY_KERAS"] = "1"
import numpy as np, tf_keras
from ai_edge_litert.interpreter import Interpreter
for folder in sys.argv[1:]:
    os.chdir(folder)
    images = np.load("images.npy")
    answers = {"keras": tf_keras.models.load_model("keras", compile=False)(images).numpy()}
    for name in ("tflite", "tflite_dynamic"):
        model = Interpreter(model_path=name)
        run = model.get_signature_runner("serving_default")
        rows = [list(run(images=row[None]).values()) for row in images]
        answers[name] = np.concatenate([answer for [answer] in rows])
    np.savez("answers.npz", **answers)
"""

AGAIN = """
import hashlib, json
from engine.export.files import Exporter
from engine.export.converter import convert
from tests.engine.export.shapes import MIXED
from tests.networks import random_network
files = Exporter(convert).files(random_network(MIXED))
print(json.dumps({name: hashlib.sha256(data).hexdigest() for name, data in files.items()}))
"""


def expected(network: Network) -> dict[str, bytes]:
    """The files as Keras and the converter write them, nothing shared between networks."""
    from engine.export import keras_file

    return {
        "keras": keras_file.save(network),
        "tflite": convert(network, "float32"),
        "tflite_dynamic": convert(network, "dynamic"),
    }


def test_one_exporter_makes_the_files_of_many_networks() -> None:
    from engine.export.converter import convert
    from engine.export.files import Exporter

    exporter = Exporter(convert, architectures=1, skeletons=2)
    for network in (
        random_network(MIXED),
        unit_pruned(random_network((40, 32, 32, 32, 5, 10)), 0.5),
        changed(random_network(MIXED), SPECIAL["equal kernels"]),
    ):
        made = exporter.files(network)
        assert tuple(made) == FORMATS
        assert made == expected(network)
        assert exporter.files(network) == made


def test_two_threads_may_share_an_exporter() -> None:
    from engine.export.converter import convert
    from engine.export.files import Exporter

    networks = [weight_pruned(random_network(MIXED, seed), 0.5) for seed in range(6)]
    exporter = Exporter(convert)
    with ThreadPoolExecutor(2) as threads:
        made = list(threads.map(exporter.files, networks))
    assert made == [exporter.files(network) for network in networks]


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
def test_a_network_that_diverged_is_refused_before_anything_is_made(bad: float) -> None:
    from engine.export.conversions import Converters
    from engine.export.files import Exporter

    def spoil(arrays: list[np.ndarray]) -> None:
        arrays[3][0] = bad  # of a bias: one entry is enough

    network = changed(random_network(SMALL), spoil)
    with Converters() as converters:
        exporter = Exporter(converters.convert)
        for make in (
            exporter.keras,
            lambda n: exporter.tflite(n, "float32"),
            lambda n: converters.convert(n, "float16"),
        ):
            with pytest.raises(PrunescopeError, match="the network diverged: its weights are not"):
                make(network)
        assert multiprocessing.active_children() == []


def test_zips_hold_the_files_under_their_names_and_sizes_count_both() -> None:
    from engine.export.converter import convert
    from engine.export.files import Exporter, sizes, zips

    files = Exporter(convert).files(random_network(SMALL))
    zipped = zips(files)
    names = {
        "keras": "model.h5",
        "tflite": "model.tflite",
        "tflite_dynamic": "model_dynamic.tflite",
    }
    for key, data in files.items():
        with zipfile.ZipFile(io.BytesIO(zipped[key])) as archive:
            assert archive.namelist() == [names[key]]
            assert archive.read(names[key]) == data
    assert sizes(files, zipped) == {
        "keras": len(files["keras"]),
        "keras_zip": len(zipped["keras"]),
        "tflite": len(files["tflite"]),
        "tflite_zip": len(zipped["tflite"]),
        "tflite_dynamic": len(files["tflite_dynamic"]),
        "tflite_dynamic_zip": len(zipped["tflite_dynamic"]),
    }


def test_a_process_without_prunescope_loads_and_runs_every_file(tmp_path: Path) -> None:
    from engine.export.converter import convert
    from engine.export.files import Exporter

    dense = unit_pruned(random_network(MIXED), 0.25)
    cnn = shrink(prune(random_cnn(), method="unit", sparsity=0.5).network)
    networks = {tmp_path / "dense": (dense, (40,)), tmp_path / "cnn": (cnn, (28, 28))}
    for folder, (network, image) in networks.items():
        folder.mkdir()
        for name, data in Exporter(convert).files(network).items():
            (folder / name).write_bytes(data)
        np.save(folder / "images.npy", np.random.default_rng(0).random((40, *image), np.float32))
    command = [sys.executable, "-c", ELSEWHERE, *map(str, networks)]
    subprocess.run(command, check=True, capture_output=True)
    for folder, (network, _) in networks.items():
        exact = forward(network, np.load(folder / "images.npy").reshape(40, -1))
        coarse = np.abs(exact).max() / 20
        with np.load(folder / "answers.npz") as answers:
            np.testing.assert_allclose(answers["keras"], exact, atol=1e-5)
            np.testing.assert_allclose(answers["tflite"], exact, atol=1e-5)
            np.testing.assert_allclose(answers["tflite_dynamic"], exact, atol=coarse)


def test_another_process_makes_the_same_bytes_and_says_nothing_of_its_own() -> None:
    from engine.export.converter import convert
    from engine.export.files import Exporter

    here = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in Exporter(convert).files(random_network(MIXED)).items()
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    other = subprocess.run(
        [sys.executable, "-c", AGAIN],
        env={**plain, "PYTHONHASHSEED": "7"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(other.stdout) == here
    greeting = re.compile(r"I0000 .*(port|cudart_stub)\.cc|WARNING: All log messages before absl::")
    assert [line for line in other.stderr.splitlines() if not greeting.match(line)] == []


def test_the_web_process_unzips_without_tensorflow() -> None:
    code = (
        "import sys, engine.export.archive as a; a.unzip_bytes(a.zip_bytes('x', b'y'), limit=9);"
        "print([m for m in ('tensorflow', 'tf_keras', 'ai_edge_litert') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout == "[]\n"
