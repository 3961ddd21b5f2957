import dataclasses
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp

from engine.datasets import class_names, describe, load, normalised, split, title
from engine.datasets.library import all_sources, obtain
from engine.datasets.source import ARRAYS
from engine.datasets.sources.cifar_10 import CIFAR_10
from engine.datasets.sources.mnist import MNIST
from engine.errors import DatasetError, InvalidInput, StorageError
from engine.settings import TrainSettings, built_in_datasets
from tests.engine.datasets.loopback import Mirrors
from tests.engine.datasets.test_cache import DAMAGES
from tests.engine.datasets.tiny_sources import tiny_arrays, tiny_idx


def silent(fraction: float, text: str) -> None:
    """Nobody watches."""


def test_mnist_is_whole_and_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRUNESCOPE_DATA_MIRROR", "http://127.0.0.1:1")
    told: list[tuple[float, str]] = []
    dataset = load("mnist", progress=lambda *report: told.append(report))
    assert told == [(0.0, "unpacking mnist")]
    assert dataset.x_train.shape == (60_000, 28, 28)
    assert dataset.x_test.shape == (10_000, 28, 28)
    assert (dataset.image_shape, dataset.inputs, dataset.classes) == ((28, 28), 784, 10)
    for array in (dataset.x_train, dataset.y_train, dataset.x_test, dataset.y_test):
        assert isinstance(array, np.memmap)
        assert array.dtype == np.uint8
        assert not array.flags.writeable
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(dataset.y_train).tolist() == counts
    assert dataset.y_test[:5].tolist() == [7, 2, 1, 0, 4]
    content = b"\0\0\x08\x03\0\0\x27\x10\0\0\0\x1c\0\0\0\x1c" + dataset.x_test.tobytes()
    assert hashlib.sha256(content).hexdigest() == MNIST.parts["x_test"].sha256
    parts = split(dataset, seed=0)
    assert (len(parts.train), len(parts.validation)) == (55_000, 5_000)
    load("mnist", progress=lambda *report: told.append(report))
    assert told == [(0.0, "unpacking mnist")], "the second time nothing is unpacked"


@pytest.mark.parametrize("keep", [0, 100, 5_000_000])
def test_a_truncated_bundle_is_told_in_one_line(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "mnist.xz"
    path.write_bytes(MNIST.path.read_bytes()[:keep])
    with pytest.raises(DatasetError, match=r"missing or damaged: get mnist\.xz from the project"):
        dataclasses.replace(MNIST, path=path).read(tmp_path, silent)


def test_a_missing_bundle_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"missing or damaged: get mnist\.xz"):
        dataclasses.replace(MNIST, path=tmp_path / "mnist.xz").read(tmp_path, silent)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_rebuilt_without_a_word(
    mirrors: Mirrors, home: Path, damage: Callable[[Path], None]
) -> None:
    mirror = mirrors.start()
    source, mirror.files = tiny_idx(mirror.url)
    obtain(source, silent)
    damage(home / "datasets" / "tiny")
    for name, array in obtain(source, silent).items():
        np.testing.assert_array_equal(array, tiny_arrays()[name])
    assert set(mirror.asked.values()) == {2}
    left = {path.name for path in (home / "datasets").iterdir()}
    assert left == {"tiny", ".tiny.lock"}


def test_what_a_killed_build_left_is_no_obstacle(mirrors: Mirrors, home: Path) -> None:
    mirror = mirrors.start()
    source, mirror.files = tiny_idx(mirror.url)
    (home / "datasets" / ".building-tiny" / "half").mkdir(parents=True)
    (home / "datasets" / ".building-tiny.old").mkdir()
    obtain(source, silent)
    left = {path.name for path in (home / "datasets").iterdir()}
    assert left == {"tiny", ".tiny.lock"}


def test_a_removed_cache_is_built_again_while_old_arrays_live_on(
    mirrors: Mirrors, home: Path
) -> None:
    mirror = mirrors.start()
    source, mirror.files = tiny_idx(mirror.url)
    held = obtain(source, silent)
    shutil.rmtree(home / "datasets" / "tiny")
    obtain(source, silent)
    np.testing.assert_array_equal(held["x_train"], tiny_arrays()["x_train"])


@pytest.mark.parametrize("name", ["imagenet", "", "MNIST", "npz-123", "../mnist", "x" * 500, None])
def test_an_unknown_name_is_refused_in_the_words_of_the_settings(name: str) -> None:
    with pytest.raises(InvalidInput) as by_settings:
        TrainSettings.of(dataset=name)
    for ask in (load, describe, class_names):
        with pytest.raises(InvalidInput) as caught:
            ask(name)
        assert str(caught.value) == str(by_settings.value)


def test_a_home_that_is_a_file_is_told(home: Path) -> None:
    home.write_text("in the way")
    with pytest.raises(StorageError, match="PRUNESCOPE_HOME"):
        load("mnist")


def test_describing_downloads_and_unpacks_nothing(home: Path) -> None:
    summaries = {name: describe(name) for name in built_in_datasets()}
    assert {name: summary.local for name, summary in summaries.items()} == {
        "mnist": True,
        "fashion-mnist": False,
        "cifar-10": False,
    }
    assert summaries["cifar-10"].image_shape == (32, 32, 3)
    assert (summaries["cifar-10"].train, summaries["cifar-10"].test) == (50_000, 10_000)
    assert summaries["mnist"].download_bytes == 0
    assert not [path for path in (home / "datasets").rglob("*") if path.is_file()]


def test_every_built_in_data_set_is_described_and_has_names_for_its_classes() -> None:
    assert tuple(all_sources()) == built_in_datasets() == ("mnist", "fashion-mnist", "cifar-10")
    for name, source in all_sources().items():
        assert len(set(class_names(name))) == 10
        assert tuple(source.shapes) == ARRAYS
        assert source.origin
        assert source.license
    assert all_sources()["fashion-mnist"].license == "MIT"
    assert all_sources()["mnist"].license == "CC BY-SA 3.0"
    assert class_names("fashion-mnist")[9] == "Ankle boot"
    assert class_names("cifar-10")[0] == "airplane"
    assert CIFAR_10.shapes["y_train"] == (50_000,)
    assert [*map(title, built_in_datasets())] == ["MNIST", "Fashion-MNIST", "CIFAR-10"]
    assert title("npz-0123456789abcdef01234567") == "own data 01234567"


@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=4, max_side=4)))
def test_bytes_are_divided_by_255_in_float32(images: npt.NDArray[np.uint8]) -> None:
    values = normalised(images)
    assert values.dtype == np.float32
    expected = [[np.float32(v) / np.float32(255) for v in image.flat] for image in images]
    np.testing.assert_array_equal(values, np.array(expected, np.float32))


def test_floats_are_taken_as_they_are() -> None:
    images = np.linspace(-3, 3, 24, dtype=np.float32).reshape(2, 3, 4)
    np.testing.assert_array_equal(normalised(images), images.reshape(2, 12))


def test_the_web_process_pays_for_the_downloader_only_when_it_downloads() -> None:
    code = "import sys, engine.datasets; sys.exit('requests' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
