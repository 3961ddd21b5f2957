"""Inside the network, layer by layer: weights, units, what they look at."""

from functools import partial

import streamlit as st

from engine.arrays import BoolArray
from engine.explore import inside
from engine.explore.image import has_picture, no_picture
from engine.explore.service import Subject
from engine.networks.network import Layer, Network
from engine.pruning.rule import Pruned
from pages.explore import charts, hand, pictures
from pages.explore.controls import Asked, layer_name
from pages.explore.laboratory import drawn, lab
from pages.shared.texts import ALT, READ

FIELDS = 96
MOST_PICTURES = 100
"""Pictures of each kind that are kept for the next who asks; one takes up to 200 kB."""


def show(subject: Subject, asked: Asked) -> None:
    """One layer: its weights, its units, its kernel; of the first one also what it looks at."""
    network, pruned = lab().network(subject), lab().pruned(subject, asked.question)
    index = _layer(network)
    kept = pruned.masks.kernels[index]
    name, stamp = layer_name(network, index), f"{subject}-{asked.question}-{index}"
    st.caption(_summary(network, pruned, index))
    first, second = st.columns(2)
    with first, st.container(border=True, height="stretch"):
        st.markdown("**Weights by value**")
        found = inside.histogram(network.layers[index], kept)
        draw = partial(charts.histogram, found, asked.question.method)
        drawn("histogram", stamp, draw, layer=name)
    with second, st.container(border=True, height="stretch"):
        if index < len(network.hidden):
            hand.units(subject, asked, index, pruned, stamp=stamp)
        else:
            _kernel(network, pruned, index, stamp)
    if index == 0:
        _first_layer(subject, asked, network, pruned)
    if index < len(network.hidden):
        with st.container(border=True):
            _kernel(network, pruned, index, stamp)


def _layer(network: Network) -> int:
    count = len(network.layers)
    chosen = st.selectbox(
        "Layer",
        range(1, count + 1),
        format_func=lambda number: layer_name(network, number - 1),
        key="layer",
        bind="query-params",
        width=280,
    )
    return min(int(chosen), count) - 1


def _summary(network: Network, pruned: Pruned, index: int) -> str:
    kept = pruned.masks.kernels[index]
    text = f"{int(kept.sum()):,} of {kept.size:,} weights are left"
    if index < len(network.hidden):
        dead = pruned.dead_units[index]
        text += f", {int((~dead).sum()):,} of {dead.size:,} units still read something"
    return f"{text}."


def _kernel(network: Network, pruned: Pruned, index: int, stamp: str) -> None:
    layer, name = network.layers[index], layer_name(network, index)
    rows, columns = layer.kernel.shape
    st.markdown(f"**Kernel** · {rows:,} inputs by {columns:,} units")
    picture = _kernel_picture(stamp, layer, pruned.masks.kernels[index])
    st.image(picture, alt=ALT["kernel"].format(layer=name))
    st.caption(READ["kernel"])


@st.cache_data(show_spinner=False, max_entries=MOST_PICTURES)
def _kernel_picture(stamp: str, _layer: Layer, _kept: BoolArray) -> bytes:
    del stamp  # only the cache reads it
    pixels = pictures.weights(*inside.picture(_layer, _kept))
    times = max(1, round(500 / max(pixels.shape[:2])))
    return pictures.png(pictures.enlarged(pixels, times))


def _first_layer(subject: Subject, asked: Asked, network: Network, pruned: Pruned) -> None:
    shape = lab().dataset(subject).image_shape
    layer = network.layers[0]
    if not has_picture(inside.field_shape(layer, shape)):
        st.caption(no_picture(shape))
        return
    picture, count = _fields_picture(f"{subject}-{asked.question}", network, pruned, shape)
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        title = "3 × 3 filters" if layer.convolution else "Receptive fields"
        st.markdown(f"**{title}** · {count} of {layer.units:,} units, the weakest first")
        st.image(picture, alt=ALT["fields"].format(count=count))
        st.caption(READ["fields"])
    with right:
        if layer.convolution is None:
            with st.container(border=True, height="stretch"):
                st.markdown("**Connections of each input pixel**")
                shares = inside.pixel_shares(pruned, shape)
                stamp = f"{subject}-{asked.question}"
                drawn("pixels", stamp, partial(charts.pixels, shares))


@st.cache_data(show_spinner=False, max_entries=MOST_PICTURES)
def _fields_picture(
    stamp: str, _network: Network, _pruned: Pruned, _shape: tuple[int, ...]
) -> tuple[bytes, int]:
    """What units of the first layer look at, as a sheet, and how many are on it."""
    del stamp  # only the cache reads it
    _, images, dead = inside.fields(_network, _pruned, _shape, FIELDS)
    pixels = pictures.sheet(images, dead, columns=12 if len(images) > 24 else 6)
    times = max(1, round(720 / pixels.shape[1]))
    return pictures.png(pictures.enlarged(pixels, times)), len(images)
