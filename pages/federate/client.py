"""One client: what it owns, how it went, what it keeps, where it errs."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from engine.federated.history import Row, client_updates
from pages.federate import cache, take_home
from pages.federate.charts import clients, subnetworks
from pages.federate.look import Look
from pages.federate.texts import ALT, HELP
from pages.shared import cached, grid

FORMAT = {"At the end (%)": "%.2f", "Kept (%)": "%.1f", "Up (kB)": "%d", "Down (kB)": "%d"}
"""How the numbers of each column are written."""


def show(look: Look) -> None:
    """The table of all clients, and the chosen one in detail."""
    rows = frame(look)
    grid.table(rows, formats=FORMAT, key="clients", alt=ALT["clients"])
    known = [int(each) for each in rows["Client"]]
    busiest = int(rows["Drawn"].to_numpy().argmax())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Client",
            known,
            busiest,
            key="client",
            bind="query-params",
            help=HELP["client"],
            width=160,
        )
        client = known[0] if chosen is None else chosen
        take_home.model(look.run, client)
    take_home.use(look.run, client, _labels(look, client))
    _detail(look, client)


def frame(look: Look) -> pd.DataFrame:
    """Every client that was drawn or measured."""
    seen = client_updates(look.rounds)
    finals = {int(row["client"]): row for row in look.own.finals}
    return pd.DataFrame(
        _row(client, seen.get(client, []), finals.get(client))
        for client in sorted({*seen, *finals})
    )


def _labels(look: Look, client: int) -> tuple[int, ...]:
    finals = {int(row["client"]): row for row in look.own.finals}
    source = finals.get(client) or client_updates(look.rounds)[client][-1][1]
    return tuple(source["labels"])


def _row(client: int, seen: Sequence[tuple[int, Row]], final: Row | None) -> dict[str, object]:
    source = final or seen[-1][1]
    end = None if final is None else round(100 * final["accuracy"], 2)
    return {
        "Client": client,
        "Labels": ", ".join(str(label) for label in source["labels"]),
        "Drawn": len(seen),
        "At the end (%)": end,
        "Kept (%)": round(100 * source["density"], 1),
        "Pruned": sum(each["gate"] == "pruned" for _, each in seen),
        "Up (kB)": round(sum(each["bytes_up"] for _, each in seen) / 1000),
        "Down (kB)": round(sum(each["bytes_down"] for _, each in seen) / 1000),
    }


def _detail(look: Look, client: int) -> None:
    split = cache.split(look.run)
    seen, mark = client_updates(look.rounds).get(client, []), str(client)
    answered = [row for _, row in seen if row["confusion"]]
    left, right = st.columns(2)
    if split is not None and client < len(split["counts"]):
        counts = split["counts"][client]
        names = cached.class_names(look.own.settings.dataset, len(counts))
        with left:
            draw = partial(clients.labels, counts, names)
            look.chart("labels", f"What client {client} owns", draw, mark)
    if not seen:
        with right:
            look.later("How it went", "No round has drawn it, so there is nothing to tell yet.")
        return
    with right:
        look.chart(
            "course", "How it went", partial(clients.course, seen, look.own.settings.rounds), mark
        )
    left, right = st.columns(2)
    if answered:
        names = cached.class_names(look.own.settings.dataset, len(answered[-1]["confusion"][0]))
        with left:
            draw = partial(clients.confusion, answered[-1], names)
            look.chart("client_confusion", "What it answers, after its last round", draw, mark)
    with right:
        _mask(look, client, seen)


def _mask(look: Look, client: int, seen: Sequence[tuple[int, Row]]) -> None:
    if not look.own.settings.prunes:
        return
    number = seen[-1][0]
    layer = look.choose_layer("mask-layer")
    picture = cache.pictures(look.run, number).get(f"{client}-{layer + 1}")
    if picture is None:
        st.caption("There is no picture of its mask: rounds draw at most 100 clients.")
        return
    title = f"What it keeps of layer {layer + 1}, round {number}"
    look.chart("mask", title, partial(subnetworks.mask, picture), f"{client}-{layer}")
