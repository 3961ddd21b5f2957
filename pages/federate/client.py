"""One client: what it owns, how it went, what it keeps, where it errs; and tables to take home."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from engine.federated.history import Row, Rows, client_updates
from engine.results.files import client_file
from engine.runs.model import Run
from pages.federate import recorded
from pages.federate.charts import clients, subnetworks
from pages.federate.view import FederationView, later
from pages.federate.words import HELP, TABLES
from pages.shared import cached, downloads, tables, usage
from pages.shared.charts import classes
from pages.shared.charts.sizes import human
from pages.shared.choices import from_list
from pages.shared.tables import percent

FORMATS = {"At the end (%)": "%.2f", "Kept (%)": "%.1f", "Up (kB)": "%d", "Down (kB)": "%d"}
"""How the numbers of each column are written."""

ROUND_FIELDS = (
    "round",
    "mean_accuracy",
    "global_accuracy",
    "orphan_fraction",
    "bytes_up",
    "bytes_down",
    "seconds",
)
CLIENT_FIELDS = (
    "client",
    "labels",
    "samples",
    "accuracy_before",
    "accuracy_after",
    "loss",
    "density",
    "unit_density",
    "macs",
    "mask_distance",
    "gate",
    "bytes_up",
    "bytes_down",
    "seconds",
)

Visits = Sequence[tuple[int, Row]]
"""The rounds that drew a client: their numbers, and what it did in them."""


def show(view: FederationView) -> None:
    """The table of all clients, and the chosen one in detail."""
    seen = client_updates(view.rounds)
    finals = {int(row["client"]): row for row in view.own.finals}
    known = sorted({*seen, *finals})
    frame = pd.DataFrame(_row(each, seen.get(each, []), finals.get(each)) for each in known)
    tables.show(frame, formats=FORMATS, key="clients", alt=TABLES["clients"])
    busiest = int(frame["Drawn"].to_numpy().argmax())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first, text = known[busiest], HELP["client"]
        client = from_list("Client", known, key="client", width=160, first=first, help_text=text)
        stored = _network_button(view.run, client)
    if stored:
        labels = tuple(_last(seen.get(client, []), finals.get(client))["labels"])
        usage.show(view.run, f"client-{client}.tflite", labels=labels)
    _detail(view, client, seen.get(client, []))


def take_home(run: Run, rounds: Rows) -> None:
    """Buttons for tables, settings and result."""
    with st.container(horizontal=True):
        name = f"{run.id}-rounds.csv"
        downloads.button("Rounds, CSV", name, rounds_csv(rounds), "text/csv", icon="table_chart")
        name = f"{run.id}-clients.csv"
        downloads.button("Clients, CSV", name, clients_csv(rounds), "text/csv", icon="groups")
        downloads.record(run)


def rounds_csv(rounds: Rows) -> bytes:
    """A line for each round."""
    frame = pd.DataFrame({name: row[name] for name in ROUND_FIELDS} for row in rounds)
    return frame.to_csv(index=False).encode()


def clients_csv(rounds: Rows) -> bytes:
    """A line for each client in each round."""
    lines = ((row["round"], each) for row in rounds for each in row["clients"])
    frame = pd.DataFrame(
        {"round": number} | {name: each[name] for name in CLIENT_FIELDS} for number, each in lines
    )
    frame["labels"] = [" ".join(map(str, labels)) for labels in frame["labels"]]
    return frame.to_csv(index=False).encode()


def _network_button(run: Run, client: int) -> bool:
    """The button for a client's own network; whether the job has kept that."""
    name, runs = client_file(client), cached.runs()
    found = next((file for file in runs.files(run.id) if file.name == name), None)
    downloads.button(
        f"Its network, TFLite, {human(found.size)}" if found else "Its network: not kept",
        f"client-{client}.tflite.zip",
        lambda: runs.file(run.id, name),
        "application/zip",
        icon="download",
        primary=True,
        key="personal",
        disabled=run.evicted or found is None,
    )
    if found is None:
        st.caption(HELP["model"])
    return found is not None


def _last(seen: Visits, final: Row | None) -> Row:
    """The latest that is known of a client."""
    return final or seen[-1][1]


def _row(client: int, seen: Visits, final: Row | None) -> dict[str, object]:
    last = _last(seen, final)
    return {
        "Client": client,
        "Labels": ", ".join(str(label) for label in last["labels"]),
        "Drawn": len(seen),
        "At the end (%)": percent(final["accuracy"] if final else None, 2),
        "Kept (%)": percent(last["density"], 1),
        "Pruned": sum(each["gate"] == "pruned" for _, each in seen),
        "Up (kB)": round(sum(each["bytes_up"] for _, each in seen) / 1000),
        "Down (kB)": round(sum(each["bytes_down"] for _, each in seen) / 1000),
    }


def _detail(view: FederationView, client: int, seen: Visits) -> None:
    settings, mark = view.own.settings, str(client)
    split = recorded.split(view.run)
    left, right = st.columns(2)
    if split is not None and client < len(split["counts"]):
        counts = split["counts"][client]
        draw = partial(clients.labels, counts, cached.class_names(settings.dataset, len(counts)))
        with left:
            view.chart("labels", f"What client {client} owns", draw, mark)
    if not seen:
        with right:
            later("How it went", "No round has drawn it, so there is nothing to tell yet.")
        return
    with right:
        draw = partial(clients.course, seen, settings.rounds)
        view.chart("course", "How it went", draw, mark)
    answered = [row for _, row in seen if row["confusion"]]
    left, right = st.columns(2)
    if answered:
        counts, labels = answered[-1]["confusion"], answered[-1]["labels"]
        names = cached.class_names(settings.dataset, len(counts[0]))
        own = [names[label] for label in labels]
        draw = partial(classes.confusion, counts, names, true=own)
        with left:
            view.chart("client_confusion", "What it answers, after its last round", draw, mark)
    with right:
        if settings.prunes:
            _mask(view, client, seen[-1][0])


def _mask(view: FederationView, client: int, number: int) -> None:
    """What a client keeps of a layer after that round."""
    layer = view.choose_layer("mask-layer")
    picture = recorded.pictures(view.run, number).get(f"{client}-{layer + 1}")
    if picture is None:
        st.caption("There is no picture of its mask: rounds draw at most 100 clients.")
        return
    title = f"What it keeps of layer {layer + 1}, round {number}"
    view.chart("mask", title, partial(subnetworks.mask, picture), f"{client}-{layer}")
