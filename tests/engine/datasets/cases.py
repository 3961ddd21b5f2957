"""Small data sets of people: the same ten classes, written down in different ways."""

import io
from typing import Any

import numpy as np

Arrays = dict[str, Any]


def blobs(*, classes: int = 4, shape: tuple[int, ...] = (6, 6), seed: int = 0) -> Arrays:
    """Noisy copies of one random picture a class, as bytes from 0 to 255; labels from 0."""
    rng = np.random.default_rng(seed)
    centres = rng.integers(0, 256, (classes, *shape))
    arrays: Arrays = {}
    for part, count in (("train", 60 * classes), ("test", 25 * classes)):
        labels = np.arange(count) % classes
        noise = rng.normal(0, 60, (count, *shape))
        arrays[f"x_{part}"] = np.clip(centres[labels] + noise, 0, 255).astype(np.uint8)
        arrays[f"y_{part}"] = labels
    return arrays


def changed(arrays: Arrays, change: Any, *names: str) -> Arrays:
    """The arrays with some of them, or all images, replaced by what `change` makes of them."""
    chosen = names or ("x_train", "x_test")
    return arrays | {name: change(arrays[name]) for name in chosen}


def packed(arrays: Arrays, *, compressed: bool = False) -> bytes:
    """The arrays as the bytes of an .npz file."""
    stream = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(stream, **arrays)
    return stream.getvalue()
