"""Tiny data sets in the formats of the real ones, and the descriptions that fit them."""

import gzip
import hashlib
import io
import tarfile
from typing import Any

import numpy as np

from engine.datasets import cifar, idx
from engine.datasets.cifar import CifarBinary
from engine.datasets.download import RemoteFile
from engine.datasets.idx import DownloadedIdx, IdxPart
from engine.datasets.source import ARRAYS

SHAPES = ((24, 4, 3), (24,), (12, 4, 3), (12,))


def about(name: str) -> dict[str, Any]:
    """What a source says of itself in words."""
    names = tuple("0123456789")
    return {
        "name": name,
        "order": 99,
        "title": name.title(),
        "origin": "a test",
        "license": "none",
        "class_names": names,
    }


def tiny_arrays(seed: int = 0) -> dict[str, idx.Array]:
    random = np.random.default_rng(seed)
    arrays = [random.integers(0, 10, shape, np.uint8) for shape in SHAPES]
    return dict(zip(ARRAYS, arrays, strict=True))


def idx_bytes(array: idx.Array) -> bytes:
    return idx.header(array.shape) + array.tobytes()


def tiny_idx(*mirrors: str) -> tuple[DownloadedIdx, dict[str, bytes]]:
    """A source of four small files and, by path below a mirror, those files."""
    plain = {array: idx_bytes(values) for array, values in tiny_arrays().items()}
    packed = {array: gzip.compress(content) for array, content in plain.items()}
    parts = {
        array: IdxPart(
            filename=f"{array}.gz",
            shape=shape,
            sha256=hashlib.sha256(plain[array]).hexdigest(),
            packed=len(packed[array]),
        )
        for array, shape in zip(ARRAYS, SHAPES, strict=True)
    }
    files = {f"/{array}.gz": content for array, content in packed.items()}
    source = DownloadedIdx(parts=parts, mirrors=mirrors, **about("tiny"))
    return source, files


def batch_bytes(images: int, seed: int) -> bytes:
    random = np.random.default_rng(seed)
    records = random.integers(0, 256, (images, cifar.RECORD), np.uint8)
    records[:, 0] %= cifar.CLASSES
    return records.tobytes()


def tar_gz(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def tiny_cifar(archive: bytes, images: int, *mirrors: str) -> CifarBinary:
    return CifarBinary(
        file=RemoteFile(filename="tiny.tar.gz", packed=len(archive)),
        md5=hashlib.md5(archive, usedforsecurity=False).hexdigest(),
        batch_images=images,
        mirrors=mirrors,
        train_batches=("data_batch_1.bin", "data_batch_2.bin"),
        **about("tiny-cifar"),
    )
