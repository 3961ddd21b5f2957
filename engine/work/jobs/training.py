"""The job of a training: checkpoints, records, and the weights at the end."""

from typing import Any

from engine.networks.architecture import shape_of
from engine.networks.file import dump_network
from engine.results.files import CHECKPOINT, WEIGHTS
from engine.settings import TrainSettings
from engine.training.baseline import EpochReport, StepReport, network_of, train
from engine.training.steps import TrainState, dump_state, load_state
from engine.work.jobs.common import intact, load_dataset, score_json
from engine.work.session import Session


def train_job(session: Session) -> None:
    """Train, with a checkpoint after each epoch; the end is the file `weights.npz`."""
    settings = session.run.parsed
    assert isinstance(settings, TrainSettings)  # noqa: S101  # narrows the type
    if intact(session, WEIGHTS):
        session.forget(CHECKPOINT)
        return  # an earlier attempt got this far
    dataset = load_dataset(session, settings)
    shape = shape_of(settings, dataset.image_shape, dataset.classes)
    state = _resumed(session)
    session.progress("builds the network", _done(state, settings))
    for report in train(settings, dataset, resume=state):
        if isinstance(report, StepReport):
            _on_steps(session, report, settings)
        else:
            state = report.state
            _on_epoch(session, report)
    if state is not None:
        session.save(WEIGHTS, dump_network(network_of(state, shape)))
    session.forget(CHECKPOINT)


def _resumed(session: Session) -> TrainState | None:
    data = intact(session, CHECKPOINT)
    return load_state(data) if data else None


def _done(state: TrainState | None, settings: TrainSettings) -> float:
    return state.epoch / settings.epochs if state else 0.0


def step_values(report: StepReport) -> dict[str, Any]:
    """The last few steps as JSON."""
    return {"step": report.step, "epoch": report.epochs, **score_json(report.score)}


def epoch_values(report: EpochReport) -> dict[str, Any]:
    """An epoch as JSON."""
    values: dict[str, Any] = {"epoch": report.epoch, "seconds": report.seconds}
    values |= {name: score_json(getattr(report, name)) for name in ("train", "validation", "test")}
    return values | {"learning_rate": report.learning_rate}


def _on_steps(session: Session, report: StepReport, settings: TrainSettings) -> None:
    epoch = min(int(report.epochs) + 1, settings.epochs)
    session.record("step", {f"step-{report.step:07}": step_values(report)})
    session.progress(f"epoch {epoch} of {settings.epochs}", report.step / report.steps)


def _on_epoch(session: Session, report: EpochReport) -> None:
    session.record("epoch", {f"epoch-{report.epoch:03}": epoch_values(report)})
    session.save(CHECKPOINT, dump_state(report.state))  # last: what it skips is on record
