"""`python -m engine export`: turn a network into files, pruned in rows and quantized in columns."""

import dataclasses
from pathlib import Path
from typing import Annotated, Any

import typer

from engine import client, datasets
from engine.commands import options as o
from engine.commands import show, tables
from engine.errors import InvalidInput
from engine.runs.service import open_runs
from engine.settings import (
    ExportSettings,
    TrainSettings,
    export_of,
    prunings_from_text,
    training_of,
)

Source = Annotated[o.Text, typer.Option(help="the id of a run whose network is exported")]
Prunings = Annotated[o.Text, typer.Option(help="method:K in percent, e.g. weight:90,unit:50")]
Variants = Annotated[
    o.Text,
    typer.Option(help="float32,float16,dynamic,int8,float32-sparse,dynamic-sparse,int8-sparse"),
]
Calibration = Annotated[o.Text, typer.Option(help="training images that calibrate int8, 100-500")]
Repetitions = Annotated[o.Text, typer.Option(help="timed calls of each file, 10 to 1,000")]
Scope = Annotated[o.Text, typer.Option(help="layer or global")]
Bias = Annotated[o.Text, typer.Option(help="kept or pruned")]
Norm = Annotated[o.Text, typer.Option(help="of a unit's column: l2 or l1")]
UnitShare = Annotated[o.Text, typer.Option(help="hybrid: part of K that removes units, 0 to 1")]
Folder = Annotated[Path | None, typer.Option(help="write every file into this folder")]


def command(
    source: Source = None,
    prunings: Prunings = None,
    variants: Variants = None,
    calibration: Calibration = None,
    repetitions: Repetitions = None,
    scope: Scope = None,
    bias: Bias = None,
    norm: Norm = None,
    unit_share: UnitShare = None,
    dataset: o.Dataset = None,
    network: o.NetworkName = None,
    hidden: o.Hidden = None,
    epochs: o.Epochs = None,
    batch_size: o.BatchSize = None,
    optimizer: o.Optimizer = None,
    learning_rate: o.LearningRate = None,
    decay: o.Decay = None,
    seed: o.Seed = None,
    scale: o.Scale = None,
    channels: o.Channels = None,
    json: o.JsonFile = None,
    folder: Folder = None,
) -> None:
    """Make, run and time the model files of a trained network and of its pruned versions."""
    training = {
        "dataset": dataset,
        "network": network,
        "hidden": hidden,
        "epochs": epochs,
        "batch_size": batch_size,
        "optimizer": optimizer,
        "learning_rate": learning_rate,
        "decay": decay,
        "seed": seed,
        "scale": scale,
        "channels": channels,
    }
    given: dict[str, Any] = {
        "prunings": None if prunings is None else prunings_from_text(prunings),
        "variants": None if variants is None else o.names(variants),
        "calibration": None if calibration is None else o.number(calibration),
        "repetitions": None if repetitions is None else o.number(repetitions),
        "scope": scope,
        "bias": bias,
        "norm": norm,
        "unit_share": None if unit_share is None else o.number(unit_share),
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    settings = dataclasses.replace(_start(source, training), **chosen)
    show.notices(datasets.notices(training_of(settings)))
    with show.bar() as look:
        result = client.run(settings, on_look=look)
    show.write_json(json, result)
    if folder is not None:
        show.write_files(open_runs(), result["run"], folder)
    tables.show(settings.kind, result)


def _start(source: o.Text, training: dict[str, o.Text]) -> ExportSettings:
    """The settings of an export of that run's network, or of a training with these options."""
    if source is None:
        return ExportSettings(source=o.train_settings(TrainSettings(), **training))
    extra = [name for name, text in training.items() if text is not None]
    if extra:
        option = extra[0].replace("_", "-")
        raise InvalidInput(f"--source names a run that is trained already: leave out --{option}")
    return export_of(open_runs().get(source).parsed)
