"""The job of a sweep: every point measured within seconds, then the files of each."""

from engine.datasets import normalised
from engine.export.conversions import Converters
from engine.export.images import Images
from engine.networks.forward import evaluation_set
from engine.pruning.measure import validation_of
from engine.pruning.sweep import pruner, sweep
from engine.results import points as results
from engine.settings import SweepSettings
from engine.training.forward import tensor_forward
from engine.work.jobs.common import load_baseline, load_dataset, make_files
from engine.work.session import Session

MEASURED = 0.2
"""Share of a sweep's progress bar for accuracy and loss; the rest is for the files."""


def sweep_job(session: Session) -> None:
    """Measure every point within seconds, then make, run and store the files of each.

    Raises:
        Cancelled: somebody asked the run to stop.
        PrunescopeError: the baseline diverged or is gone, or the disk refuses.
    """
    settings = session.run.parsed
    assert isinstance(settings, SweepSettings)  # noqa: S101  # narrows the type
    network = load_baseline(session, settings.baseline)
    dataset = load_dataset(session, settings.baseline)
    inputs = evaluation_set(normalised(dataset.x_test), dataset.y_test)
    validation = validation_of(dataset, network, seed=settings.baseline.seed, answer=tensor_forward)
    points, pruned_at = session.points(), pruner(network, settings)
    total = 1 + len(settings.methods) * len(settings.sparsities)
    stage = "measures accuracy and loss"
    session.progress(stage, MEASURED * len(points) / total)
    measured = sweep(
        network,
        settings,
        inputs,
        validation=validation,
        skip=set(points),
        answer=tensor_forward,
    )
    with Converters() as converters:
        converters.start()  # it loads while points are measured
        for point, _ in measured:
            points[point.key] = point
            session.record("point", {point.key: results.to_json(point)})
            session.progress(stage, MEASURED * len(points) / total)
        make_files(
            session,
            points.values(),
            lambda point: pruned_at(point.method, point.sparsity).network,
            Images(inputs.whole, inputs.labels, validation),
            converters=converters,
            after=MEASURED,
        )
