"""The form of a schedule; its fields are filled from the session, see `schedule_fields`."""

from collections.abc import Mapping

import streamlit as st

from engine.results.points import SMALL, UNPRUNED
from engine.settings import PATTERNS, POOLINGS, RULES, SCHEDULES, STARTS, ScheduleSettings
from engine.settings.schedule import layer_count
from pages.schedule import fields
from pages.schedule.fields import key_of, state
from pages.shared import forms
from pages.shared.palette import RIVALS
from pages.shared.texts import HELP

STARTS_NAMED = {"trained": "A trained network", "scratch": "Random weights"}
RULES_NAMED = {"prune": "Prune"} | {name: RIVALS[name].label for name in (UNPRUNED, SMALL)}
PATTERNS_NAMED = {"free": "Free", "2:4": "2:4"}


def schedule(base: ScheduleSettings, *, prefix: str) -> ScheduleSettings:
    """Fields for a schedule and its baseline, filled from `base`; keys start with `prefix`."""
    fields.first_fill(base, prefix)
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
    optimizer, rate, decay, batch = tuned
    return ScheduleSettings(
        baseline=baseline,
        optimizer=optimizer,
        learning_rate=rate,
        decay=decay,
        batch_size=batch,
        **fields.read(prefix),
    )


def _main(prefix: str) -> None:
    _choice("Rule", "rule", prefix, RULES, RULES_NAMED)
    first, second = st.columns(2)
    planned = _prunes(prefix) and _free(prefix)
    with first:
        _choice("Start from", "start", prefix, STARTS, STARTS_NAMED)
        _number("Epochs while pruning", "fine_tune_epochs", prefix, "tune_epochs", 1, 200)
    with second:
        _choice("Schedule", "schedule", prefix, SCHEDULES, disabled=not planned)
        off = state(prefix, "rule") == "unpruned"
        _percent("Target sparsity K, %", "target", prefix, disabled=off)


def _steps(prefix: str) -> None:
    off = not (_prunes(prefix) and _free(prefix))
    curve = off or state(prefix, "schedule") != "polynomial"
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
        scratch = state(prefix, "start") == "scratch" or state(prefix, "rule") == "unpruned"
        _percent("Units removed first, %", "unit_sparsity", prefix, disabled=scratch)
    with second:
        _number("Block, inputs", "block-rows", prefix, "block", 1, 64, disabled=blocks)
        _number("Block, units", "block-columns", prefix, "block", 1, 64, disabled=blocks)
    with third:
        _choice("Block ranked by", "pooling", prefix, POOLINGS, disabled=blocks)
        unpruned = state(prefix, "rule") == "unpruned"
        _layers(prefix, count, disabled=unpruned)
        st.text_input(
            "Targets of single layers",
            key=key_of(prefix, "targets"),
            placeholder="such as 1:90, 2:50",
            disabled=unpruned,
            help=HELP["targets"],
        )


def _layers(prefix: str, count: int, *, disabled: bool) -> None:
    key = key_of(prefix, "layers")
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
    return bool(state(prefix, "rule") == "prune")


def _free(prefix: str) -> bool:
    return bool(state(prefix, "pattern") == "free")


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
        key=key_of(prefix, name),
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
    key = key_of(prefix, name)
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
        key=key_of(prefix, name),
        disabled=disabled,
        help=HELP[name],
    )
