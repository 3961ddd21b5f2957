"""What several jobs need: the data set, files that may be damaged, scores."""

import math

import numpy as np

from engine import datasets, notices
from engine.datasets import Dataset, load_for
from engine.errors import PrunescopeError, StorageError
from engine.network import Network, to_arrays
from engine.network_file import load_network
from engine.settings import Settings, TrainSettings, digest
from engine.stepping import Score
from engine.work.session import Session

WEIGHTS = "weights.npz"
"""The trained network of a run."""


def load_dataset(session: Session, settings: TrainSettings) -> Dataset:
    """The data set, fetched if it is not here yet; the progress shows that.

    What a person should know of it is put on record beside the results.
    """

    def look(share: float, what: str) -> None:
        session.progress(f"{what}: {share:.0%}", 0)

    session.progress("reads the images", 0)
    dataset = load_for(settings, progress=look)
    told = {"notices": notices.to_json(datasets.notices(settings))}
    session.record("notices", {"notices": told})
    return dataset


def intact(session: Session, name: str) -> bytes | None:
    """A file of the run; None if there is none, or it is damaged and has to be made anew."""
    try:
        return session.load(name)
    except StorageError:
        return None


def load_baseline(session: Session, settings: Settings) -> Network:
    """The trained network of a run that this one needs.

    Raises:
        StorageError: it is gone; PrunescopeError: its training diverged.
    """
    run = digest(settings)
    data = session.load(WEIGHTS, run=run)
    if data is None:
        raise StorageError(f"the trained baseline {run} is gone: start the run again")
    network = load_network(data)
    if not all(np.isfinite(array).all() for array in to_arrays(network)):
        raise PrunescopeError("the baseline diverged: train it with a smaller learning rate")
    return network


def score_json(score: Score) -> dict[str, float | None]:
    """The score as JSON, which has no NaN: a loss that is no number is None."""
    loss = score.loss if math.isfinite(score.loss) else None
    return {"accuracy": score.accuracy, "loss": loss}
