"""Settings as a Python script that reproduces the run through the public interface."""

import dataclasses
from typing import Any, cast

from engine.settings import KINDS, Settings


def expression(settings: Settings, indent: str = "") -> str:
    """The settings as a Python expression; fields at their default are left out."""
    inner = indent + "    "
    fields = [
        f"{inner}{field.name}={_value(getattr(settings, field.name), inner)},\n"
        for field in dataclasses.fields(settings)
        if _nested(getattr(settings, field.name))
        or getattr(settings, field.name) != _default(settings, field)
    ]
    body = f"\n{''.join(fields)}{indent}" if fields else ""
    return f"{type(settings).__name__}({body})"


def _default(settings: Settings, field: "dataclasses.Field[Any]") -> object:
    return getattr(type(settings)(), field.name)


def _value(value: object, indent: str) -> str:
    return expression(cast("Settings", value), indent) if _nested(value) else repr(value)


def _nested(value: object) -> bool:
    return isinstance(value, tuple(KINDS.values()))
