"""A federation as it goes and after: figures, curves, rounds."""

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from engine.federated.reading import Rows, latest, mean_accuracy, travelled
from engine.runs.model import Run
from pages.components import cached
from pages.components.charts.base import toolbar
from pages.components.charts.federated import curves
from pages.components.charts.federated.series import Series
from pages.components.charts.sizes import human
from pages.components.federated.texts import ALT, READ


def chart(topic: str, title: str, draw: Callable[[], go.Figure], stamp: str) -> None:
    """A chart with its title and how to read it, drawn once for all who look at the same."""
    st.markdown(f"**{title}**")
    st.plotly_chart(
        cached.drawn(f"federated-{topic}-{stamp}", draw),
        key=topic,
        config=toolbar(f"prunescope-{topic}"),
        alt=ALT[topic],
    )
    st.caption(READ[topic])


def placeholder(run: Run) -> None:
    """Nothing is measured yet, or nothing was."""
    if run.state.active:
        st.skeleton(height=360)
    else:
        st.caption("No round had ended before it stopped.")


def figures(each: Series) -> None:
    """The federation in a few large figures."""
    last, first = each.rounds[-1], each.rounds[0]
    own = mean_accuracy(each.finals)
    with st.grid(5, min_column_width=170):
        _metric("On own labels", last["mean_accuracy"] if own is None else own)
        _metric("On all labels, server", last["global_accuracy"])
        _plain("Travelled so far", human(travelled(each.rounds)[-1]), _per_round(each.rounds))
        if each.settings.prunes:
            kept = [row["density"] for row in latest(each.rounds).values()]
            _plain("Kept by a client, mean", f"{100 * sum(kept) / len(kept):.1f} %")
            _plain("Orphans", f"{100 * last['orphan_fraction']:.1f} %")
        else:
            _metric("First round, own labels", first["mean_accuracy"])


def accuracy(series: Sequence[Series], stamp: str) -> None:
    """Personal and global accuracy, never on one axis."""
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        chart("personal", "Own labels", partial(curves.personal, series), stamp)
    with right, st.container(border=True, height="stretch"):
        chart("server", "All labels", partial(curves.server, series), stamp)


def table(rounds: Rows) -> None:
    """Every round as a row."""
    with st.expander(f"All {len(rounds)} rounds", icon=":material/table_rows:"):
        st.dataframe(frame(rounds), hide_index=True, key="rounds", alt=ALT["rounds"])


def frame(rounds: Rows) -> pd.DataFrame:
    """The rounds as a table."""
    return pd.DataFrame(
        {
            "Round": row["round"],
            "Own labels (%)": _percent(row["mean_accuracy"]),
            "All labels (%)": _percent(row["global_accuracy"]),
            "Clients": len(row["clients"]),
            "Pruned": sum(client["gate"] == "pruned" for client in row["clients"]),
            "Orphans (%)": _percent(row["orphan_fraction"]),
            "Up (kB)": round(row["bytes_up"] / 1000),
            "Down (kB)": round(row["bytes_down"] / 1000),
            "Seconds": round(row["seconds"], 1),
        }
        for row in rounds
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)


def _metric(label: str, share: float | None) -> None:
    _plain(label, "–" if share is None else f"{100 * share:.2f} %")


def _plain(label: str, value: str, delta: str | None = None) -> None:
    st.metric(
        label,
        value,
        delta,
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )


def _per_round(rounds: Rows) -> str:
    return f"{human(travelled(rounds)[-1] / len(rounds))} a round, both ways"
