import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.datasets import idx
from engine.datasets.source import Damaged


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_header_of_the_real_training_images_is_the_published_one() -> None:
    assert idx.header((60_000, 28, 28)).hex() == "00000803" + "0000ea60" + "0000001c" + "0000001c"


@given(hnp.arrays(np.uint8, hnp.array_shapes(max_dims=4, max_side=5)))
def test_what_is_written_is_parsed(array: idx.Array) -> None:
    data = idx.header(array.shape) + array.tobytes()
    assert len(data) == idx.length(array.shape)
    np.testing.assert_array_equal(idx.parse(data, array.shape, digest(data)), array)


@given(position=st.integers(0, 19), flip=st.integers(1, 255))
def test_any_changed_byte_is_noticed(position: int, flip: int) -> None:
    data = idx.header((3, 4)) + bytes(range(12))
    changed = bytearray(data)
    changed[position % len(data)] ^= flip
    with pytest.raises(Damaged, match="digest"):
        idx.parse(bytes(changed), (3, 4), digest(data))


def test_another_shape_of_the_same_length_is_refused() -> None:
    data = idx.header((3, 4)) + bytes(12)
    with pytest.raises(Damaged, match=r"\(4, 3\)"):
        idx.parse(data, (4, 3), digest(data))


@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["gzipped", "plain"])
def test_a_file_is_unpacked_whether_gzipped_or_not(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "file").write_bytes(pack(b"0123456789"))
    assert idx.unpack(tmp_path / "file", 10) == b"0123456789"


def test_no_more_is_unpacked_than_allowed(tmp_path: Path) -> None:
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(10_000_000)))
    with pytest.raises(Damaged, match="more than 1,000 bytes"):
        idx.unpack(tmp_path / "bomb.gz", 1000)


@pytest.mark.parametrize("kept", [3, 12, 25])
def test_a_truncated_gzip_is_noticed(tmp_path: Path, kept: int) -> None:
    (tmp_path / "cut.gz").write_bytes(gzip.compress(bytes(range(200)))[:kept])
    with pytest.raises(Damaged, match="truncated"):
        idx.unpack(tmp_path / "cut.gz", 1000)
