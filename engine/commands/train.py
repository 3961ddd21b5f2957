"""`python -m engine train`: train a baseline."""

from engine import client, datasets
from engine.commands import options as o
from engine.commands import show, tables
from engine.settings import TrainSettings


def command(
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
    """Train a baseline and report each epoch."""
    settings = o.train_settings(
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
    show.notices(datasets.notices(settings))
    with show.bar() as look:
        result = client.run(settings, on_look=look)
    show.write_json(json, result)
    tables.show(settings.kind, result)
