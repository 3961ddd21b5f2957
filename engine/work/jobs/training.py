"""The job of a training: checkpoints, records, and the weights at the end."""

from typing import Any

from engine.networks.architecture import architecture_of
from engine.networks.file import dump_network
from engine.results.files import CHECKPOINT, WEIGHTS
from engine.settings import TrainSettings
from engine.training.baseline import EpochReport, StepReport, network_of, train
from engine.training.steps import dump_state, load_state
from engine.work.jobs.common import intact, load_dataset, score_json
from engine.work.session import Session


def train_job(session: Session) -> None:
    """Train, with a checkpoint after each epoch; the end is the file `weights.npz`.

    Raises:
        Cancelled: somebody asked the run to stop.
        PrunescopeError: the data cannot be used, or the disk refuses.
    """
    settings = session.run.parsed
    assert isinstance(settings, TrainSettings)  # noqa: S101  # narrows the type
    if intact(session, WEIGHTS):
        session.forget(CHECKPOINT)
        return  # an earlier attempt got this far
    dataset = load_dataset(session, settings)
    shape = architecture_of(settings, dataset.image_shape, dataset.classes)
    data = intact(session, CHECKPOINT)
    state = load_state(data) if data else None
    session.progress("builds the network", state.epoch / settings.epochs if state else 0.0)
    for report in train(settings, dataset, resume=state):
        if isinstance(report, StepReport):
            session.record("step", {f"step-{report.step:07}": step_values(report)})
            epoch = min(int(report.epochs) + 1, settings.epochs)
            session.progress(f"epoch {epoch} of {settings.epochs}", report.step / report.steps)
        else:
            state = report.state
            session.record("epoch", {f"epoch-{report.epoch:03}": epoch_values(report)})
            session.save(CHECKPOINT, dump_state(state))  # last: what it skips is on record
    if state is not None:
        session.save(WEIGHTS, dump_network(network_of(state, shape)))
    session.forget(CHECKPOINT)


def step_values(report: StepReport) -> dict[str, Any]:
    """The last few steps as JSON."""
    return {"step": report.step, "epoch": report.epochs, **score_json(report.score)}


def epoch_values(report: EpochReport) -> dict[str, Any]:
    """An epoch as JSON."""
    values: dict[str, Any] = {"epoch": report.epoch, "seconds": report.seconds}
    values |= {name: score_json(getattr(report, name)) for name in ("train", "validation", "test")}
    return values | {"learning_rate": report.learning_rate}
