"""A federation with those beside it, as its views take it; its figures and what is taken home."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from engine.federated.history import Rows, latest, mean_accuracy, travelled, worst
from engine.federated.reports import worst_decile
from engine.runs.model import Run
from pages.federate.charts.base import Series
from pages.federate.words import CHARTS, HELP, TABLES
from pages.shared import chart, downloads, metrics, tables
from pages.shared.charts.sizes import human
from pages.shared.choices import one_of
from pages.shared.metrics import Metric
from pages.shared.tables import percent, percent_text

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


@dataclass(frozen=True, slots=True)
class FederationView:
    """A federation, and all that are drawn with it: itself first."""

    run: Run
    series: Sequence[Series]

    @property
    def own(self) -> Series:
        """The federation that the page is about."""
        return self.series[0]

    @property
    def rounds(self) -> Rows:
        """Its rounds."""
        return self.own.rounds

    def chart(self, topic: str, title: str, draw: Callable[[], go.Figure], mark: str = "") -> None:
        """A chart in a box; `mark` names the choices that it depends on beside the federations."""
        stamp = "-".join([mark, self.run.id, *(each.stamp for each in self.series)])
        chart.card(title, draw, CHARTS[topic], key=topic, stamp=stamp)

    def beside(self, *charts: tuple[str, str, Callable[[], go.Figure]], mark: str = "") -> None:
        """Charts beside each other: topic, title, and what draws each."""
        for column, (topic, title, draw) in zip(st.columns(len(charts)), charts, strict=True):
            with column:
                self.chart(topic, title, draw, mark)

    def choose_round(self) -> int:
        """A slider over the rounds, at the last one, from 0 on; the URL holds it after the end."""
        last, topic = len(self.rounds), HELP["round"]
        if last < 2:
            return 0
        if self.run.state.active:  # a key of its own for each end, so that the last round is shown
            chosen = st.slider("Round", 1, last, last, key=f"at-{last}", help=topic)
        else:
            chosen = st.slider("Round", 1, last, last, key="at", bind="query-params", help=topic)
        return int(chosen) - 1

    def choose_layer(self, key: str) -> int:
        """The kernel to show, from 0 on; the output layer unless another is chosen."""
        count = len(self.rounds[-1]["clients"][0]["layers"])
        titles = {number: str(number) for number in range(1, count)} | {count: f"{count}, output"}
        chosen = one_of("Layer", titles, key=key, first=count, help_text=HELP["layer"])
        return chosen - 1


def later(title: str, text: str) -> None:
    """A box in the place of a chart that is not there yet."""
    with chart.box(title):
        st.caption(text)


def figures(each: Series) -> None:
    """The federation in a few large figures."""
    last = each.rounds[-1]
    scores = [row["accuracy"] for row in each.finals]
    lowest = worst_decile(scores) if scores else worst(last, each.settings.algorithm.name)
    own = mean_accuracy(each.finals) or last["mean_accuracy"]
    end = Metric("Rounds", f"{len(each.rounds)}")
    if each.settings.algorithm.prunes:
        densities = [row["density"] for row in latest(each.rounds).values()]
        mean = sum(densities) / len(densities)
        end = Metric("Kept by a client, mean", f"{100 * mean:.1f} %")
    found = [
        Metric("On own labels, mean", percent_text(own)),
        Metric("Worst tenth", percent_text(lowest)),
        Metric("Server, on all labels", percent_text(last["global_accuracy"])),
        Metric("Travelled, both ways", human(travelled(each.rounds)[-1])),
        end,
    ]
    metrics.row(found, columns=5, width=165)


def rounds_table(rounds: Rows) -> None:
    """Every round as a row."""
    frame = pd.DataFrame(
        {
            "Round": row["round"],
            "Own labels (%)": percent(row["mean_accuracy"], 2),
            "All labels (%)": percent(row["global_accuracy"], 2),
            "Clients": len(row["clients"]),
            "Pruned": sum(each["gate"] == "pruned" for each in row["clients"]),
            "Orphans (%)": percent(row["orphan_fraction"], 2),
            "Up (kB)": round(row["bytes_up"] / 1000),
            "Down (kB)": round(row["bytes_down"] / 1000),
            "Seconds": round(row["seconds"], 1),
        }
        for row in rounds
    )
    with st.expander(f"All {len(rounds)} rounds", icon=":material/table_rows:"):
        tables.show(frame, key="rounds", alt=TABLES["rounds"])


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
    frame = pd.DataFrame(rounds, columns=ROUND_FIELDS)
    return frame.to_csv(index=False).encode()


def clients_csv(rounds: Rows) -> bytes:
    """A line for each client in each round."""
    lines = [{"round": row["round"], **each} for row in rounds for each in row["clients"]]
    frame = pd.DataFrame(lines, columns=["round", *CLIENT_FIELDS])
    frame["labels"] = [" ".join(map(str, labels)) for labels in frame["labels"]]
    return frame.to_csv(index=False).encode()
