"""Zip archives: readable by everyone, the same bytes for the same content, damage is noticed."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import StorageError
from engine.export.archive import unzip_bytes, zip_bytes

LIMIT = 10_000
SAMPLE = b"weights " * 100

contents = st.binary(max_size=600) | st.binary(min_size=1, max_size=20).map(lambda b: b * 100)


@given(data=contents)
def test_what_was_zipped_comes_out_again(data: bytes) -> None:
    assert unzip_bytes(zip_bytes("model.h5", data), limit=LIMIT) == data


@given(data=contents)
def test_pythons_zipfile_finds_the_one_entry_intact(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(zip_bytes("model.tflite", data))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["model.tflite"]
        assert archive.read("model.tflite") == data
        entry = archive.getinfo("model.tflite")
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    assert entry.external_attr >> 16 == 0o100644


def test_the_same_content_gives_the_same_archive() -> None:
    assert zip_bytes("a", SAMPLE) == zip_bytes("a", bytes(bytearray(SAMPLE)))
    assert len(zip_bytes("a", SAMPLE)) < len(SAMPLE) / 4


@given(data=contents, where=st.integers(0), flip=st.integers(1, 255))
def test_no_changed_byte_yields_other_content(data: bytes, where: int, flip: int) -> None:
    damaged = bytearray(zip_bytes("model.h5", data))
    damaged[where % len(damaged)] ^= flip
    try:
        content = unzip_bytes(bytes(damaged), limit=LIMIT)
    except StorageError:
        return
    assert content == data  # the last bits of the packed data mean nothing


@given(data=contents, kept=st.floats(0, 1, exclude_max=True))
def test_a_truncated_archive_is_damaged(data: bytes, kept: float) -> None:
    whole = zip_bytes("model.h5", data)
    with pytest.raises(StorageError, match="the archive is damaged"):
        unzip_bytes(whole[: int(len(whole) * kept)], limit=LIMIT)


@given(noise=st.binary(max_size=200))
def test_noise_is_damaged_and_nothing_worse(noise: bytes) -> None:
    with pytest.raises(StorageError):
        unzip_bytes(noise, limit=LIMIT)


def test_trailing_bytes_are_damage() -> None:
    with pytest.raises(StorageError, match="damaged"):
        unzip_bytes(zip_bytes("a", SAMPLE) + b"x", limit=LIMIT)


def test_an_archive_of_another_program_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", SAMPLE)
    with pytest.raises(StorageError, match="damaged"):
        unzip_bytes(file.getvalue(), limit=LIMIT)


def test_too_much_content_is_refused_before_it_is_unpacked() -> None:
    bomb = zip_bytes("a", bytes(LIMIT + 1))
    with pytest.raises(StorageError, match=r"holds 10,001 bytes, more than the 10,000 allowed"):
        unzip_bytes(bomb, limit=LIMIT)
    assert len(unzip_bytes(bomb, limit=LIMIT + 1)) == LIMIT + 1


@pytest.mark.parametrize("name", ["", "ä", "n" * 256])
def test_a_name_that_would_need_more_of_the_format_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be called"):
        zip_bytes(name, b"")
