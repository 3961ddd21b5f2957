import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from engine.datasets import cifar
from engine.datasets.source import Damaged
from tests.engine.datasets.tiny_sources import batch_bytes, tar_gz

NAMES = ("data_batch_1.bin", "data_batch_2.bin", "test_batch.bin")
IMAGES = 3


def members() -> dict[str, bytes]:
    """As the official archive: batches out of order, beside text files, below a folder."""
    return {
        "cifar-10-batches-bin/test_batch.bin": batch_bytes(IMAGES, 3),
        "cifar-10-batches-bin/batches.meta.txt": b"airplane\n",
        "cifar-10-batches-bin/data_batch_2.bin": batch_bytes(IMAGES, 2),
        "cifar-10-batches-bin/data_batch_1.bin": batch_bytes(IMAGES, 1),
    }


def write(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "archive.tar.gz"
    path.write_bytes(content)
    return path


def test_a_record_is_a_label_and_three_planes_row_by_row() -> None:
    data = batch_bytes(2, 0)
    images, labels = cifar.parse(data)
    assert images.shape == (2, 32, 32, 3)
    for image in range(2):
        assert labels[image] == data[image * 3073]
        for row, column, channel in [(0, 0, 0), (0, 1, 0), (1, 0, 0), (31, 31, 2), (5, 7, 1)]:
            place = image * 3073 + 1 + channel * 1024 + row * 32 + column
            assert images[image, row, column, channel] == data[place]


def test_batches_come_in_the_order_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, tar_gz(members()))
    batches = cifar.read_archive(path, NAMES, IMAGES)
    for name, (images, labels) in zip(NAMES, batches, strict=True):
        expected_images, expected_labels = cifar.parse(members()[f"cifar-10-batches-bin/{name}"])
        np.testing.assert_array_equal(images, expected_images)
        np.testing.assert_array_equal(labels, expected_labels)


@pytest.mark.parametrize("kept", [0, 10, 3000, 9000])
def test_a_truncated_archive_is_noticed(tmp_path: Path, kept: int) -> None:
    path = write(tmp_path, tar_gz(members())[:kept])
    with pytest.raises(Damaged, match="truncated"):
        cifar.read_archive(path, NAMES, IMAGES)


def test_a_missing_batch_is_named(tmp_path: Path) -> None:
    content = {name: data for name, data in members().items() if "batch_2" not in name}
    with pytest.raises(Damaged, match=r"lacks data_batch_2\.bin"):
        cifar.read_archive(write(tmp_path, tar_gz(content)), NAMES, IMAGES)


def test_a_batch_of_another_length_is_refused(tmp_path: Path) -> None:
    content = members() | {"x/data_batch_1.bin": batch_bytes(IMAGES + 1, 0)}
    with pytest.raises(Damaged, match=r"x/data_batch_1\.bin"):
        cifar.read_archive(write(tmp_path, tar_gz(content)), NAMES, IMAGES)


def test_an_archive_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    content = {"filler": bytes(20_000_000)} | members()
    with pytest.raises(Damaged, match="far more"):
        cifar.read_archive(write(tmp_path, tar_gz(content)), NAMES, IMAGES)


def test_a_link_is_no_batch(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        link = tarfile.TarInfo("data_batch_1.bin")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    with pytest.raises(Damaged, match="lacks"):
        cifar.read_archive(write(tmp_path, stream.getvalue()), NAMES, IMAGES)


@pytest.mark.parametrize("data", [b"", b"123", bytes(3074)], ids=["empty", "short", "uneven"])
def test_half_a_record_is_refused(data: bytes) -> None:
    with pytest.raises(Damaged, match="no whole number of records"):
        cifar.parse(data)


def test_a_label_above_nine_is_refused() -> None:
    with pytest.raises(Damaged, match="label above 9"):
        cifar.parse(bytes([10]) + bytes(3072))
