"""The same settings with another seed."""

import dataclasses
from typing import Any, TypeVar

from engine.settings import Settings, digest

STUDY = (0, 1, 2)
"""The seeds of a repetition."""

Value = TypeVar("Value")


def with_seed(settings: Value, seed: int) -> Value:
    """The settings with this seed, in everything that they start from too."""
    changed: dict[str, Any] = {}
    for field in dataclasses.fields(settings):  # type: ignore[arg-type]  # settings are dataclasses
        value = getattr(settings, field.name)
        if field.name == "seed":
            changed["seed"] = seed
        elif dataclasses.is_dataclass(value):
            changed[field.name] = with_seed(value, seed)
    return dataclasses.replace(settings, **changed)  # type: ignore[type-var]


def family(settings: Settings) -> str:
    """The id that settings share which differ in their seeds only."""
    return digest(with_seed(settings, 0))


def study(settings: Settings) -> list[Settings]:
    """The settings once with each seed of a study."""
    return [with_seed(settings, seed) for seed in STUDY]
