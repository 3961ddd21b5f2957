"""Runs with made-up but plausible results in a real store, for tests of the pages."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

from engine.datasets import describe
from engine.pruning.plan import planning
from engine.pruning.plan.planning import Plan, plan_on
from engine.results.paired import Paired
from engine.results.points import (
    BASELINE,
    FORMATS,
    ONE_SHOT,
    SCHEDULE,
    START,
    Point,
    point_key,
    to_json,
)
from engine.runs import artifacts, lifecycle, records
from engine.runs.model import Run, State
from engine.runs.service import Runs
from engine.settings import ScheduleSettings, SweepSettings, TrainSettings

PARAMETERS = 2_388_710
WORKER = "worker"
BEFORE = (BASELINE, ONE_SHOT, START)
FILES = tuple(name for each in FORMATS for name in (each, f"{each}_zip"))
HALF_LOST = {"weight": 0.955, "unit": 0.78, "hybrid": 0.88, "random-weight": 0.6}
"""The sparsity at which a method has lost half of what it can lose."""


def point(method: str = BASELINE, sparsity: float = 0.0, *, files: bool = True) -> Point:
    """A point whose curve falls where that of its method falls on MNIST."""
    kept = 0.0981 + 0.8814 / (1 + math.exp((sparsity - HALF_LOST.get(method, 2)) * 32))
    effective = round(PARAMETERS * (1 - sparsity) ** 2) if method == "unit" else PARAMETERS
    if method == "hybrid":
        effective = round(PARAMETERS * (1 - sparsity / 2) ** 2)
    nonzero = min(round(PARAMETERS * (1 - sparsity)), effective)
    return Point(
        method=method,
        sparsity=sparsity,
        achieved_sparsity=sparsity,
        model_sparsity=1 - nonzero / PARAMETERS,
        accuracy=round(kept, 4),
        loss=round(2.3 - 2.24 * (kept - 0.0981) / 0.8814, 4),
        class_accuracy=tuple(round(min(1.0, kept * (1.06 - i / 60)), 4) for i in range(10)),
        confusion=_confusion(kept),
        parameters=PARAMETERS,
        nonzero_parameters=nonzero,
        effective_parameters=effective,
        macs=2_386_000,
        nonzero_macs=nonzero,
        effective_macs=effective,
        bytes=_bytes(PARAMETERS, nonzero) if files else {},
        removed_bytes=_bytes(effective, nonzero) if files and method in {"unit", "hybrid"} else {},
        tflite_accuracy=round(kept, 4) if files else None,
        tflite_dynamic_accuracy=round(kept, 4) if files else None,
        balanced_accuracy=round(kept, 4),
        validation=chosen_by(round(kept, 4)),
        tflite_dynamic_validation=chosen_by(round(kept, 4)) if files else None,
    )


def chosen_by(accuracy: float, *, unpruned: float = 0.9795, images: int = 5000) -> Paired:
    """What so many validation images say of a network of that accuracy, one in fifty regained."""
    right, before = round(accuracy * images), round(unpruned * images)
    gained = images // 50 if accuracy < unpruned else 0
    return Paired(images=images, right=right, lost=before - right + gained, gained=gained)


def points(settings: SweepSettings, *, files: bool = True) -> list[Point]:
    """The baseline and every point of a sweep."""
    pruned = [point(m, k, files=files) for m in settings.methods for k in settings.sparsities]
    return [point(files=files), *pruned]


def training(runs: Runs, settings: TrainSettings, *, epochs: int, owner: str = "me") -> Run:
    """A training that has gone through so many epochs; done if these are all."""
    run = runs.submit(settings, owner=owner)
    _take(runs, run)
    records.write(runs.database, run.id, "step", dict(map(step, range(50, 430 * epochs + 50, 50))))
    records.write(runs.database, run.id, "epoch", dict(map(epoch, range(1, epochs + 1))))
    done = epochs / settings.epochs
    lifecycle.progress(
        runs.database, run.id, WORKER, stage=f"epoch {epochs + 1} of 3", done=done, eta=12
    )
    if epochs >= settings.epochs:
        artifacts.save(runs.database, run.id, "weights.npz", b"weights")
        lifecycle.finish(runs.database, run.id, WORKER, State.DONE)
    return runs.get(run.id)


def sweep(
    runs: Runs, settings: SweepSettings, measured: Sequence[Point], *, owner: str = "me"
) -> Run:
    """A sweep on a finished training, with these points; still running."""
    run = runs.submit(settings, owner=owner)
    if runs.get(run.needs or "").state is not State.DONE:
        training(runs, settings.baseline, epochs=settings.baseline.epochs, owner=owner)
    _take(runs, run)
    records.write(runs.database, run.id, "point", {p.key: to_json(p) for p in measured})
    lifecycle.progress(
        runs.database, run.id, WORKER, stage="makes the files of unit-0.9", done=0.45, eta=31
    )
    return runs.get(run.id)


def finished_sweep(runs: Runs, settings: SweepSettings, *, owner: str = "me") -> Run:
    """A sweep with all its points, done."""
    run = sweep(runs, settings, points(settings), owner=owner)
    lifecycle.finish(runs.database, run.id, WORKER, State.DONE)
    return runs.get(run.id)


def schedule(
    runs: Runs,
    settings: ScheduleSettings,
    *,
    epochs: int = 2,
    files: bool = True,
    owner: str = "me",
) -> Run:
    """A schedule that has gone through so many epochs; done if these are all."""
    run = runs.submit(settings, owner=owner)
    if settings.needs and runs.get(run.needs or "").state is not State.DONE:
        training(runs, settings.needs, epochs=settings.needs.epochs, owner=owner)
    _take(runs, run)
    plan = plan_on(settings, describe(settings.baseline.data.dataset))
    rows = [tuned_epoch(plan, number) for number in range(1, epochs + 1)]
    steps = range(plan.steps_per_epoch // 4, plan.steps_per_epoch * epochs, 50)
    history = {f"history-{n:03}": epoch(n)[1] for n in (1, 2, 3)} if settings.needs else {}
    records.write(runs.database, run.id, "plan", {"plan": planning.to_json(plan)})
    records.write(runs.database, run.id, "history", history)
    records.write(runs.database, run.id, "step", dict(tuned_step(plan, n) for n in steps))
    records.write(runs.database, run.id, "epoch", dict(rows))
    done = epochs >= settings.epochs
    found = [p for p in tuned_points(settings, files=files) if done or p.method in BEFORE]
    records.write(runs.database, run.id, "point", {p.key: to_json(p) for p in found})
    lifecycle.progress(runs.database, run.id, WORKER, stage="epoch 2 of 2", done=0.5, eta=9)
    if done:
        artifacts.save(runs.database, run.id, "weights.npz", b"weights")
        lifecycle.finish(runs.database, run.id, WORKER, State.DONE)
    return runs.get(run.id)


def tuned_points(settings: ScheduleSettings, *, files: bool = True) -> list[Point]:
    """The networks before and after a schedule."""
    prunes, k = settings.rule == "prune", settings.target
    before = point("weight" if prunes else BASELINE, k if prunes else 0.0, files=files)
    after = dataclasses.replace(before, accuracy=0.975, loss=0.09)
    names = (ONE_SHOT, SCHEDULE) if prunes else (START, settings.rule)
    found = [dataclasses.replace(p, method=m) for p, m in zip((before, after), names, strict=True)]
    return [point(files=files), *found] if settings.needs else found


def tuned_step(plan: Plan, number: int) -> tuple[str, dict[str, Any]]:
    """Key and payload of a step that prunes as planned."""
    key, payload = step(number)
    return key, {**payload, **_masks(plan, number)}


def tuned_epoch(plan: Plan, number: int) -> tuple[str, dict[str, Any]]:
    """Key and payload of an epoch that prunes as planned."""
    key, payload = epoch(number)
    at = number * plan.steps_per_epoch
    shares = _masks(plan, at)
    more = {"step": at, "planned": shares["sparsity"], "agrees": True, "regrown": 0}
    return key, {**payload, **shares, **more}


def _masks(plan: Plan, number: int) -> dict[str, Any]:
    layers = {str(k.layer): plan.layer_sparsity(k, number) for k in plan.pruned}
    return {"sparsity": plan.sparsity(number), "layers": layers}


def step(number: int) -> tuple[str, dict[str, float]]:
    """Key and payload of a step."""
    epochs = number / 430
    accuracy = 0.985 - 0.6 * math.exp(-3 * epochs) + 0.012 * math.sin(number)
    loss = 0.05 + 2 * math.exp(-3 * epochs) + 0.02 * math.cos(number)
    return f"step-{number:07}", {
        "step": number,
        "epoch": epochs,
        "loss": loss,
        "accuracy": accuracy,
    }


def epoch(number: int) -> tuple[str, dict[str, object]]:
    """Key and payload of an epoch."""
    accuracy = 0.982 - 0.05 * math.exp(-number)
    scores = {
        name: {"accuracy": accuracy + shift, "loss": 2 * (1 - accuracy - shift)}
        for name, shift in (("train", 0.006), ("validation", -0.001), ("test", 0.0))
    }
    return f"epoch-{number:03}", {
        "epoch": number,
        **scores,
        "seconds": 7.9,
        "learning_rate": 0.001,
    }


def diverged(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The same step or epoch of a training whose loss is no number any more."""
    lost: dict[str, Any] = {"accuracy": 0.098, "loss": None}
    names = () if "method" in payload else ("train", "validation", "test")
    scores = {name: lost for name in names if name in payload}
    return {**payload, **(scores or lost)}


def reference() -> dict[str, object]:
    """What `engine.results.reference.load` gives."""
    settings = SweepSettings()
    measured = [to_json(p) for p in points(settings)]
    sweep_json = {"run": "0" * 24, "settings": {}, "baseline": measured[0], "points": measured[1:]}
    epochs = [epoch(number)[1] for number in (1, 2, 3)]
    return {"made": {}, "epochs": epochs, "sweep": sweep_json}


def _take(runs: Runs, run: Run) -> None:
    with runs.database.write() as connection:
        lifecycle.take(connection, run.id, WORKER)


def _bytes(stored: int, nonzero: int) -> dict[str, int]:
    raw = {"keras": 4 * stored + 20_000, "tflite": 4 * stored + 4_000}
    raw |= {"tflite_dynamic": stored + 6_000}
    packed = {"keras_zip": 3.7 * nonzero, "tflite_zip": 3.7 * nonzero}
    packed |= {"tflite_dynamic_zip": 0.9 * nonzero}
    return {name: round({**raw, **packed}[name]) + 3000 for name in FILES}


def _confusion(accuracy: float) -> tuple[tuple[int, ...], ...]:
    right = round(1000 * accuracy)
    rows = [[(1000 - right) // 9] * 10 for _ in range(10)]
    for label, row in enumerate(rows):
        row[label] += 1000 - sum(row)
    return tuple(map(tuple, rows))


def key(method: str, sparsity: float) -> str:
    """The key of a point."""
    return point_key(method, sparsity)
