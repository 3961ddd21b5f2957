"""`python -m engine sweep`: prune one baseline by every method at every sparsity."""

from dataclasses import replace

from engine import datasets
from engine.commands import options as o
from engine.commands.carry_out import carried_out
from engine.settings import SweepSettings, options, paper_sweep

OWN = options(SweepSettings)


@o.takes({**OWN, **o.TRAINING})
def command(given: o.Texts, preset: o.Preset = None, json: o.JsonFile = None) -> None:
    """Sweep sparsity K over pruning methods, all from one trained baseline."""
    start = o.preset(preset, {"paper": paper_sweep}, SweepSettings())
    baseline = o.train_settings(start.baseline, given)
    settings = replace(start, baseline=baseline, **o.read(OWN, given))
    carried_out(settings, datasets.notices(baseline.data), json)
