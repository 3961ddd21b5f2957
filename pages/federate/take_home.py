"""What can be taken home: rounds, clients, settings, result, and clients' own networks."""

import pandas as pd
import streamlit as st

from engine.federated.history import Rows
from engine.results.files import client_file
from engine.runs.model import Artifact, Run
from pages.federate.texts import HELP
from pages.shared import cached, downloads, usage
from pages.shared.charts.sizes import human

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


def tables(run: Run, rounds: Rows) -> None:
    """Buttons for tables, settings and result."""
    with st.container(horizontal=True):
        name = f"{run.id}-rounds.csv"
        downloads.button("Rounds, CSV", name, rounds_csv(rounds), "text/csv", icon="table_chart")
        name = f"{run.id}-clients.csv"
        downloads.button("Clients, CSV", name, clients_csv(rounds), "text/csv", icon="groups")
        downloads.settings(run)
        downloads.result(run)


def rounds_csv(rounds: Rows) -> bytes:
    """A line for each round."""
    names = ("round", "mean_accuracy", "global_accuracy", "orphan_fraction")
    fields = (*names, "bytes_up", "bytes_down", "seconds")
    frame = pd.DataFrame({name: row[name] for name in fields} for row in rounds)
    return frame.to_csv(index=False).encode()


def clients_csv(rounds: Rows) -> bytes:
    """A line for each client in each round."""
    lines = ((row["round"], each) for row in rounds for each in row["clients"])
    frame = pd.DataFrame(
        {"round": number} | {name: each[name] for name in CLIENT_FIELDS} for number, each in lines
    )
    frame["labels"] = [" ".join(map(str, labels)) for labels in frame["labels"]]
    return frame.to_csv(index=False).encode()


def model(run: Run, client: int) -> None:
    """The button for a client's own network, where the job has kept it."""
    name, runs = client_file(client), cached.runs()
    found = _kept(run, client)
    size = "" if found is None else f", {human(found.size)}"
    downloads.button(
        f"Its network, TFLite{size}" if found else "Its network: not kept",
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


def use(run: Run, client: int, labels: tuple[int, ...]) -> None:
    """How to use the own network of a client with those labels, where the job has kept it."""
    if _kept(run, client) is not None:
        usage.client(run, labels, file=f"client-{client}.tflite")


def _kept(run: Run, client: int) -> Artifact | None:
    return {file.name: file for file in cached.runs().files(run.id)}.get(client_file(client))
