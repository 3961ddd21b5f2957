"""Settings as a Python script that reproduces the run through the public interface."""

from typing import Any

from engine.settings import RunSettings, flat, options


def expression(settings: RunSettings, indent: str = "") -> str:
    """The settings as a Python expression; options at their default are left out."""
    inner, declared = indent + "    ", options(type(settings))
    given = [
        f"{inner}{name}={_value(value, inner)},\n"
        for name, value in flat(settings).items()
        if name not in declared or value != declared[name].default
    ]
    body = f"\n{''.join(given)}{indent}" if given else ""
    return f"{type(settings).__name__}.of({body})"


def _value(value: Any, indent: str) -> str:
    return expression(value, indent) if isinstance(value, RunSettings) else repr(value)
