import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.datasets import cache
from engine.datasets.source import ARRAYS, Damaged
from tests.engine.datasets.tiny_sources import tiny_arrays


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "cached"
    path.mkdir()
    cache.write(path, tiny_arrays())
    return path


def rewrite_manifest(folder: Path, change: Callable[[dict[str, dict[str, object]]], None]) -> None:
    values = json.loads((folder / "manifest.json").read_text())
    change(values)
    (folder / "manifest.json").write_text(json.dumps(values))


def flip_a_value(folder: Path) -> None:
    path = folder / "x_train.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def flip_a_header(folder: Path) -> None:
    path = folder / "x_train.npy"
    data = bytearray(path.read_bytes())
    data[20] ^= 0x55
    path.write_bytes(data)


def truncate(folder: Path) -> None:
    os.truncate(folder / "x_train.npy", 200)


def empty(folder: Path) -> None:
    os.truncate(folder / "y_test.npy", 0)


def remove(folder: Path) -> None:
    (folder / "y_train.npy").unlink()


def other_shape(folder: Path) -> None:
    np.save(folder / "x_train.npy", tiny_arrays()["x_train"].reshape(24, 3, 4))


def other_dtype(folder: Path) -> None:
    np.save(folder / "x_train.npy", tiny_arrays()["x_train"].view(np.int8))


def pickled(folder: Path) -> None:
    np.save(folder / "x_train.npy", np.array([None] * 3), allow_pickle=True)


def zipped(folder: Path) -> None:
    np.savez(folder / "other.npz", a=np.zeros(3))
    (folder / "other.npz").rename(folder / "x_train.npy")


def no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def half_a_manifest(folder: Path) -> None:
    os.truncate(folder / "manifest.json", 100)


def wrong_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"x_train": {"shape": "abc"}}')


def list_as_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("[1, 2]")


def manifest_of_another_size(folder: Path) -> None:
    rewrite_manifest(folder, lambda values: values["x_train"].update(size=10**15))


DAMAGES = [
    flip_a_value,
    flip_a_header,
    truncate,
    empty,
    remove,
    other_shape,
    other_dtype,
    pickled,
    zipped,
    no_manifest,
    half_a_manifest,
    wrong_manifest,
    list_as_manifest,
    manifest_of_another_size,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_is_noticed(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(folder)
    with pytest.raises(Damaged):
        cache.open_arrays(folder)
    assert cache.intact(folder) is None


def test_arrays_are_memory_mapped_and_read_only(folder: Path) -> None:
    arrays = cache.open_arrays(folder)
    assert tuple(arrays) == ARRAYS
    for name, array in arrays.items():
        assert isinstance(array, np.memmap)
        assert not array.flags.writeable
        np.testing.assert_array_equal(array, tiny_arrays()[name])


def test_a_copied_home_is_as_good_and_is_checked_in_full_only_once(folder: Path) -> None:
    os.utime(folder / "x_test.npy", ns=(1, 1))
    assert cache.intact(folder) is not None
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["x_test"]["mtime_ns"] == 1


def test_blocks_make_the_same_file_as_the_whole(tmp_path: Path) -> None:
    array = tiny_arrays()["x_train"]
    blocks = cache.Blocks(array.shape, array.dtype, np.split(array, 6))
    records = [cache.write(tmp_path, {name: part}) for name, part in (("a", array), ("b", blocks))]
    assert (tmp_path / "a.npy").read_bytes() == (tmp_path / "b.npy").read_bytes()
    assert records[0]["a"].sha256 == records[1]["b"].sha256
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), array)


def test_a_finished_folder_replaces_a_damaged_one(folder: Path, tmp_path: Path) -> None:
    held = cache.open_arrays(folder)["x_train"]
    building = tmp_path / ".building"
    building.mkdir()
    cache.write(building, tiny_arrays(seed=1))
    cache.install(building, folder)
    np.testing.assert_array_equal(
        cache.open_arrays(folder)["x_train"], tiny_arrays(seed=1)["x_train"]
    )
    np.testing.assert_array_equal(held, tiny_arrays()["x_train"])
    assert [path.name for path in tmp_path.iterdir()] == ["cached"]
