"""Runs, points and durations in words for people; pure."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from engine.datasets import DatasetSummary, title
from engine.networks.architecture import parameters, shape_of
from engine.results.points import WHOLE, Point
from engine.runs.model import Run
from engine.settings import (
    ExportSettings,
    FederateSettings,
    ScheduleSettings,
    SweepSettings,
    TrainSettings,
    from_json,
    percent,
    targets_as_text,
    training_of,
)
from pages.shared.charts.sizes import human
from pages.shared.palette import METHODS, algorithm_style, style_of

UNKNOWN = "this version of Prunescope does not know"
"""Said of a run of another version, whose kind or one of whose values is new."""

NETWORK_TITLES = {"dense": "Dense", "guide-cnn": "Guide CNN"}


def title_of(dataset: str) -> str:
    """The name of a data set."""
    return title(dataset)


def dataset_of(run: Run) -> str:
    """The data set that the run is about, as in its settings; empty where they are not known."""
    return training_of(run.known).dataset if run.known else ""


def point_title(point: Point) -> str:
    """Such as: Weight, K = 90 %."""
    label = style_of(point.method).label
    return (
        label
        if point.method in WHOLE and not point.sparsity
        else f"{label}, K = {percent(point.sparsity)} %"
    )


def described(run: Run) -> str:
    """The run in a line: data, network, what is done with it."""
    return _line(run.known) if run.known else f"A run that {UNKNOWN}"


def described_settings(kind: str, values: Mapping[str, Any]) -> str:
    """The same from settings as JSON values."""
    return _line(from_json(kind, values))


def titled(run: Run) -> str:
    """The name that its owner gave, or the line that describes it."""
    return run.name or described(run)


def expected(settings: TrainSettings, data: DatasetSummary) -> str:
    """What a training will work on: images, parameters, and what is downloaded first.

    Raises:
        InvalidInput: the network cannot read such images.
    """
    shape = " × ".join(str(side) for side in data.image_shape)
    images = f"{data.train:,} training and {data.test:,} test images of {shape}"
    count = parameters(shape_of(settings, data.image_shape, data.classes))
    parts = [f"{images}, {data.classes} classes", f"{count:,} parameters"]
    if not data.local:
        parts.append(f"downloads about {human(data.download_bytes)} on first use")
    return " · ".join(parts)


def seconds(value: float) -> str:
    """A duration: 8 s, 3 min, 2.0 h."""
    if value < 90:
        return f"{max(value, 1):.0f} s"
    return f"{value / 60:.0f} min" if value < 5400 else f"{value / 3600:.1f} h"


def loss(nats: float | None) -> str:
    """A loss for people; None and NaN are what a diverged training leaves."""
    return "diverged" if nats is None or math.isnan(nats) else f"{nats:.4f}"


def ago(passed: float) -> str:
    """How long ago something was."""
    if passed < 60:
        return "just now"
    if passed < 86_400:
        return f"{seconds(passed)} ago"
    days = round(passed / 86_400)
    return f"{days} day{'s' if days > 1 else ''} ago"


def _line(settings: Any) -> str:
    return _LINES[settings.kind](settings)


def _network(settings: TrainSettings) -> str:
    epochs = f"{settings.epochs} epoch{'s' if settings.epochs > 1 else ''}"
    seed = f", seed {settings.seed}" if settings.seed else ""
    return f"{title_of(settings.dataset)}, {_layers(settings)}, {epochs}{seed}"


def _layers(settings: TrainSettings) -> str:
    if settings.network != "dense":
        return NETWORK_TITLES[settings.network]
    return "-".join(str(units) for units in settings.hidden)


def _sweep(settings: SweepSettings) -> str:
    return f"{_network(settings.baseline)}; {_pruning(settings)}"


def _schedule(settings: ScheduleSettings) -> str:
    parts = [_tuning(settings)]
    if settings.unit_sparsity:
        parts.append(f"{percent(settings.unit_sparsity)} % of units removed first")
    if settings.layers:
        parts.append(f"layers {', '.join(map(str, settings.layers))}")
    seed = f", seed {settings.seed}" if settings.seed else ""
    return f"{_start(settings)}; {', '.join(parts)}{seed}"


def _start(settings: ScheduleSettings) -> str:
    if settings.needs is not None:
        return _network(settings.baseline)
    small = "a small network instead of " if settings.rule == "small" else ""
    return (
        f"{title_of(settings.baseline.dataset)}, {small}{_layers(settings.baseline)} from scratch"
    )


def _tuning(settings: ScheduleSettings) -> str:
    epochs = f"{settings.epochs} epoch{'s' if settings.epochs > 1 else ''}"
    level = f"K = {percent(settings.target)} %"
    if settings.targets:
        level += f" ({targets_as_text(settings.targets)})"
    if settings.rule == "unpruned":
        return f"{epochs} more without pruning"
    if settings.rule == "small":
        return f"as many parameters as {level} keeps, {epochs}"
    if settings.pattern == "2:4":
        return f"2:4 in {epochs}"
    blocks = (
        "" if settings.block == (1, 1) else f" in blocks of {settings.block[0]}x{settings.block[1]}"
    )
    return f"{settings.schedule} to {level}{blocks} in {epochs}"


def _pruning(settings: SweepSettings) -> str:
    methods = ", ".join(METHODS[method].label.lower() for method in settings.methods)
    scope = ", ranked globally" if settings.scope == "global" else ""
    bias = ", biases pruned" if settings.bias == "pruned" else ""
    return f"{methods} at {len(settings.sparsities)} K{scope}{bias}"


def _export(settings: ExportSettings) -> str:
    levels: dict[str, list[str]] = {}
    for method, sparsity in settings.prunings:
        levels.setdefault(METHODS[method].label.lower(), []).append(percent(sparsity))
    pruned = ", ".join(f"{name} {' and '.join(each)} %" for name, each in levels.items())
    return f"{_line(settings.source)}; as files{f', {pruned}' if pruned else ''}"


def _federation(settings: FederateSettings) -> str:
    name = algorithm_style(settings.algorithm, settings.pruning).label
    target = f" to {percent(settings.target)} %" if settings.prunes else ""
    seed = f", seed {settings.seed}" if settings.seed else ""
    return (
        f"{title_of(settings.dataset)}, {settings.clients:,} clients with "
        f"{split_words(settings)}; {name}{target}, {settings.rounds} rounds of "
        f"{settings.cohort:,}{seed}"
    )


def split_words(settings: FederateSettings) -> str:
    """Who owns what, in a few words."""
    each = settings.labels_per_client
    return {
        "iid": "equal shares of everything",
        "shards": f"{each} shard{'s' if each > 1 else ''} each",
        "labels": f"{each} label{'s' if each > 1 else ''} each",
        "dirichlet": f"Dirichlet shares, alpha {settings.alpha:g}",
    }[settings.split]


_LINES: Mapping[str, Callable[[Any], str]] = {
    "train": _network,
    "sweep": _sweep,
    "schedule": _schedule,
    "export": _export,
    "federate": _federation,
}
"""How the settings of each kind of run are said in a line."""
