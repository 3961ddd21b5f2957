"""Settings as JSON and back, and the digest that names a run.

The digest leaves out every option that has its default, so a setting added later does not rename
the runs that were made before it (the `hashname` of Frankle's open_lth).

Settings may hold other settings, such as a sweep its baseline. Inside, the kind is written beside
the options unless it is `train`.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from engine import checks
from engine.settings.declare import RunSettings, flat, options

KIND = "kind"
INNER_KIND = "train"
"""The kind of settings inside others where none is written."""

RUN_ID = re.compile(r"[0-9a-f]{24}")


def digest(settings: RunSettings) -> str:
    """The id of the run with these settings: 24 hex digits of their canonical text's SHA-256."""
    body = {KIND: settings.kind, **without_defaults(settings)}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def without_defaults(settings: RunSettings) -> dict[str, Any]:
    """The options that differ from their defaults, as JSON values."""
    declared, default = options(type(settings)), flat(type(settings)())
    changed = {
        name: value
        for name, value in flat(settings).items()
        if value != (declared[name].default if name in declared else default[name])
    }
    return {name: _plain(value, without_defaults) for name, value in changed.items()}


def to_json(settings: RunSettings) -> dict[str, Any]:
    """All options as JSON values; those that do not matter have their default.

    Tuples become lists, the settings of another run become an object.
    """
    defaults = {name: each.default for name, each in options(type(settings)).items()}
    return {name: _plain(value, to_json) for name, value in {**defaults, **flat(settings)}.items()}


def from_values(kind: str, values: object, kinds: Mapping[str, type[Any]]) -> Any:
    """Settings from JSON values; a missing option has its default, an unknown one is an error.

    Raises:
        InvalidInput: the kind or an option is unknown, or a value is not allowed.
    """
    cls = kinds[checks.choice(KIND, kind, tuple(kinds))]
    if not isinstance(values, Mapping):
        raise checks.refuse("settings", "a JSON object", values)
    return cls.of(**{str(name): _value(value, kinds) for name, value in values.items()})


def check_run_id(run: object) -> str:
    """A string that has the form of a run id, before any look-up.

    Raises:
        InvalidInput: it has another form.
    """
    if not isinstance(run, str) or not RUN_ID.fullmatch(run):
        raise checks.refuse("run", "an id of 24 characters 0-9 and a-f", run)
    return run


def _plain(value: Any, inside: Callable[[RunSettings], dict[str, Any]]) -> Any:
    """A value for JSON; `inside` says which options of another run's settings are written."""
    if isinstance(value, RunSettings):
        kind = {} if value.kind == INNER_KIND else {KIND: value.kind}
        return {**kind, **inside(value)}
    return [_plain(entry, inside) for entry in value] if isinstance(value, tuple) else value


def _value(value: Any, kinds: Mapping[str, type[Any]]) -> Any:
    if isinstance(value, list):
        return tuple(_value(entry, kinds) for entry in value)
    if not isinstance(value, Mapping):
        return value
    inner = dict(value)
    return from_values(inner.pop(KIND, INNER_KIND), inner, kinds)
