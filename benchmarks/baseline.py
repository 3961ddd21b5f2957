"""The trained network and images that several benchmarks share, from a home folder of their own."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

from engine import client
from engine.arrays import FloatArray, LabelArray
from engine.datasets import load, normalised
from engine.networks.file import load_network
from engine.networks.network import Network
from engine.runs.service import open_runs
from engine.settings import TrainSettings, digest


@dataclass(frozen=True)
class Baseline:
    network: Network
    images: FloatArray
    labels: LabelArray


@contextlib.contextmanager
def home() -> Iterator[str]:
    """A fresh PRUNESCOPE_HOME for as long as the block runs."""
    before = os.environ.get("PRUNESCOPE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PRUNESCOPE_HOME"] = folder
        try:
            yield folder
        finally:
            os.environ.pop("PRUNESCOPE_HOME")
            if before is not None:
                os.environ["PRUNESCOPE_HOME"] = before


def trained() -> Baseline:
    """The default network, trained for 3 epochs on MNIST by a worker."""
    client.run(TrainSettings())
    network = load_network(open_runs().file(digest(TrainSettings()), "weights.npz"))
    data = load("mnist")
    return Baseline(network, normalised(data.x_test), data.y_test)
