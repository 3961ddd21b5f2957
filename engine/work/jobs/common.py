"""What several jobs need: the data set, files that may be damaged, scores."""

import math
from collections.abc import Iterable

import numpy as np

from engine import datasets, notices
from engine.datasets import Dataset, load_for
from engine.datasets.reading import check_reach
from engine.errors import StorageError
from engine.networks.file import load_network
from engine.networks.network import Network, check_finite
from engine.notices import Notice
from engine.results.files import WEIGHTS
from engine.settings import Settings, TrainSettings, digest
from engine.training.steps import Score
from engine.work.session import Session


def load_dataset(session: Session, settings: TrainSettings) -> Dataset:
    """The data set, fetched if it is not here yet; the progress shows that.

    What a person should know of it is put on record beside the results.

    Raises:
        InvalidInput, DatasetError, StorageError: as `engine.datasets.load`.
    """
    session.progress("reads the images", 0)
    dataset = load_for(
        settings.data, progress=lambda share, what: session.progress(f"{what}: {share:.0%}", 0)
    )
    for images in (dataset.x_train, dataset.x_test):
        if images.dtype != np.uint8 and images.size:
            check_reach(max(float(images.max()), -float(images.min())))
    say(session, "data", datasets.notices(settings.data))
    return dataset


def say(session: Session, about: str, told: Iterable[Notice]) -> None:
    """Put on record what a person should know of the data, the plan or the split."""
    session.record("notices", {f"notices-{about}": {"told": notices.to_json(told)}})


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
    return check_finite(load_network(data), "the baseline")


def score_json(score: Score) -> dict[str, float | None]:
    """The score as JSON, which has no NaN: a loss that is no number is None."""
    loss = score.loss if math.isfinite(score.loss) else None
    values = {"accuracy": score.accuracy, "loss": loss}
    if score.balanced_accuracy is not None:
        values["balanced_accuracy"] = score.balanced_accuracy
    return values
