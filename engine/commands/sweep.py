"""`python -m engine sweep`: prune one baseline by every method at every sparsity."""

import dataclasses
from typing import Annotated, Any

import typer

from engine import client, datasets
from engine.commands import options as o
from engine.commands import show, tables
from engine.settings import SweepSettings, paper_sweep, training_of

Methods = Annotated[o.Text, typer.Option(help="weight,unit,hybrid,random-weight,random-unit")]
Sparsities = Annotated[o.Text, typer.Option(help="K in percent, 0 to 99, e.g. 25,50,90")]
Scope = Annotated[o.Text, typer.Option(help="layer or global")]
Bias = Annotated[o.Text, typer.Option(help="kept or pruned")]
Norm = Annotated[o.Text, typer.Option(help="of a unit's column: l2 or l1")]
UnitShare = Annotated[o.Text, typer.Option(help="hybrid: part of K that removes units, 0 to 1")]


def command(
    methods: Methods = None,
    sparsities: Sparsities = None,
    scope: Scope = None,
    bias: Bias = None,
    norm: Norm = None,
    unit_share: UnitShare = None,
    preset: o.Preset = None,
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
) -> None:
    """Sweep sparsity K over pruning methods, all from one trained baseline."""
    start = paper_sweep() if o.check_preset(preset) else SweepSettings()
    baseline = o.train_settings(
        start.baseline,
        dataset=dataset,
        network=network,
        hidden=hidden,
        epochs=epochs,
        batch_size=batch_size,
        optimizer=optimizer,
        learning_rate=learning_rate,
        decay=decay,
        seed=seed,
        scale=scale,
        channels=channels,
    )
    given: dict[str, Any] = {
        "methods": None if methods is None else o.names(methods),
        "sparsities": None if sparsities is None else o.percentages(sparsities),
        "scope": scope,
        "bias": bias,
        "norm": norm,
        "unit_share": None if unit_share is None else o.number(unit_share),
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    settings = dataclasses.replace(start, baseline=baseline, **chosen)
    show.notices(datasets.notices(training_of(settings)))
    with show.bar() as look:
        result = client.run(settings, on_look=look)
    show.write_json(json, result)
    tables.show(settings.kind, result)
