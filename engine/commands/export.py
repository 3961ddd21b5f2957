"""`python -m engine export`: turn a network into files, pruned in rows and quantized in columns."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from engine import datasets
from engine.commands import options as o
from engine.commands import show
from engine.commands.carry_out import carried_out
from engine.errors import InvalidInput
from engine.runs.service import open_runs
from engine.settings import ExportSettings, TrainSettings, export_of, options, training_of

OWN = options(ExportSettings)
Source = Annotated[o.Text, typer.Option(help="The id of a run whose network is exported.")]
Folder = Annotated[Path | None, typer.Option(help="Write every file into this folder.")]


@o.takes({**OWN, **o.TRAINING})
def command(
    given: o.Texts, source: Source = None, json: o.JsonFile = None, folder: Folder = None
) -> None:
    """Make, run and time the model files of a trained network and of its pruned versions."""
    settings = replace(_start(source, given), **o.read(OWN, given))
    result = carried_out(settings, datasets.notices(training_of(settings).data), json)
    if folder is not None:
        show.write_files(open_runs(), result["run"], folder)


def _start(source: o.Text, given: o.Texts) -> ExportSettings:
    """The settings of an export of that run's network, or of a training with these options."""
    if source is None:
        return ExportSettings(source=o.train_settings(TrainSettings(), given))
    extra = [name for name in o.TRAINING if name in given]
    if extra:
        option = extra[0].replace("_", "-")
        raise InvalidInput(f"--source names a run that is trained already: leave out --{option}")
    return export_of(open_runs().get(source).parsed)
