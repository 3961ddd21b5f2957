"""The command that makes a run again."""

import shlex
from collections.abc import Iterable, Iterator
from typing import Any

from engine.settings import (
    ExportSettings,
    FederateSettings,
    ScheduleSettings,
    Settings,
    TrainSettings,
    digest,
    flat,
    options,
    training_of,
)


def command(settings: Settings) -> str:
    """The line for a shell in the project's folder; options at their default are left out."""
    words = [word for name, text in _options(settings) for word in (f"--{name}", text)]
    return shlex.join(["python", "-m", "engine", settings.kind, *words])


def _options(settings: Settings) -> Iterator[tuple[str, str]]:
    own, training = options(type(settings)), options(TrainSettings)
    default: Any = type(settings)()
    if isinstance(settings, ExportSettings) and isinstance(settings.source, ScheduleSettings):
        yield "source", digest(settings.source)
        default = ExportSettings(source=settings.source, prunings=())
    elif not isinstance(settings, TrainSettings | FederateSettings):
        yield from _changed(training_of(settings), TrainSettings(), training)
    if isinstance(settings, ScheduleSettings):
        # what both trainings have is that of the baseline where a command does not say otherwise
        yield from _changed(settings, default, [name for name in own if name not in training])
        shared = [name for name in own if name in training]
        for name, text in _changed(settings, settings.baseline, shared):
            yield f"fine-tune-{name}", text
    else:
        yield from _changed(settings, default, own)


def _changed(settings: Any, default: Any, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The options of those settings that differ, as a person would write them."""
    declared, usual = options(type(settings)), flat(default)
    for name, value in flat(settings).items():
        if name in names and value != usual.get(name, declared[name].default):
            yield name.replace("_", "-"), declared[name].value.write(value)
