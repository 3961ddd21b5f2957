"""The form of a schedule; a remedy elsewhere on the page can fill its fields anew."""

from dataclasses import replace
from typing import Any

import streamlit as st

from engine.settings import ScheduleSettings, options
from engine.settings.schedule import layer_count
from pages.shared import forms
from pages.shared.fields import Fields


def schedule(base: ScheduleSettings, *, prefix: str) -> ScheduleSettings:
    """Fields for a schedule and its baseline, filled from `base`; keys start with `prefix`."""
    what, network = st.container(), st.container()
    with network:
        st.subheader("The network", icon=":material/hub:")
        baseline = forms.training(base.baseline, prefix=prefix)
    with what:
        st.subheader("What to do", icon=":material/content_cut:")
        fields = fields_of(base, prefix)
        chosen = _in_columns(fields, ["rule"])
        chosen |= _in_columns(fields, ["start", "fine_tune_epochs"], ["schedule", "target"])
        with st.expander("Steps", icon=":material/stairs:"):
            chosen |= _in_columns(
                fields, ["begin_step", "initial"], ["end_step", "power"], ["frequency", "seed"]
            )
        with st.expander("Which weights", icon=":material/grid_on:"):
            chosen |= _in_columns(
                fields, ["pattern", "unit_sparsity"], ["block", "pooling"], ["targets"]
            )
            chosen["layers"] = _layers(fields, layer_count(baseline))
        with st.expander("Optimizer while pruning", icon=":material/tune:"):
            chosen |= forms.optimizer_fields(base, f"{prefix}-tune")
    if chosen["start"] == "scratch":
        chosen["unit_sparsity"] = 0.0  # its field is closed then, whatever it still says
    return ScheduleSettings(baseline=baseline, **chosen)


def fields_of(base: ScheduleSettings, prefix: str) -> Fields:
    """The fields of the pruning; what matters is judged by what they say now."""
    fields = Fields(base, f"{prefix}-plan")
    now = {name: fields.now(name) for name in ("rule", "schedule", "pattern")}
    block = (1, 1) if fields.now("block") in {(1, 1), "1x1"} else (2, 2)  # ranked only if larger
    tried = replace(base, start="trained", unit_sparsity=0.0, block=block, **now)
    return replace(fields, tried=[tried])


def _in_columns(fields: Fields, *columns: list[str]) -> dict[str, Any]:
    """Fields side by side; those that do not matter now are closed, not gone."""
    said = {}
    for column, names in zip(st.columns(len(columns)), columns, strict=True):
        with column:
            for name in names:
                closed = not fields.matter(name)
                if name == "unit_sparsity":
                    closed |= fields.now("start") == "scratch"
                said[name] = fields.one(name, disabled=closed)
    return said


def _layers(fields: Fields, count: int) -> tuple[int, ...]:
    """A press for each layer of the network."""
    key, known = fields.key("layers"), list(range(1, count + 1))
    kept = fields.now("layers")
    st.session_state[key] = [number for number in kept if number in known]
    declared = options(ScheduleSettings)["layers"]
    chosen = st.pills(
        declared.label,
        known,
        selection_mode="multi",
        format_func=lambda number: f"{number}, output" if number == count else str(number),
        key=key,
        disabled=not fields.matter("layers"),
        help=declared.help,
    )
    return tuple(sorted(chosen))
