"""Settings as JSON and back, and the digest that names a run.

The digest leaves out every field that has its default, so a setting added later does not rename
the runs that were made before it (the `hashname` of Frankle's open_lth).

Settings may hold other settings, such as a sweep its baseline. Inside, the kind is written beside
the fields unless it is `train`.
"""

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from engine import checks

KIND = "kind"
INNER_KIND = "train"
"""The kind of settings inside others where none is written."""

RUN_ID = re.compile(r"[0-9a-f]{24}")


class AnySettings(Protocol):
    """What all kinds of settings have in common: frozen dataclasses with a kind."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    kind: ClassVar[str]


def digest(settings: AnySettings) -> str:
    """The id of the run with these settings: 24 hex digits of their canonical text's SHA-256."""
    body = {KIND: settings.kind, **without_defaults(settings)}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def without_defaults(settings: AnySettings) -> dict[str, Any]:
    """The fields that differ from their defaults, as JSON values."""
    default = to_json(type(settings)())
    changed = {name: value for name, value in to_json(settings).items() if value != default[name]}
    return {name: _short(getattr(settings, name), value) for name, value in changed.items()}


def to_json(settings: AnySettings) -> dict[str, Any]:
    """All fields as JSON values (tuples become lists, nested settings become objects)."""
    names = (field.name for field in dataclasses.fields(settings))
    return {name: _plain(getattr(settings, name)) for name in names}


def from_values(kind: str, values: object, kinds: Mapping[str, type[Any]]) -> Any:
    """Settings from JSON values; a missing field has its default, an unknown one is an error.

    Raises:
        InvalidInput: the kind or a field is unknown, or a value is not allowed.
    """
    cls = kinds[checks.choice(KIND, kind, tuple(kinds))]
    if not isinstance(values, Mapping):
        raise checks.refuse("settings", "a JSON object", values)
    names = sorted(field.name for field in dataclasses.fields(cls))
    for name in values:
        checks.choice("setting", name, names)
    return cls(**{name: _value(value, kinds) for name, value in values.items()})


def check_run_id(run: object) -> str:
    """A string that has the form of a run id; anything else is refused before any look-up."""
    if not isinstance(run, str) or not RUN_ID.fullmatch(run):
        raise checks.refuse("run", "an id of 24 characters 0-9 and a-f", run)
    return run


def _is_settings(value: object) -> bool:
    return dataclasses.is_dataclass(value) and hasattr(value, KIND)


def _plain(value: Any) -> Any:
    if _is_settings(value):
        return _with_kind(value, to_json(value))
    return [_plain(entry) for entry in value] if isinstance(value, tuple) else value


def _short(value: Any, plain: Any) -> Any:
    return _with_kind(value, without_defaults(value)) if _is_settings(value) else plain


def _with_kind(settings: AnySettings, values: dict[str, Any]) -> dict[str, Any]:
    return values if settings.kind == INNER_KIND else {KIND: settings.kind, **values}


def _value(value: Any, kinds: Mapping[str, type[Any]]) -> Any:
    if isinstance(value, list):
        return tuple(_value(entry, kinds) for entry in value)
    if not isinstance(value, Mapping):
        return value
    inner = dict(value)
    return from_values(inner.pop(KIND, INNER_KIND), inner, kinds)
