"""Options that several commands share, and how their texts become validated settings.

Options arrive as text and are checked by the settings themselves, so that a bad value has the same
message here, in the browser and in Python.
"""

import dataclasses
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from engine.datasets import describe, import_npz, settled
from engine.errors import InvalidInput
from engine.networks.architecture import shape_of
from engine.settings import TrainSettings, sparsity_from_percent

Text: TypeAlias = str | None
Dataset = Annotated[Text, typer.Option(help="mnist, fashion-mnist, cifar-10 or PATH.npz")]
NetworkName = Annotated[Text, typer.Option("--network", help="dense or guide-cnn")]
Hidden = Annotated[Text, typer.Option(help="dense: units of the hidden layers, e.g. 1000,500")]
Epochs = Annotated[Text, typer.Option(help="passes over the training images (1 to 200)")]
BatchSize = Annotated[Text, typer.Option(help="images per step")]
Optimizer = Annotated[Text, typer.Option(help="adam, sgd, momentum or rmsprop")]
LearningRate = Annotated[Text, typer.Option(help="of the first step")]
Decay = Annotated[Text, typer.Option(help="of the learning rate: cosine or constant")]
Scale = Annotated[
    Text, typer.Option(help="divide stored numbers by: auto, 1, 255, max or standardise")
]
Channels = Annotated[Text, typer.Option(help="where images have them: auto, last or first")]
Seed = Annotated[Text, typer.Option(help="of split, initial weights and order")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="write the result to this file")]
Preset = Annotated[Text, typer.Option(help="paper: everything as published")]


def train_settings(start: TrainSettings, **texts: Text) -> TrainSettings:
    """Training settings: those of `start` with the given options in their place.

    Raises:
        InvalidInput: a value is not allowed.
    """
    given = {name: _parsed(name, text) for name, text in texts.items() if text is not None}
    settings = settled(dataclasses.replace(start, **given))
    if settings.network != "dense":
        data = describe(settings.dataset, channels=settings.channels)
        shape_of(settings, data.image_shape, data.classes)  # or the run would find out
    return settings


def names(text: str) -> tuple[str, ...]:
    """The words of a comma-separated list."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def percentages(text: str) -> tuple[float, ...]:
    """Sparsities as fractions, from a comma-separated list of percentages."""
    return tuple(sparsity_from_percent(word) for word in names(text))


def number(text: str) -> Any:
    """The number that a text spells; the text itself where it spells none."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def check_preset(preset: Text) -> bool:
    """Whether the paper's settings are asked for; raise InvalidInput for another preset."""
    if preset not in {None, "paper"}:
        raise InvalidInput(f"preset must be paper, not {preset!r}")
    return preset == "paper"


def _parsed(name: str, text: str) -> Any:
    if name == "dataset":
        return dataset(text)
    if name == "hidden":
        return tuple(number(word) for word in names(text))
    return text if name in {"network", "optimizer", "decay", "scale", "channels"} else number(text)


def dataset(text: str) -> str:
    """The name of a data set; a person's own .npz is imported first."""
    return import_npz(Path(text)) if text.lower().endswith(".npz") else text
