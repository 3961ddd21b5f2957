"""The fields of a schedule; what a remedy changes can be put into them by a press.

Every field is filled from the session, so that `fill` can write there what a mended plan says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from engine.results import SMALL, UNPRUNED
from engine.settings import PATTERNS, POOLINGS, RULES, SCHEDULES, STARTS, ScheduleSettings
from engine.settings.schedule import layer_count
from pages.components import forms
from pages.components.palette import RIVALS
from pages.components.texts import HELP

STARTS_NAMED = {"trained": "A trained network", "scratch": "Random weights"}
RULES_NAMED = {"prune": "Prune"} | {name: RIVALS[name].label for name in (UNPRUNED, SMALL)}
PATTERNS_NAMED = {"free": "Free", "2:4": "2:4"}


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


def schedule(base: ScheduleSettings, *, prefix: str) -> ScheduleSettings:
    """Fields for a schedule and its baseline, filled from `base`; keys start with `prefix`."""
    first_fill(base, prefix)
    what, network = st.container(), st.container()
    with network:
        st.subheader("The network", icon=":material/hub:")
        baseline = forms.training(base.baseline, prefix=prefix)
    with what:
        st.subheader("What to do", icon=":material/content_cut:")
        _main(prefix)
        with st.expander("Steps", icon=":material/stairs:"):
            _steps(prefix)
        with st.expander("Which weights", icon=":material/grid_on:"):
            _shape(prefix, layer_count(baseline))
        with st.expander("Optimizer while pruning", icon=":material/tune:"):
            tuned = forms.optimizer_fields(base, f"{prefix}-tune")
    values = {name: field.read(_state(prefix, name)) for name, field in FIELDS.items()}
    if values["start"] == "scratch":
        values["unit_sparsity"] = 0.0  # its field is closed then, whatever it still says
    optimizer, rate, decay, batch = tuned
    return ScheduleSettings(
        baseline=baseline,
        optimizer=optimizer,
        learning_rate=rate,
        decay=decay,
        batch_size=batch,
        block=(_state(prefix, "block-rows"), _state(prefix, "block-columns")),
        **values,
    )


def first_fill(base: ScheduleSettings, prefix: str) -> None:
    """Give every field that the session does not know yet the value of `base`."""
    for key, value in _values(base, prefix).items():
        st.session_state.setdefault(key, value)


def fill(settings: ScheduleSettings, prefix: str) -> None:
    """Put the settings into the fields; for a callback, which runs before the fields are drawn."""
    st.session_state.update(_values(settings, prefix))


def _values(settings: ScheduleSettings, prefix: str) -> dict[str, Any]:
    values = {name: field.shown(getattr(settings, name)) for name, field in FIELDS.items()}
    values |= {"block-rows": settings.block[0], "block-columns": settings.block[1]}
    return {_key(prefix, name): value for name, value in values.items()}


def _key(prefix: str, name: str) -> str:
    return f"{prefix}-plan-{name.replace('_', '-')}"


def _state(prefix: str, name: str) -> Any:
    return st.session_state[_key(prefix, name)]


def _main(prefix: str) -> None:
    _choice("Rule", "rule", prefix, RULES, RULES_NAMED)
    first, second = st.columns(2)
    planned = _prunes(prefix) and _free(prefix)
    with first:
        _choice("Start from", "start", prefix, STARTS, STARTS_NAMED)
        _number("Epochs while pruning", "fine_tune_epochs", prefix, "tune_epochs", 1, 200)
    with second:
        _choice("Schedule", "schedule", prefix, SCHEDULES, disabled=not planned)
        off = _state(prefix, "rule") == "unpruned"
        _percent("Target sparsity K, %", "target", prefix, disabled=off)


def _steps(prefix: str) -> None:
    off = not (_prunes(prefix) and _free(prefix))
    curve = off or _state(prefix, "schedule") != "polynomial"
    first, second, third = st.columns(3)
    with first:
        _number("Begin step", "begin_step", prefix, disabled=off)
        _percent("Initial sparsity, %", "initial", prefix, disabled=curve)
    with second:
        _number("End step (0: automatic)", "end_step", prefix, disabled=off)
        _real("Power", "power", prefix, 0.1, 100.0, disabled=curve)
    with third:
        _number("Frequency (0: automatic)", "frequency", prefix, disabled=off)
        _number("Seed while pruning", "seed", prefix, "tune_seed", 0, 2**31 - 1)


def _shape(prefix: str, count: int) -> None:
    off = not _prunes(prefix)
    blocks = off or not _free(prefix)
    first, second, third = st.columns(3)
    with first:
        _choice("Pattern", "pattern", prefix, PATTERNS, PATTERNS_NAMED, disabled=off)
        scratch = _state(prefix, "start") == "scratch" or _state(prefix, "rule") == "unpruned"
        _percent("Units removed first, %", "unit_sparsity", prefix, disabled=scratch)
    with second:
        _number("Block, inputs", "block-rows", prefix, "block", 1, 64, disabled=blocks)
        _number("Block, units", "block-columns", prefix, "block", 1, 64, disabled=blocks)
    with third:
        _choice("Block ranked by", "pooling", prefix, POOLINGS, disabled=blocks)
        _layers(prefix, count, disabled=_state(prefix, "rule") == "unpruned")


def _layers(prefix: str, count: int, *, disabled: bool) -> None:
    key = _key(prefix, "layers")
    known = list(range(1, count + 1))
    st.session_state[key] = [number for number in st.session_state[key] if number in known]
    st.pills(
        "Layers",
        known,
        selection_mode="multi",
        format_func=lambda number: f"{number}, output" if number == count else str(number),
        key=key,
        disabled=disabled,
        help=HELP["layers"],
    )


def _prunes(prefix: str) -> bool:
    return bool(_state(prefix, "rule") == "prune")


def _free(prefix: str) -> bool:
    return bool(_state(prefix, "pattern") == "free")


def _choice(
    label: str,
    name: str,
    prefix: str,
    options: tuple[str, ...],
    titles: Mapping[str, str] | None = None,
    *,
    disabled: bool = False,
) -> None:
    st.segmented_control(
        label,
        options,
        required=True,
        format_func=lambda option: (titles or {}).get(option, option.capitalize()),
        key=_key(prefix, name),
        disabled=disabled,
        help=HELP[name],
    )


def _number(
    label: str,
    name: str,
    prefix: str,
    topic: str = "",
    low: int = 0,
    high: int = 10_000_000,
    *,
    disabled: bool = False,
) -> None:
    key = _key(prefix, name)
    st.number_input(label, low, high, step=1, key=key, disabled=disabled, help=HELP[topic or name])


def _percent(label: str, name: str, prefix: str, *, disabled: bool = False) -> None:
    _real(label, name, prefix, 0.0, 99.0, disabled=disabled, step=1.0)


def _real(
    label: str,
    name: str,
    prefix: str,
    low: float,
    high: float,
    *,
    disabled: bool = False,
    step: float = 0.5,
) -> None:
    st.number_input(
        label,
        low,
        high,
        step=step,
        format="%g",
        key=_key(prefix, name),
        disabled=disabled,
        help=HELP[name],
    )
