"""Runs, points and durations in words for people; pure."""

import math

from engine.datasets import DatasetSummary, title
from engine.networks.architecture import architecture_of, parameters
from engine.results.points import WHOLE, Point
from engine.runs.model import Run
from engine.settings import (
    TrainSettings,
    percent,
    training_of,
)
from pages.shared.charts.sizes import human
from pages.shared.palette import style_of

NETWORK_TITLES = {"dense": "Dense", "guide-cnn": "Guide CNN"}


def title_of(dataset: str) -> str:
    """The name of a data set."""
    return title(dataset)


def dataset_of(run: Run) -> str:
    """The data set that the run is about, as in its settings; empty where they are not known."""
    return training_of(run.known).data.dataset if run.known else ""


def point_title(point: Point) -> str:
    """Such as: Weight, K = 90 %."""
    label = style_of(point.method).label
    return (
        label
        if point.method in WHOLE and not point.sparsity
        else f"{label}, K = {percent(point.sparsity)} %"
    )


def expected(settings: TrainSettings, data: DatasetSummary) -> str:
    """What a training will work on: images, parameters, and what is downloaded first.

    Raises:
        InvalidInput: the network cannot read such images.
    """
    shape = " × ".join(str(side) for side in data.image_shape)
    images = f"{data.train:,} training and {data.test:,} test images of {shape}"
    count = parameters(architecture_of(settings, data.image_shape, data.classes))
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


def plural(count: int, word: str) -> str:
    """Such as: 3 epochs."""
    return f"{count:,} {word}{'s' if count > 1 else ''}"


def seeded(seed: int) -> str:
    """The seed, where it is not the usual one."""
    return f", seed {seed}" if seed else ""


def network_line(settings: TrainSettings) -> str:
    """The network of a training: data, layers, epochs."""
    epochs = plural(settings.epochs, "epoch")
    return f"{title_of(settings.data.dataset)}, {layers(settings)}, {epochs}{seeded(settings.seed)}"


def layers(settings: TrainSettings) -> str:
    """The network in a word, or the units of its hidden layers."""
    if settings.network != "dense":
        return NETWORK_TITLES[settings.network]
    return "-".join(str(units) for units in settings.hidden)
