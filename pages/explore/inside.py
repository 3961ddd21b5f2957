"""Inside the network, layer by layer: weights, what units look at, and units edited by hand."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from engine.arrays import BoolArray
from engine.errors import InvalidInput
from engine.explore import inside
from engine.explore.image import has_picture, no_picture
from engine.explore.question import edits_to_text
from engine.explore.service import Subject
from engine.networks.network import Layer, Network
from engine.pruning.prune import Edit, Pruned
from pages.explore import charts, pictures
from pages.explore.form import EDITS, Asked, edits, layer_name
from pages.explore.networks import service, show_chart
from pages.explore.words import CHARTS, HELP
from pages.shared import chart
from pages.shared.choices import from_list

FIELDS = 96
MOST_PICTURES = 100
"""Pictures of each kind that are kept for the next who asks; one takes up to 200 kB."""


def show(subject: Subject, asked: Asked) -> None:
    """One layer: its weights, its units, its kernel; of the first one also what it looks at."""
    network, pruned = service().network(subject), service().pruned(subject, asked.question)
    count = len(network.layers)
    titles = {number: layer_name(network, number - 1) for number in range(1, count + 1)}
    index = min(from_list("Layer", titles, key="layer", width=280), count) - 1
    stamp, kept = f"{subject}-{asked.question}-{index}", pruned.masks.kernels[index]
    hidden = index < len(network.hidden)
    text = f"{int(kept.sum()):,} of {kept.size:,} weights are left"
    if hidden:
        dead = pruned.dead_units[index]
        text += f", {int((~dead).sum()):,} of {dead.size:,} units still read something"
    st.caption(f"{text}.")
    first, second = st.columns(2)
    with first, chart.box("Weights by value"):
        found = inside.histogram(network.layers[index], kept)
        draw = partial(charts.histogram, found, asked.question.method)
        show_chart("histogram", stamp, draw, layer=titles[index + 1])
    with second, st.container(border=True, height="stretch"):
        if hidden:
            _units(network, asked, index, pruned, stamp)
        else:
            _kernel(network, pruned, index, stamp)
    if index == 0:
        _first_layer(subject, asked, network, pruned)
    if hidden:
        with st.container(border=True):
            _kernel(network, pruned, index, stamp)


def _kernel(network: Network, pruned: Pruned, index: int, stamp: str) -> None:
    layer, text = network.layers[index], CHARTS["kernel"]
    rows, columns = layer.kernel.shape
    st.markdown(f"**Kernel** · {rows:,} inputs by {columns:,} units")
    picture = _kernel_picture(stamp, layer, pruned.masks.kernels[index])
    st.image(picture, alt=text.alt.format(layer=layer_name(network, index)))
    st.caption(text.read)


@st.cache_data(show_spinner=False, max_entries=MOST_PICTURES)
def _kernel_picture(stamp: str, _layer: Layer, _kept: BoolArray) -> bytes:
    del stamp  # only the cache reads it
    pixels = pictures.weights(*inside.picture(_layer, _kept))
    return pictures.png(pixels, 500 / max(pixels.shape[:2]))


def _first_layer(subject: Subject, asked: Asked, network: Network, pruned: Pruned) -> None:
    shape = service().dataset(subject).image_shape
    layer = network.layers[0]
    if not has_picture(inside.field_shape(layer, shape)):
        st.caption(no_picture(shape))
        return
    picture, count = _fields_picture(f"{subject}-{asked.question}", network, pruned, shape)
    left, right = st.columns(2)
    title = "3 × 3 filters" if layer.convolution else "Receptive fields"
    with left, chart.box(title, f"{count} of {layer.units:,} units, the weakest first"):
        st.image(picture, alt=CHARTS["fields"].alt.format(count=count))
        st.caption(CHARTS["fields"].read)
    if layer.convolution is None:
        with right, chart.box("Connections of each input pixel"):
            draw = partial(charts.pixels, inside.pixel_shares(pruned, shape))
            show_chart("pixels", f"{subject}-{asked.question}", draw)


@st.cache_data(show_spinner=False, max_entries=MOST_PICTURES)
def _fields_picture(
    stamp: str, _network: Network, _pruned: Pruned, _shape: tuple[int, ...]
) -> tuple[bytes, int]:
    """What units of the first layer look at, as a sheet, and how many are on it."""
    del stamp  # only the cache reads it
    _, images, dead = inside.fields(_network, _pruned, _shape, FIELDS)
    pixels = pictures.sheet(images, dead, columns=12 if len(images) > 24 else 6)
    return pictures.png(pixels, 720 / pixels.shape[1]), len(images)


def _units(network: Network, asked: Asked, index: int, pruned: Pruned, stamp: str) -> None:
    """The ranked units of a hidden layer, and the ways to edit their fate."""
    ranked = inside.norms(network, pruned, index)
    st.markdown("**Units by norm**")
    chart.show(
        partial(charts.norms, ranked, asked.question.method),
        CHARTS["norms"],
        key="norms",
        stamp=f"explore-{stamp}",
        select=partial(_clicked, index),
        words={"layer": layer_name(network, index)},
    )
    count = len(ranked.units)
    with st.container(horizontal=True, vertical_alignment="bottom", key="by-hand"):
        number = st.number_input(
            f"Unit, 0 to {count - 1:,}", 0, count - 1, 0, step=1, help=HELP["edits"], width=150
        )
        unit = min(max(int(number), 0), count - 1)
        for label, kept in (("Prune", False), ("Save", True)):
            enter = partial(_enter, Edit(index, unit, kept))
            st.button(label, key=f"hand-{kept}", on_click=enter)
        changed = edits()
        if changed:
            st.button("Undo all", key="hand-undo", on_click=partial(_write, []))
    if changed:
        listed = ", ".join(
            f"unit {edit.unit} of layer {edit.layer + 1} {'saved' if edit.kept else 'pruned'}"
            for edit in changed
        )
        st.caption(f"By hand: {listed}")


def _clicked(index: int) -> None:
    """Turn the fate of the unit around; a selection that goes away says nothing."""
    for point in st.session_state["norms"].selection.points:
        dead = point.get("legendgroup") == "Pruned" or point.get("curve_number") == 1
        unit = point["customdata"]
        _enter(Edit(index, int(unit[0] if isinstance(unit, list) else unit), kept=dead))


def _enter(edit: Edit) -> None:
    """Enter the edit into the URL; the opposite one takes an earlier one back."""
    try:
        before = edits()
    except InvalidInput:
        before = ()
    others = [e for e in before if (e.layer, e.unit) != (edit.layer, edit.unit)]
    opposite = Edit(edit.layer, edit.unit, not edit.kept)
    _write(others if opposite in before else [*others, edit])


def _write(changed: Sequence[Edit]) -> None:
    if changed:
        st.query_params[EDITS] = edits_to_text(changed)
    else:
        st.query_params.pop(EDITS, None)
