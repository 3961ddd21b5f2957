"""The command that makes a run again."""

import dataclasses
import shlex
from typing import Any

from engine.settings import Settings, percent


def command(settings: Settings) -> str:
    """The line for a shell in the project's folder; options at their default are left out."""
    options = [word for name, value in _changed(settings) for word in (f"--{name}", value)]
    return shlex.join(["python", "-m", "engine", settings.kind, *options])


def _changed(settings: Any) -> list[tuple[str, str]]:
    """Options and their texts, those of what the settings start from included."""
    default, found = type(settings)(), []
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if dataclasses.is_dataclass(value):
            found += _changed(value)
        elif value != getattr(default, field.name):
            found.append((field.name.replace("_", "-"), _text(field.name, value)))
    return found


def _text(name: str, value: Any) -> str:
    if name == "sparsities":
        return ",".join(map(percent, value))
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
