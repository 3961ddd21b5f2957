"""`python -m engine train`: a baseline, epoch by epoch."""

from engine import client, datasets
from engine.commands import options as o
from engine.commands import show, tables
from engine.settings import TrainSettings


@o.takes(o.TRAINING)
def command(given: o.Texts, json: o.JsonFile = None) -> None:
    """Train a baseline and report each epoch."""
    settings = o.train_settings(TrainSettings(), given)
    show.notices(datasets.notices(settings))
    with show.bar() as look:
        result = client.run(settings, on_look=look)
    show.write_json(json, result)
    tables.show(settings.kind, result)
