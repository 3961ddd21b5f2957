"""The commands that start runs: train, sweep, schedule, export and federate."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Annotated, Any

import typer

from engine import client, datasets
from engine.commands import options as o
from engine.commands import show, tables
from engine.errors import InvalidInput
from engine.notices import Notice
from engine.pruning.plan import planning, problems
from engine.runs.service import open_runs
from engine.settings import (
    ExportSettings,
    FederateSettings,
    ScheduleSettings,
    Settings,
    SweepSettings,
    TrainSettings,
    export_of,
    options,
    paper_federation,
    paper_sweep,
    quick_federation,
    training_of,
)
from engine.settings.values import words

SWEEP = options(SweepSettings)
SCHEDULE = options(ScheduleSettings)
EXPORT = options(ExportSettings)
FEDERATE = options(FederateSettings)

TUNED = {
    f"fine_tune_{name}": replace(
        each, help=f"If another than --{name.replace('_', '-')}: {each.help}"
    )
    for name, each in SCHEDULE.items()
    if name in o.TRAINING
}
"""What both trainings have: an option of the first counts for the second, which has its own."""

ALONE = {name: each for name, each in SCHEDULE.items() if name not in o.TRAINING}

Source = Annotated[o.Text, typer.Option(help="The id of a run whose network is exported.")]
Folder = Annotated[Path | None, typer.Option(help="Write every file into this folder.")]
Network = Annotated[o.Text, typer.Option(help="Federated rounds have dense networks.")]


@o.takes(o.TRAINING)
def train(given: o.Texts, json: o.JsonFile = None) -> None:
    """Train a baseline and report each epoch."""
    settings = o.train_settings(TrainSettings(), given)
    _carry_out(settings, datasets.notices(settings.data), json)


@o.takes({**SWEEP, **o.TRAINING})
def sweep(given: o.Texts, preset: o.Preset = None, json: o.JsonFile = None) -> None:
    """Sweep sparsity K over pruning methods, all from one trained baseline."""
    start = o.preset(preset, {"paper": paper_sweep}, SweepSettings())
    baseline = o.train_settings(start.baseline, given)
    settings = replace(start, baseline=baseline, **o.read(SWEEP, given))
    _carry_out(settings, datasets.notices(baseline.data), json)


@o.takes({**ALONE, **TUNED, **o.TRAINING})
def schedule(given: o.Texts, json: o.JsonFile = None) -> None:
    """Prune while training, by TFMOT's schedules; options of the training count for both parts."""
    if given.get("start") == "scratch" and "epochs" in given:
        raise InvalidInput(
            "epochs are those of the baseline, which scratch does not have: "
            "say --fine-tune-epochs, the epochs of the training that prunes"
        )
    baseline = o.train_settings(TrainSettings(), given)
    tuned = {name.removeprefix("fine_tune_"): given[name] for name in TUNED if name in given}
    settings = replace(ScheduleSettings(), baseline=baseline, **o.read(SCHEDULE, given | tuned))
    data = datasets.describe(baseline.data.dataset, channels=baseline.data.channels)
    plan = planning.plan_on(settings, data)
    problems.check(plan)
    _carry_out(settings, (*datasets.notices(baseline.data), *problems.told(plan)), json)


@o.takes({**EXPORT, **o.TRAINING})
def export(
    given: o.Texts, source: Source = None, json: o.JsonFile = None, folder: Folder = None
) -> None:
    """Make, run and time the model files of a trained network and of its pruned versions."""
    trained = [name for name in o.TRAINING if name in given]
    if source is None:
        start = ExportSettings(source=o.train_settings(TrainSettings(), given))
    elif trained:
        option = trained[0].replace("_", "-")
        raise InvalidInput(f"--source names a run that is trained already: leave out --{option}")
    else:
        start = export_of(open_runs().get(source).parsed)
    settings = replace(start, **o.read(EXPORT, given))
    result = _carry_out(settings, datasets.notices(training_of(settings).data), json)
    if folder is not None:
        show.write_files(open_runs(), result["run"], folder)


@o.takes(FEDERATE)
def federate(
    given: o.Texts, preset: o.Preset = None, network: Network = None, json: o.JsonFile = None
) -> None:
    """Federated rounds; several algorithms or prunings, with commas, are compared on one split."""
    algorithms = words(given.pop("algorithm", "sub-fedavg"))
    prunings = words(given.pop("pruning", "unstructured"))
    presets = {"paper": paper_federation, "quick": quick_federation}
    start = o.preset(preset, presets, FederateSettings())
    if network not in {None, "dense"}:
        raise InvalidInput(f"network must be dense for federated rounds, not {network!r}")
    chosen = o.read(FEDERATE, given)
    settings = [
        start.but(algorithm=algorithm, pruning=pruning, **chosen)
        for algorithm, pruning in product(algorithms, prunings)
    ]
    distinct = [datasets.settled(each) for each in dict.fromkeys(settings)]
    if not distinct:
        raise InvalidInput("name at least one algorithm and one kind of pruning")
    if len(distinct) == 1:
        _carry_out(distinct[0], datasets.notices(distinct[0].data), json)
        return
    show.notices(datasets.notices(distinct[0].data))
    with show.bar() as look:
        results = list(client.run_all(distinct, on_look=look))
    # what is to be said of the data and the split is the same for all
    show.write_json(json, {"runs": results, "notices": results[0]["notices"]})
    tables.compare(results)


def _carry_out(settings: Settings, notices: Iterable[Notice], json: Path | None) -> dict[str, Any]:
    """Say what is known of the data, do the run, write and show its result.

    Raises:
        PrunescopeError: the run failed; see `client.run`.
    """
    show.notices(notices)
    with show.bar() as look:
        result = client.run(settings, on_look=look)
    show.write_json(json, result)
    tables.show(settings.kind, result)
    return result
