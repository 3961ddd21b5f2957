"""`python -m engine train`: a baseline, epoch by epoch."""

from engine import datasets
from engine.commands import options as o
from engine.commands.carry_out import carried_out
from engine.settings import TrainSettings


@o.takes(o.TRAINING)
def command(given: o.Texts, json: o.JsonFile = None) -> None:
    """Train a baseline and report each epoch."""
    settings = o.train_settings(TrainSettings(), given)
    carried_out(settings, datasets.notices(settings.data), json)
