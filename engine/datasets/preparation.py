"""Arrays as a network reads them, written beside those that a person gave."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from engine.arrays import ImageArray
from engine.datasets import cache
from engine.datasets.reading import Reading
from engine.datasets.scaling import usual

BLOCK_VALUES = 4 * 1024**2


def write(folder: Path, arrays: Mapping[str, cache.Array], reading: Reading) -> None:
    """Write the arrays as they are read, in blocks of images, into an empty folder.

    Bytes that are only turned stay bytes, a quarter of the size.
    """
    records = {}
    for name, array in arrays.items():
        path = folder / f"{name}.npy"
        if name.startswith("y"):
            records[name] = cache.write_array(path, array.shape, array.dtype, [array])
            continue
        dtype = array.dtype if reading.scaling == usual(array.dtype) else np.dtype("<f4")
        shape = (len(array), *reading.shape(array.shape[1:]))
        records[name] = cache.write_array(path, shape, dtype, _blocks(array, reading))
    cache.write_manifest(folder, records)


def _blocks(images: ImageArray, reading: Reading) -> Iterator[cache.Array]:
    rows = max(1, BLOCK_VALUES // max(images[:1].size, 1))
    scale = reading.scaling != usual(images.dtype)
    for start in range(0, len(images), rows):
        block = reading.turned(images[start : start + rows])
        yield reading.scaling.apply(block) if scale else block
