"""The job of a sweep: every point measured within seconds, then the files of each."""

from engine.datasets import normalised
from engine.export.conversions import Converters
from engine.export.measure import Judges
from engine.networks.forward import EvaluationSet, evaluation_set
from engine.networks.network import Network
from engine.pruning.sweep import pruner, sweep
from engine.pruning.validation import Validation, validation_of
from engine.results import points as results
from engine.results.points import Point
from engine.settings import SweepSettings
from engine.training.forward import tensor_forward
from engine.work.jobs.common import load_baseline, load_dataset
from engine.work.jobs.files import make_files
from engine.work.session import Session

MEASURED = 0.2
"""Share of a sweep's progress bar for accuracy and loss; the rest is for the files."""


def sweep_job(session: Session) -> None:
    """Measure every point within seconds, then make, run and store the files of each."""
    settings = session.run.parsed
    assert isinstance(settings, SweepSettings)  # noqa: S101  # narrows the type
    network = load_baseline(session, settings.baseline)
    dataset = load_dataset(session, settings.baseline)
    images = normalised(dataset.x_test)
    inputs = evaluation_set(images, dataset.y_test)
    validation = validation_of(dataset, network, seed=settings.baseline.seed, answer=tensor_forward)
    points, pruned_at = session.points(), pruner(network, settings)

    def pruned(point: Point) -> Network:
        return pruned_at(point.method, point.sparsity).network

    judges = Judges(images, inputs.labels, validation)
    with Converters() as converters:
        converters.start()  # it loads while points are measured
        _measure(session, settings, network, inputs, validation, points)
        make_files(session, points.values(), pruned, judges, converters=converters, after=MEASURED)


def _measure(
    session: Session,
    settings: SweepSettings,
    network: Network,
    inputs: EvaluationSet,
    validation: Validation,
    points: dict[str, Point],
) -> None:
    total = 1 + len(settings.methods) * len(settings.sparsities)
    session.progress("measures accuracy and loss", MEASURED * len(points) / total)
    wanted = sweep(
        network,
        settings,
        inputs,
        validation=validation,
        skip=set(points),
        answer=tensor_forward,
    )
    for point, _ in wanted:
        points[point.key] = point
        session.record("point", {point.key: results.to_json(point)})
        session.progress("measures accuracy and loss", MEASURED * len(points) / total)
