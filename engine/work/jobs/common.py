"""What several jobs need: the data set, networks of other runs, model files of points, scores."""

import math
import os
from collections.abc import Callable, Collection, Iterable

import numpy as np

from engine import datasets, notices
from engine.datasets import Dataset, load_for
from engine.datasets.reading import check_reach
from engine.errors import StorageError
from engine.export.conversions import Converters
from engine.export.files import Exporter, export_point, file_names
from engine.export.images import Images
from engine.networks.file import load_network
from engine.networks.network import Network, check_finite
from engine.notices import Notice
from engine.results import points as results
from engine.results.files import WEIGHTS
from engine.results.points import Point
from engine.settings import Settings, TrainSettings, digest
from engine.system.threads import map_in_order
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


def make_files(
    session: Session,
    points: Collection[Point],
    network_of: Callable[[Point], Network],
    images: Images,
    *,
    converters: Converters,
    after: float,
) -> None:
    """Make, run and store the files of every point that lacks some.

    Args:
        session: of the run.
        points: as they are measured so far.
        network_of: the network of a point; always the same for the same point.
        images: those that files are run over.
        converters: started already where there was time for it.
        after: how far the run is before, as a share of its progress bar.
    """
    exporter, made = Exporter(converters.convert), session.files()
    missing = [p for p in points if p.tflite_accuracy is None or not file_names(p) <= made]

    def export(point: Point) -> tuple[Point, dict[str, bytes]]:
        session.check()
        return export_point(exporter, point, network_of(point), images)

    threads = os.cpu_count() or 1  # zip, LiteRT and BLAS release the lock
    there = len(points) - len(missing)
    exported = map_in_order(export, missing, threads=threads)
    for done, (point, zipped) in enumerate(exported, there + 1):
        for name, data in zipped.items():
            session.save(name, data)
        # last: the point's record says that its files are there
        session.record("point", {point.key: results.to_json(point)})
        share = after + (1 - after) * done / len(points)
        session.progress(f"makes model files: {done} of {len(points)} points", share)


def score_json(score: Score) -> dict[str, float | None]:
    """The score as JSON, which has no NaN: a loss that is no number is None."""
    loss = score.loss if math.isfinite(score.loss) else None
    values = {"accuracy": score.accuracy, "loss": loss}
    if score.balanced_accuracy is not None:
        values["balanced_accuracy"] = score.balanced_accuracy
    return values
