"""Units pruned or saved by hand: a click on a point, or a number and a button."""

from functools import partial

import streamlit as st

from engine.errors import InvalidInput
from engine.explore import inside
from engine.explore.question import edits_to_text
from engine.explore.service import Subject
from engine.pruning.rule import Edit, Pruned
from pages.explore import charts
from pages.explore.controls import HAND, Asked, edits, layer_name
from pages.explore.laboratory import lab
from pages.shared import cached
from pages.shared.charts.base import toolbar
from pages.shared.texts import ALT, HELP, READ

CHART = "norms"


def units(subject: Subject, asked: Asked, index: int, pruned: Pruned, *, stamp: str) -> None:
    """The ranked units of a hidden layer, and the ways to change their fate."""
    network = lab().network(subject)
    ranked = inside.norms(network, pruned, index)
    st.markdown("**Units by norm**")
    draw = partial(charts.norms, ranked, asked.question.method)
    st.plotly_chart(
        cached.drawn(f"explore-norms-{stamp}", draw),
        key=CHART,
        on_select=partial(_clicked, index),
        selection_mode="points",
        config=toolbar("prunescope-norms"),
        alt=ALT["norms"].format(layer=layer_name(network, index)),
    )
    st.caption(READ["norms"])
    _by_number(index, len(ranked.units))


def _by_number(index: int, count: int) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="by-hand"):
        number = st.number_input(
            f"Unit, 0 to {count - 1:,}", 0, count - 1, 0, step=1, help=HELP["hand"], width=150
        )
        unit = min(max(int(number), 0), count - 1)
        for label, kept in (("Prune", False), ("Save", True)):
            st.button(label, key=f"hand-{kept}", on_click=partial(_set, Edit(index, unit, kept)))
        if edits():
            st.button("Undo all", key="hand-undo", on_click=_undo)
    changed = edits()
    if changed:
        st.caption(f"By hand: {', '.join(map(_said, changed))}")


def _clicked(index: int) -> None:
    """Turn the fate of the unit around; a selection that goes away says nothing."""
    for point in st.session_state[CHART].selection.points:
        dead = point.get("legendgroup") == "Pruned" or point.get("curve_number") == 1
        unit = point["customdata"]
        _set(Edit(index, int(unit[0] if isinstance(unit, list) else unit), kept=dead))


def _set(edit: Edit) -> None:
    """Enter the edit; the opposite one takes an earlier one back."""
    try:
        before = edits()
    except InvalidInput:
        before = ()
    others = [e for e in before if (e.layer, e.unit) != (edit.layer, edit.unit)]
    opposite = Edit(edit.layer, edit.unit, not edit.kept)
    now = others if opposite in before else [*others, edit]
    _write(tuple(now))


def _undo() -> None:
    _write(())


def _write(changed: tuple[Edit, ...]) -> None:
    if changed:
        st.query_params[HAND] = edits_to_text(changed)
    else:
        st.query_params.pop(HAND, None)


def _said(edit: Edit) -> str:
    return f"unit {edit.unit} of layer {edit.layer + 1} {'saved' if edit.kept else 'pruned'}"
