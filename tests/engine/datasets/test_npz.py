import io
import os
import pickle
import re
import struct
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.datasets import class_names, describe, import_npz, load, npz_file
from engine.errors import DatasetError, InvalidInput
from engine.settings import DataSettings

Arrays = dict[str, Any]


def good(**changes: Any) -> Arrays:
    random = np.random.default_rng(0)
    arrays = {
        "x_train": random.integers(0, 256, (20, 4, 3), np.uint8),
        "y_train": np.arange(20) % 3,
        "x_test": random.integers(0, 256, (10, 4, 3), np.uint8),
        "y_test": np.arange(10) % 3,
    }
    return {name: value for name, value in (arrays | changes).items() if value is not None}


def packed(arrays: Arrays, *, compressed: bool = False) -> bytes:
    stream = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(stream, **arrays)
    return stream.getvalue()


def refused(source: bytes | Path) -> str:
    with pytest.raises(InvalidInput) as caught:
        import_npz(source)
    line = str(caught.value)
    assert "\n" not in line
    assert len(line) < 250
    return line


def npy(header: str, body: bytes = b"") -> bytes:
    text = header.encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + body


def with_member(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for array, values in good(**{name: None}).items():
            with archive.open(f"{array}.npy", "w") as file:
                np.save(file, values)
        archive.writestr(f"{name}.npy", content)
    return stream.getvalue()


def test_a_file_becomes_a_data_set(tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", **good())
    name = import_npz(tmp_path / "mine.npz")
    dataset = load(name)
    assert DataSettings(dataset=name).dataset == name
    assert (dataset.image_shape, dataset.inputs, dataset.classes) == ((4, 3), 12, 3)
    for array in ("x_train", "y_train", "x_test", "y_test"):
        stored = getattr(dataset, array)
        assert isinstance(stored, np.memmap)
        assert not stored.flags.writeable
        np.testing.assert_array_equal(stored, good()[array])
    assert dataset.y_train.dtype == np.uint8


def test_its_summary_and_names_come_from_its_arrays() -> None:
    name = import_npz(packed(good()))
    summary = describe(name)
    assert (summary.train, summary.test, summary.classes) == (20, 10, 3)
    assert (summary.image_shape, summary.local) == ((4, 3), True)
    assert summary.download_bytes == 0
    assert class_names(name) == ("0", "1", "2")


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_values_survive_import(data: st.DataObject) -> None:
    dtype = np.dtype(data.draw(st.sampled_from(["u1", "<f2", "<f4", "<f8", ">f4"])))
    shape = data.draw(hnp.array_shapes(max_dims=4, max_side=3))
    numbers = None if dtype == np.uint8 else st.floats(-1000, 1000, width=16)
    label_type = data.draw(st.sampled_from(["i1", "u1", "i4", "<i8", ">u2"]))
    column = data.draw(st.sampled_from([(), (1,)]))
    fortran = data.draw(st.booleans())
    arrays: Arrays = {}
    for split, count in (("train", 12), ("test", 10)):
        images = data.draw(hnp.arrays(dtype, (count, *shape), elements=numbers))
        arrays[f"x_{split}"] = np.asfortranarray(images) if fortran else images
        labels = (np.arange(count) % 4).astype(label_type)
        arrays[f"y_{split}"] = labels.reshape(count, *column)
    name = import_npz(packed(arrays, compressed=data.draw(st.booleans())))
    scale = "255" if dtype == np.uint8 else "1"
    dataset = load(name, scale=scale, channels="last")
    kept = np.uint8 if dtype == np.uint8 else np.float32
    for split in ("train", "test"):
        images = getattr(dataset, f"x_{split}")
        assert images.dtype == kept
        np.testing.assert_array_equal(images, arrays[f"x_{split}"].astype(kept))
        np.testing.assert_array_equal(
            getattr(dataset, f"y_{split}"), arrays[f"y_{split}"].reshape(-1)
        )


def test_images_of_many_blocks_survive_import() -> None:
    images = np.random.default_rng(0).standard_normal((1100, 64, 64))  # float64: five blocks
    arrays = good(x_train=images, y_train=np.arange(1100) % 3, x_test=images[:10])
    np.testing.assert_array_equal(
        load(import_npz(packed(arrays))).x_train, images.astype(np.float32)
    )


def test_the_same_content_is_the_same_data_set_however_it_is_packed() -> None:
    names = {
        import_npz(packed(good())),
        import_npz(packed(good(), compressed=True)),
        import_npz(packed(dict(reversed(good().items())))),
        import_npz(packed(good(y_train=good()["y_train"].astype(np.int8)[:, None]))),
        import_npz(packed(good(extra=np.zeros(3)))),
    }
    assert len(names) == 1
    changed = good()
    changed["x_test"][0, 0, 0] ^= 1
    assert import_npz(packed(changed)) not in names


LINES = {
    "missing": (
        good(y_test=None, x_test=None),
        r"it lacks x_test, y_test and holds x_train \(20, 4, 3\), y_train \(20,\)",
    ),
    "objects": (
        good(x_train=np.array([{"a": 1}] * 20, dtype=object)),
        "x_train must hold numbers, not Python objects: they are never unpickled",
    ),
    "integers beside bytes": (
        good(x_train=np.zeros((20, 4, 3), int)),
        "x_test must be int64 as x_train, not uint8",
    ),
    "text images": (good(x_train=np.array(["a"] * 20)), "x_train must be numbers"),
    "complex images": (good(x_test=np.zeros((10, 4, 3), complex)), "x_test must be numbers"),
    "flat list": (good(x_train=np.zeros(20, np.uint8)), r"x_train must have a shape \(images, …\)"),
    "no pixels": (good(x_train=np.zeros((20, 0), np.uint8)), "x_train must have a shape"),
    "six axes": (good(x_train=np.zeros((20, 1, 1, 1, 1, 1), "u1")), "x_train must have a shape"),
    "huge images": (good(x_train=np.zeros((20, 65_537), "u1")), "1 to 65,536 values an image"),
    "few images": (
        good(x_train=np.zeros((9, 4, 3), "u1"), y_train=np.arange(9)),
        "x_train must hold 10 to 1,000,000 images, not 9",
    ),
    "few test images": (good(x_test=np.zeros((0, 4, 3), "u1")), "x_test must hold 10 to"),
    "other shape": (
        good(x_test=np.zeros((10, 3, 4), "u1")),
        r"x_test must have images of \(4, 3\) as x_train, not \(3, 4\)",
    ),
    "other type": (good(x_test=np.zeros((10, 4, 3))), "x_test must be uint8 as x_train, not float"),
    "other count": (
        good(y_train=np.arange(19)),
        "y_train must have one label for each of the 20 images of x_train",
    ),
    "a table that is not one-hot": (
        good(y_test=np.full((10, 3), 0.3)),
        "y_test must hold one label for each image, or rows with a single 1",
    ),
    "two ones in a row": (good(y_test=np.ones((10, 3), int)), "rows with a single 1"),
    "fractions": (good(y_train=np.full(20, 0.5)), "y_train must hold whole numbers or text, not"),
    "no number": (good(y_train=np.full(20, np.nan)), "whole numbers or text, not nan"),
    "dates": (good(y_test=np.zeros(10, "M8[s]")), "y_test must be whole numbers or text, not"),
    "text and numbers": (
        good(y_test=np.array(["a", "b"] * 5)),
        "y_train, y_test must be all text or all numbers",
    ),
    "one-hot beside labels from 1": (
        good(y_train=np.eye(3, dtype=int)[np.arange(20) % 3], y_test=np.arange(10) % 3 + 1),
        "y_test must hold labels from 0 to 2, the columns of the one-hot y_train, not 3",
    ),
    "empty text": (
        good(y_train=np.array(["a", ""] * 10), y_test=np.array(["a"] * 10)),
        "y_train must hold a label for each image, not an empty text",
    ),
    "a novel": (
        good(y_train=np.array(["a", "b" * 61] * 10), y_test=np.array(["a"] * 10)),
        "labels of at most 60 characters, not 61",
    ),
    "many classes": (
        good(x_train=np.zeros((101, 4, 3), "u1"), y_train=np.arange(101), y_test=np.zeros(10, int)),
        "the labels must be of at most 100 classes, not 101, from 0 to 100",
    ),
    "far too high": (
        good(y_train=np.arange(20, dtype="u8") + 2**63),
        r"whole numbers below 2\*\*63, not 9223372036854775827",
    ),
    "one class": (
        good(y_train=np.ones(20, int)),
        "y_train must hold at least 2 classes, not only 1",
    ),
    "two of one kind": (
        good(x_train=None, train_images=good()["x_train"], X_train=good()["x_train"]),
        "must hold x_train once, not as train_images and as X_train",
    ),
    "NaN": (
        good(x_train=np.full((20, 12), np.nan), x_test=np.zeros((10, 12))),
        "x_train must hold finite numbers",
    ),
    "infinite": (
        good(x_train=np.zeros((20, 12)), x_test=np.full((10, 12), np.inf)),
        "x_test must hold finite numbers",
    ),
    "beyond float32": (
        good(x_train=np.full((20, 12), 1e39), x_test=np.zeros((10, 12))),
        "x_train must hold finite numbers",
    ),
}


@pytest.mark.parametrize(("arrays", "line"), LINES.values(), ids=LINES)
def test_what_cannot_be_used_is_named_in_one_line(arrays: Arrays, line: str, home: Path) -> None:
    assert re.search(line, refused(packed(arrays)))
    folder = home / "datasets"
    assert not folder.exists() or list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"not a zip at all" * 10, pickle.dumps([1, 2]), b"PK\x05\x06" + bytes(18)],
    ids=["empty", "two bytes", "text", "pickle", "empty zip"],
)
def test_what_is_no_npz_is_refused(content: bytes) -> None:
    assert refused(content).startswith("the .npz file must ")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(share: float) -> None:
    content = packed(good())
    assert "truncated" in refused(content[: int(len(content) * share)])


@settings(max_examples=150, deadline=None)
@given(position=st.integers(0, 10**6), flip=st.integers(1, 255), compressed=st.booleans())
def test_a_changed_byte_is_refused_in_one_line_or_harmless(
    position: int, flip: int, *, compressed: bool
) -> None:
    content = bytearray(packed(good(), compressed=compressed))
    content[position % len(content)] ^= flip
    try:
        name = import_npz(bytes(content))
    except InvalidInput:
        refused(bytes(content))
    else:
        np.testing.assert_array_equal(load(name).x_train, good()["x_train"])


@given(st.binary(max_size=300))
def test_hostile_headers_are_refused_in_one_line(noise: bytes) -> None:
    assert "x_train" in refused(with_member("x_train", b"\x93NUMPY\x01\x00" + noise))


@pytest.mark.parametrize(
    "content",
    [
        npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1000000, 60000)}", bytes(100)),
        npy("{'descr': '|u1', 'fortran_order': False, 'shape': (-5, -4, 12)}", bytes(240)),
        npy("{'descr': '|u1', 'fortran_order': False, 'shape': (20, 4, 3)}", bytes(1000)),
        npy("{'descr': '|O', 'fortran_order': False, 'shape': (20,)}", pickle.dumps([1])),
        npy("{'descr': '|V0', 'fortran_order': False, 'shape': (20, 3)}"),
        npy("(" * 9000),
        b"\x93NUMPY\x02\x00" + struct.pack("<L", 2**32 - 1) + bytes(100_000),
        b"\x93NUMPY\x07\x00",
        b"",
    ],
    ids=[
        "larger than the file",
        "negative shape",
        "smaller than the file",
        "objects",
        "empty values",
        "deep nesting",
        "endless header",
        "unknown version",
        "nothing",
    ],
)
def test_a_header_that_lies_is_refused(content: bytes) -> None:
    assert refused(with_member("x_train", content)).startswith("x_train ")


def test_an_unpickled_object_would_run_code_but_never_does(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "sprung",))

    content = npy(
        "{'descr': '|O', 'fortran_order': False, 'shape': (20,)}", pickle.dumps([Trap()] * 20)
    )
    refused(with_member("y_train", content))
    refused(with_member("y_train", pickle.dumps(Trap())))
    assert not (tmp_path / "sprung").exists()


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for array, values in good(x_train=None).items():
            with archive.open(f"{array}.npy", "w") as file:
                np.save(file, values)
        with archive.open("x_train.npy", "w") as file:
            np.save(file, np.zeros((100_000, 1000), np.uint8))
    assert "more than 200 times its size" in refused(stream.getvalue())


def test_a_declared_size_beyond_all_bounds_is_refused() -> None:
    content = bytearray(packed(good()))
    entry = content.index(b"PK\x01\x02")
    struct.pack_into("<L", content, entry + 24, 3_000_000_000)  # the size once unpacked
    assert "unpack to at most 2048 MB" in refused(bytes(content))


def test_a_smaller_declared_size_is_refused() -> None:
    content = bytearray(packed(good(), compressed=True))
    entry = content.index(b"PK\x01\x02")
    struct.pack_into("<L", content, entry + 24, 200)
    assert refused(bytes(content)).startswith("x_train ")


def test_an_array_twice_is_refused() -> None:
    stream = io.BytesIO(packed(good()))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("x_train", b"")
    assert refused(stream.getvalue()) == "the .npz file must hold x_train once, not twice"


@pytest.mark.parametrize("name", ["x\ntrain", "x" + "_" * 10_000 + "train"])
def test_a_name_that_would_break_a_line_is_no_name_of_an_array(name: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for array, values in good().items():
            with archive.open(f"{name if array == 'x_train' else array}.npy", "w") as file:
                np.save(file, values)
    assert "it lacks x_train and holds" in refused(stream.getvalue())


def test_one_class_is_refused_whatever_the_order_of_the_arrays() -> None:
    arrays = good(y_train=np.ones(20, int))
    arrays |= {"x_val": arrays["x_test"], "y_val": arrays["y_test"]}
    line = "y_train must hold at least 2 classes, not only 1"
    assert refused(packed(dict(reversed(arrays.items())))) == line


def test_a_zip_of_very_many_members_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(3000):
            archive.writestr(str(number), b"")
    assert refused(stream.getvalue()) == "the .npz file must hold at most 100 arrays"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_numpy_never_writes_are_refused(method: int) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for array, values in good().items():
            with archive.open(f"{array}.npy", "w") as file:
                np.save(file, values)
    assert "stored or deflated" in refused(stream.getvalue())


def test_a_large_array_in_fortran_order_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(npz_file, "MAX_FORTRAN_BYTES", 2 * 2**20)
    images = np.zeros((20, 3 * 2**16), np.uint8, order="F")
    assert refused(packed(good(x_train=images))) == (
        "x_train must be in C order (numpy.ascontiguousarray) above 2 MB, not 3 MB in Fortran order"
    )


def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    assert "must be a file that can be read" in refused(tmp_path / "missing.npz")
    assert "must be a file that can be read" in refused(tmp_path)
    assert "must be a file that can be read" in refused(Path("a\0b"))


def test_a_damaged_copy_asks_for_the_file_and_importing_it_again_mends_it(home: Path) -> None:
    name = import_npz(packed(good()))
    (home / "datasets" / name / "x_train.npy").write_bytes(b"\x93NUMPY")
    line = f"the stored copy of {name} has no readable x_train.npy: import its .npz file again"
    with pytest.raises(DatasetError) as caught:
        load(name)
    assert str(caught.value) == line
    assert import_npz(packed(good())) == name
    np.testing.assert_array_equal(load(name).x_train, good()["x_train"])


def test_a_data_set_that_was_never_imported_here_is_named() -> None:
    name = "npz-0123456789abcdef01234567"
    with pytest.raises(DatasetError, match=f"{name} is not on this machine"):
        load(name)


def test_what_a_killed_import_left_is_cleared_by_a_later_one(home: Path) -> None:
    import_npz(packed(good()))
    old, new = home / "datasets" / ".importing-old", home / "datasets" / ".importing-new"
    old.mkdir()
    new.mkdir()
    os.utime(old, (time.time() - 7200,) * 2)
    import_npz(packed(good()))
    assert not old.exists()
    assert new.exists()


def test_a_folder_that_vanishes_while_it_is_looked_at_does_no_harm(home: Path) -> None:
    import_npz(packed(good()))
    (home / "datasets" / ".importing-gone").symlink_to(home / "nowhere")
    import_npz(packed(good()))
