"""The command that makes a run again."""

import dataclasses
import shlex
from collections.abc import Iterator
from typing import Any

from engine.settings import (
    ExportSettings,
    ScheduleSettings,
    Settings,
    TrainSettings,
    digest,
    percent,
    prunings_as_text,
    targets_as_text,
)

OWN_TRAINING = ("batch_size", "optimizer", "learning_rate", "decay", "seed")
"""Fields of a schedule that the command takes from its baseline's where they are not said."""

PERCENTAGES = ("target", "initial", "unit_sparsity", "step", "unit_target", "unit_step")


def command(settings: Settings) -> str:
    """The line for a shell in the project's folder; options at their default are left out."""
    words = [word for name, text in _options(settings) for word in (f"--{name}", text)]
    return shlex.join(["python", "-m", "engine", settings.kind, *words])


def _options(settings: Settings) -> Iterator[tuple[str, str]]:
    if isinstance(settings, ExportSettings) and isinstance(settings.source, ScheduleSettings):
        yield "source", digest(settings.source)
        default: Any = ExportSettings(source=settings.source, prunings=())
    else:
        yield from _training(settings)
        default = type(settings)()
    for name in _own(settings):
        value = getattr(settings, name)
        if isinstance(settings, ScheduleSettings) and name in OWN_TRAINING:
            if value != getattr(settings.baseline, name):
                yield _option(f"fine_tune_{name}", value)
        elif value != getattr(default, name):
            yield _option(name, value)


def _own(settings: Settings) -> list[str]:
    names = [field.name for field in dataclasses.fields(settings)]
    return [name for name in names if not dataclasses.is_dataclass(getattr(settings, name))]


def _training(settings: Any) -> Iterator[tuple[str, str]]:
    """The options of the training that the settings start from, where they are not that."""
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, TrainSettings):
            default = TrainSettings()
            changed = [n for n in _own(value) if getattr(value, n) != getattr(default, n)]
            yield from (_option(name, getattr(value, name)) for name in changed)


def _option(name: str, value: Any) -> tuple[str, str]:
    return name.replace("_", "-"), _text(name, value)


def _text(name: str, value: Any) -> str:
    if name == "prunings":
        return prunings_as_text(value)
    if name == "targets":
        return targets_as_text(value)
    if name == "block":
        return "x".join(map(str, value))
    if name == "sparsities":
        return ",".join(map(percent, value))
    if name in PERCENTAGES:
        return percent(value)
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
