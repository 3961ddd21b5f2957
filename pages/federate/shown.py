"""A federation as it goes and after: figures, views, rounds."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from engine.federated.history import Rows, latest, mean_accuracy, travelled, worst
from engine.federated.reports import worst_decile
from engine.runs.model import Run
from pages.federate import accuracy, client, gates, replay, subnetworks, traffic
from pages.federate.charts.series import Series
from pages.federate.look import Look
from pages.federate.texts import ALT
from pages.shared import grid
from pages.shared.charts.sizes import human

VIEWS: Mapping[str, Callable[[Look], None]] = {
    "Accuracy": accuracy.show,
    "Communication": traffic.show,
    "Links": replay.show,
    "Subnetworks": subnetworks.show,
    "Gates": gates.show,
    "Clients": client.show,
}
"""By the names that stand in the URL; only the open one is drawn."""


def views(look: Look) -> None:
    """The figures, then the open view, then all rounds."""
    figures(look.own)
    tabs = st.tabs(list(VIEWS), key="part", on_change="rerun", bind="query-params")
    for tab, show in zip(tabs, VIEWS.values(), strict=True):
        if tab.open:
            with tab:
                show(look)
    table(look.rounds)


def placeholder(run: Run) -> None:
    """Nothing is measured yet, or nothing was."""
    if run.state.active:
        st.skeleton(height=360)
    else:
        st.caption("No round had ended before it stopped.")


def figures(each: Series) -> None:
    """The federation in a few large figures."""
    last = each.rounds[-1]
    scores = [row["accuracy"] for row in each.finals]
    lowest = worst(last, each.settings.algorithm)
    own = mean_accuracy(each.finals) or last["mean_accuracy"]
    with st.grid(5, min_column_width=165):
        _metric("On own labels, mean", _shown(own))
        _metric("Worst tenth", _shown(worst_decile(scores) if scores else lowest))
        _metric("Server, on all labels", _shown(last["global_accuracy"]))
        _metric("Travelled, both ways", human(travelled(each.rounds)[-1]))
        _metric(*_kept(each) if each.settings.prunes else ("Rounds", f"{len(each.rounds)}"))


def table(rounds: Rows) -> None:
    """Every round as a row."""
    with st.expander(f"All {len(rounds)} rounds", icon=":material/table_rows:"):
        grid.table(frame(rounds), key="rounds", alt=ALT["rounds"])


def frame(rounds: Rows) -> pd.DataFrame:
    """The rounds as a table."""
    return pd.DataFrame(
        {
            "Round": row["round"],
            "Own labels (%)": _percent(row["mean_accuracy"]),
            "All labels (%)": _percent(row["global_accuracy"]),
            "Clients": len(row["clients"]),
            "Pruned": sum(each["gate"] == "pruned" for each in row["clients"]),
            "Orphans (%)": _percent(row["orphan_fraction"]),
            "Up (kB)": round(row["bytes_up"] / 1000),
            "Down (kB)": round(row["bytes_down"] / 1000),
            "Seconds": round(row["seconds"], 1),
        }
        for row in rounds
    )


def _kept(each: Series) -> tuple[str, str]:
    kept = [row["density"] for row in latest(each.rounds).values()]
    return "Kept by a client, mean", f"{100 * sum(kept) / len(kept):.1f} %"


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)


def _shown(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f} %"


def _metric(label: str, value: str) -> None:
    st.metric(label, value, border=True, height="stretch")
