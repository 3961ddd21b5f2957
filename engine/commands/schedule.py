"""`python -m engine schedule`: prune while training, from a trained network or from scratch."""

import dataclasses
from typing import Annotated, Any

import typer

from engine import client, datasets
from engine.commands import options as o
from engine.commands import show, tables
from engine.datasets import describe
from engine.errors import InvalidInput
from engine.pruning.plan import about, problems, reach
from engine.settings import (
    ScheduleSettings,
    TrainSettings,
    sparsity_from_percent,
    targets_from_text,
)

Rule = Annotated[o.Text, typer.Option(help="prune, or the honest baselines: unpruned, small")]
Start = Annotated[o.Text, typer.Option(help="trained or scratch")]
Schedule = Annotated[o.Text, typer.Option(help="polynomial or constant")]
Target = Annotated[o.Text, typer.Option(help="K of each pruned kernel at the end, in percent")]
Targets = Annotated[o.Text, typer.Option(help="K of single layers, e.g. 1:90,2:50")]
Initial = Annotated[o.Text, typer.Option(help="polynomial: K at the first update, in percent")]
BeginStep = Annotated[o.Text, typer.Option(help="first step that may prune")]
EndStep = Annotated[o.Text, typer.Option(help="last step that prunes; 0: automatic")]
Power = Annotated[o.Text, typer.Option(help="of the polynomial")]
Frequency = Annotated[o.Text, typer.Option(help="steps between updates; 0: automatic")]
FineTuneEpochs = Annotated[o.Text, typer.Option(help="epochs of pruning (1 to 200)")]
Block = Annotated[o.Text, typer.Option(help="inputs x units zeroed together, e.g. 16x1")]
Pooling = Annotated[o.Text, typer.Option(help="what ranks a block: avg or max")]
Pattern = Annotated[o.Text, typer.Option(help="free, or 2:4")]
Layers = Annotated[o.Text, typer.Option(help="numbers of the layers to prune, e.g. 1,2")]
UnitSparsity = Annotated[o.Text, typer.Option(help="hybrid: units removed first, in percent")]
TuneBatch = Annotated[o.Text, typer.Option(help="if another than --batch-size")]
TuneOptimizer = Annotated[o.Text, typer.Option(help="if another than --optimizer")]
TuneRate = Annotated[o.Text, typer.Option(help="if another than --learning-rate")]
TuneDecay = Annotated[o.Text, typer.Option(help="if another than --decay")]
TuneSeed = Annotated[o.Text, typer.Option(help="if another than --seed")]


def command(
    rule: Rule = None,
    start: Start = None,
    schedule: Schedule = None,
    target: Target = None,
    targets: Targets = None,
    initial: Initial = None,
    begin_step: BeginStep = None,
    end_step: EndStep = None,
    power: Power = None,
    frequency: Frequency = None,
    fine_tune_epochs: FineTuneEpochs = None,
    block: Block = None,
    pooling: Pooling = None,
    pattern: Pattern = None,
    layers: Layers = None,
    unit_sparsity: UnitSparsity = None,
    fine_tune_batch_size: TuneBatch = None,
    fine_tune_optimizer: TuneOptimizer = None,
    fine_tune_learning_rate: TuneRate = None,
    fine_tune_decay: TuneDecay = None,
    fine_tune_seed: TuneSeed = None,
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
    """Prune while training, by TFMOT's schedules; options of the training count for both parts."""
    _check_epochs(start, epochs)
    baseline = o.train_settings(
        TrainSettings(),
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
        "rule": rule,
        "start": start,
        "schedule": schedule,
        "target": _fraction(target),
        "targets": None if targets is None else targets_from_text(targets),
        "initial": _fraction(initial),
        "begin_step": _number(begin_step),
        "end_step": _number(end_step),
        "power": _number(power),
        "frequency": _number(frequency),
        "fine_tune_epochs": _number(fine_tune_epochs),
        "block": None if block is None else tuple(o.number(side) for side in block.split("x")),
        "pooling": pooling,
        "pattern": pattern,
        "layers": None if layers is None else tuple(o.number(word) for word in o.names(layers)),
        "unit_sparsity": _fraction(unit_sparsity),
        "batch_size": _number(fine_tune_batch_size or batch_size),
        "optimizer": fine_tune_optimizer or optimizer,
        "learning_rate": _number(fine_tune_learning_rate or learning_rate),
        "decay": fine_tune_decay or decay,
        "seed": _number(fine_tune_seed or seed),
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    settings = dataclasses.replace(ScheduleSettings(), baseline=baseline, **chosen)
    plan = about.plan_on(settings, describe(baseline.dataset, channels=baseline.channels))
    problems.check(plan)
    show.notices((*datasets.notices(baseline), *reach.told(plan)))
    with show.bar() as look:
        result = client.run(settings, on_look=look)
    show.write_json(json, result)
    tables.show(settings.kind, result)


def _check_epochs(start: o.Text, epochs: o.Text) -> None:
    if start == "scratch" and epochs is not None:
        raise InvalidInput(
            "epochs are those of the baseline, which scratch does not have: "
            "say --fine-tune-epochs, the epochs of the training that prunes"
        )


def _number(text: o.Text) -> Any:
    return None if text is None else o.number(text)


def _fraction(text: o.Text) -> float | None:
    return None if text is None else sparsity_from_percent(text)
