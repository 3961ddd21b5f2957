"""What the fields of a schedule say, kept in the session.

They are filled from there, so that a remedy can put what it mends into them by a press.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from engine.settings import ScheduleSettings, targets_as_text, targets_from_text


@dataclass(frozen=True, slots=True)
class Field:
    """How a setting is shown in its field, and read from there."""

    shown: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value


def _fraction(percentage: float) -> float:
    return float(percentage) / 100


PERCENT = Field(lambda share: round(100 * share, 3), _fraction)
FIELDS: Mapping[str, Field] = {
    "rule": Field(),
    "start": Field(),
    "schedule": Field(),
    "target": PERCENT,
    "targets": Field(targets_as_text, targets_from_text),
    "initial": PERCENT,
    "begin_step": Field(),
    "end_step": Field(),
    "power": Field(),
    "frequency": Field(),
    "fine_tune_epochs": Field(),
    "pooling": Field(),
    "pattern": Field(),
    "layers": Field(list, lambda chosen: tuple(sorted(chosen))),
    "unit_sparsity": PERCENT,
    "seed": Field(),
}
"""The settings that have one field each."""


def first_fill(base: ScheduleSettings, prefix: str) -> None:
    """Give every field that the session does not know yet the value of `base`."""
    for key, value in _values(base, prefix).items():
        st.session_state.setdefault(key, value)


def fill(settings: ScheduleSettings, prefix: str) -> None:
    """Put the settings into the fields; for a callback, which runs before the fields are drawn."""
    st.session_state.update(_values(settings, prefix))


def read(prefix: str) -> dict[str, Any]:
    """The settings that the fields say; the settings themselves check them."""
    values = {name: field.read(state(prefix, name)) for name, field in FIELDS.items()}
    values["block"] = (state(prefix, "block-rows"), state(prefix, "block-columns"))
    if values["start"] == "scratch":
        values["unit_sparsity"] = 0.0  # its field is closed then, whatever it still says
    return values


def _values(settings: ScheduleSettings, prefix: str) -> dict[str, Any]:
    values = {name: field.shown(getattr(settings, name)) for name, field in FIELDS.items()}
    values |= {"block-rows": settings.block[0], "block-columns": settings.block[1]}
    return {key_of(prefix, name): value for name, value in values.items()}


def key_of(prefix: str, name: str) -> str:
    """Key of the field of a setting."""
    return f"{prefix}-plan-{name.replace('_', '-')}"


def state(prefix: str, name: str) -> Any:
    """What the field of a setting says now."""
    return st.session_state[key_of(prefix, name)]
