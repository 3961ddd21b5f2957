"""`python -m engine schedule`: prune while training, from a trained network or from scratch."""

from dataclasses import replace

from engine import datasets
from engine.commands import options as o
from engine.commands.carry_out import carried_out
from engine.datasets import describe
from engine.errors import InvalidInput
from engine.pruning.plan import planning, problems
from engine.settings import ScheduleSettings, TrainSettings, options

OWN = options(ScheduleSettings)
SHARED = [name for name in OWN if name in o.TRAINING]
"""Settings of both trainings: an option of the first counts for the second, which has its own."""

TUNED = {
    f"fine_tune_{name}": replace(
        OWN[name], help=f"If another than --{name.replace('_', '-')}: {OWN[name].help}"
    )
    for name in SHARED
}
ALONE = {name: each for name, each in OWN.items() if name not in SHARED}


@o.takes({**ALONE, **TUNED, **o.TRAINING})
def command(given: o.Texts, json: o.JsonFile = None) -> None:
    """Prune while training, by TFMOT's schedules; options of the training count for both parts."""
    if given.get("start") == "scratch" and "epochs" in given:
        raise InvalidInput(
            "epochs are those of the baseline, which scratch does not have: "
            "say --fine-tune-epochs, the epochs of the training that prunes"
        )
    baseline = o.train_settings(TrainSettings(), given)
    tuned = {name.removeprefix("fine_tune_"): given[name] for name in TUNED if name in given}
    settings = replace(ScheduleSettings(), baseline=baseline, **o.read(OWN, given | tuned))
    plan = planning.plan_on(settings, describe(baseline.dataset, channels=baseline.channels))
    problems.check(plan)
    carried_out(settings, (*datasets.notices(baseline), *problems.told(plan)), json)
