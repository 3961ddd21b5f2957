"""What both environments know: a file with the clients' images and the network to start from."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Task:
    """What is trained.

    Attributes:
        images: of each client, (n, inputs), as a network reads them.
        labels: of each client.
        weights: kernel and bias of each layer.
        rate: learning rate of SGD.
        momentum: of SGD.
        batch: images of a batch.
    """

    images: list[Floats]
    labels: list[npt.NDArray[np.uint8]]
    weights: list[Floats]
    rate: float
    momentum: float
    batch: int


def write(task: Task, path: Path) -> None:
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for name in ("images", "labels", "weights"):
        arrays |= {f"{name}-{i}": array for i, array in enumerate(getattr(task, name))}
    optimizer = np.array([task.rate, task.momentum, task.batch])
    np.savez(path, allow_pickle=False, optimizer=optimizer, **arrays)


@cache
def read(path: str) -> Task:
    """The task of a file, read once in a process."""
    with np.load(path) as file:
        images, labels, weights = (
            [file[f"{name}-{i}"] for i in range(sum(key.startswith(name) for key in file))]
            for name in ("images", "labels", "weights")
        )
        rate, momentum, batch = file["optimizer"].tolist()
    return Task(images, labels, weights, rate, momentum, int(batch))
