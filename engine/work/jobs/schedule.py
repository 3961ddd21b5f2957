"""The job of a schedule: prune while training, with everything that it is compared with."""

from collections.abc import Mapping

from engine.datasets import Dataset, normalised
from engine.export.conversions import Converters
from engine.export.images import Images
from engine.networks.file import dump_network, load_network
from engine.networks.forward import EvaluationSet, evaluation_set
from engine.networks.network import Network, check_finite
from engine.pruning.measure import Validation, measure, validation_of, zero_share
from engine.pruning.plan import planning, problems
from engine.pruning.plan.planning import Plan
from engine.results import points
from engine.results.files import CHECKPOINT, WEIGHTS
from engine.results.points import BASELINE, ONE_SHOT, SCHEDULE, START
from engine.settings import ScheduleSettings, digest
from engine.training.baseline import EpochReport, network_of
from engine.training.forward import tensor_forward
from engine.training.schedules.masking import pruned_at_once
from engine.training.schedules.pruning import (
    PruningReport,
    plan_for,
    prune_during_training,
    starting_network,
)
from engine.training.steps import dump_state, load_state
from engine.work.jobs.common import intact, load_baseline, load_dataset, make_files, say
from engine.work.jobs.training import epoch_values, step_values
from engine.work.session import Session

TRAINED = 0.9
"""Share of the progress bar for the training; the rest is for the files."""


def schedule_job(session: Session) -> None:
    """Measure the network before, train and prune it, measure it after, make the files of both.

    Raises:
        Cancelled: somebody asked the run to stop.
        PrunescopeError: the plan cannot work, a network diverged, or the disk refuses.
    """
    settings = session.run.parsed
    assert isinstance(settings, ScheduleSettings)  # noqa: S101  # narrows the type
    baseline = None  # from scratch
    if settings.needs is not None:
        epochs = session.payloads("epoch", run=digest(settings.needs)).values()
        session.record("history", {f"history-{row['epoch']:03}": row for row in epochs})
        baseline = load_baseline(session, settings.needs)
    dataset = load_dataset(session, settings.baseline)
    start = starting_network(settings, baseline, dataset)
    plan = plan_for(settings, start, dataset)
    problems.check(plan)
    say(session, "plan", problems.told(plan))
    session.record("plan", {"plan": planning.to_json(plan)})
    images = normalised(dataset.x_test)
    inputs = evaluation_set(images, dataset.y_test)
    networks = {ONE_SHOT: pruned_at_once(start, plan)} if plan.pruned else {START: start}
    if baseline is not None:
        networks[BASELINE] = baseline
    first = baseline or next(iter(networks.values()))  # from scratch nothing was there before
    seed = settings.baseline.seed
    validation = validation_of(dataset, first, seed=seed, answer=tensor_forward)
    _measure(session, plan, networks, inputs, validation)
    with Converters() as converters:
        after = SCHEDULE if settings.rule == "prune" else settings.rule
        networks[after] = _trained(session, plan, start, dataset, converters)
        _measure(session, plan, networks, inputs, validation)
        make_files(
            session,
            session.points().values(),
            lambda point: networks[point.method],
            Images(images, inputs.labels, validation),
            converters=converters,
            after=TRAINED,
        )
    session.forget(CHECKPOINT)


def _trained(
    session: Session, plan: Plan, start: Network, dataset: Dataset, converters: Converters
) -> Network:
    """The network after the last epoch; an earlier attempt may have got that far.

    Once it has diverged, no later epoch brings it back: the run ends there.
    """
    made = intact(session, WEIGHTS)
    if made:
        return check_finite(load_network(made))
    data = intact(session, CHECKPOINT)
    state = load_state(data) if data else None
    done, last = state.epoch if state else 0, plan.settings.epochs - 1
    session.progress("builds the network", TRAINED * done / plan.settings.epochs)
    network = check_finite(network_of(state, start.architecture) if state else start)
    if done >= last:
        converters.start()
    for tuned in prune_during_training(plan, start, dataset, resume=state):
        _report(session, plan, tuned)
        if isinstance(tuned.report, EpochReport):
            network = check_finite(network_of(tuned.report.state, start.architecture))
            if tuned.report.epoch == last:
                converters.start()  # it loads during the last epoch
    session.save(WEIGHTS, dump_network(network))
    return network


def _report(session: Session, plan: Plan, tuned: PruningReport) -> None:
    """Put a step or an epoch on record."""
    report, epochs = tuned.report, plan.settings.epochs
    layers = {str(number): share for number, share in tuned.sparsities.items()}
    masks = {"sparsity": plan.overall(tuned.sparsities), "layers": layers}
    if isinstance(report, EpochReport):
        step = report.epoch * plan.steps_per_epoch
        masks |= {"step": step, "planned": plan.sparsity(step)}
        masks["agrees"] = all(plan.agrees(step, each) for each in (tuned.sparsities, tuned.zeros))
        masks["regrown"] = sum(tuned.regrown.values())
        session.record("epoch", {f"epoch-{report.epoch:03}": epoch_values(report) | masks})
        session.save(CHECKPOINT, dump_state(report.state))  # last: what it skips is on record
    else:
        session.record("step", {f"step-{report.step:07}": step_values(report) | masks})
        stage = f"epoch {min(int(report.epochs) + 1, epochs)} of {epochs}"
        session.progress(stage, TRAINED * report.step / report.steps)


def _measure(
    session: Session,
    plan: Plan,
    networks: Mapping[str, Network],
    inputs: EvaluationSet,
    validation: Validation,
) -> None:
    """Measure those of the networks that no point tells of yet."""
    known = {point.method for point in session.points().values()}
    for method, network in networks.items():
        if method in known:
            continue
        pruned = method in {ONE_SHOT, SCHEDULE}
        kernels = [network.layers[kernel.layer - 1].kernel for kernel in plan.pruned if pruned]
        point = measure(
            network,
            inputs,
            method=method,
            sparsity=plan.target if pruned else 0.0,
            achieved=zero_share(kernels),
            validation=validation,
            answer=tensor_forward,
        )
        session.record("point", {point.key: points.to_json(point)})
