"""Which subnetworks clients find: density, overlap beyond the start, keepers, orphans."""

from functools import partial

import streamlit as st

from engine.federated.history import latest
from pages.federate import cache
from pages.federate.charts import subnetworks
from pages.federate.look import Look

MOST_CLIENTS = 100


def show(look: Look) -> None:
    """What clients keep of each layer, how alike it is, and what nobody keeps."""
    if not look.own.settings.prunes:
        st.caption("Every client keeps the whole network: only Sub-FedAvg prunes.")
        return
    left, right = st.columns(2)
    with left:
        clients = list(latest(look.rounds).values())[:MOST_CLIENTS]
        draw = partial(subnetworks.densities, clients)
        look.chart("densities", "Kept by client and layer", draw)
    with right:
        look.chart("orphans", "Kept by nobody", partial(subnetworks.orphans, look.series))
    with st.container(horizontal=True):
        number, layer = look.choose_round(), look.choose_layer("layer")
    _overlap(look, number, layer)
    _keepers(look, number, layer)


def _overlap(look: Look, number: int, layer: int) -> None:
    """Masks are compared where both clients have pruned."""
    pairs = look.rounds[number]["overlap"]
    if not pairs:
        st.caption("In this round fewer than two clients had pruned: there is no overlap to show.")
        return
    place = min(layer, len(pairs[0]["masks"]) - 1)
    mark = f"{number}-{place}"
    left, middle, right = st.columns(3)
    with left:
        draw = partial(subnetworks.label_overlap, pairs)
        look.chart("label_overlap", "Labels in common", draw, mark)
    with middle:
        title = f"Masks of layer {place + 1}, beyond the start"
        draw = partial(subnetworks.mask_excess, pairs, place)
        look.chart("mask_excess", title, draw, mark)
    with right:
        draw = partial(subnetworks.excess_by_layer, pairs)
        look.chart("excess_by_layer", "Do labels shape masks?", draw, mark)


def _keepers(look: Look, number: int, layer: int) -> None:
    row = look.rounds[number]
    left, right = st.columns(2)
    counted = [each for each in look.rounds if each["keepers"]]
    if counted:
        with left:
            draw = partial(subnetworks.keeper_counts, counted, layer, look.own.settings.rounds)
            title = f"Kept by how many · layer {layer + 1}"
            look.chart("keeper_counts", title, draw, str(layer))
    picture = cache.pictures(look.run, row["round"]).get(f"keepers-{layer + 1}")
    if picture is None:
        return
    with right:
        uploads = len(row["keepers"][layer]) - 1
        draw = partial(subnetworks.keepers, picture, uploads)
        title = f"Where they are · layer {layer + 1}, round {row['round']}"
        look.chart("keepers", title, draw, f"{number}-{layer}")
