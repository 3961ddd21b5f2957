"""The federations that ship with the project: their choice, curves and figures."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from engine import datasets
from engine.federated.history import mean_accuracy, share_of_bytes, travelled
from engine.federated.reports import worst_decile
from engine.results import reference
from engine.settings import FederateSettings, built_in_datasets, flat, from_json, percent
from pages.federate.charts import curves, traffic
from pages.federate.charts.base import Series
from pages.federate.words import CHARTS, OVERVIEW, STUDIES, TABLES
from pages.shared import chart, tables
from pages.shared.charts.sizes import human
from pages.shared.choices import one_of
from pages.shared.kinds import split_words
from pages.shared.palette import algorithm_style

DRAWN: Mapping[str, tuple[str, Callable[[Sequence[Series]], go.Figure]]] = {
    "study_personal": ("On own labels", curves.personal),
    "server": ("On all labels", curves.server),
    "traffic": ("What accuracy costs", partial(traffic.by_federation, form="sent")),
}
PREFIX = "federated-"
"""What the names of the studies that ship with the project begin with."""

FULL = "fedavg-finetune"
OTHERS = ("local", FULL)
"""What Sub-FedAvg is set against: clients alone, and clients that send everything."""


def show() -> None:
    """Curves and figures of one study."""
    st.header("Measured with this code")
    name = _choose()
    made, series = study(name)
    st.caption(made_how(made, series))
    for column, topic in zip(st.columns(3), DRAWN, strict=True):
        with column:
            _chart(topic, name, series)
    _table(series)


def overview() -> None:
    """On the Overview: all studies side by side, then the chosen one in detail, and a link."""
    st.header("Pruned apart, trained together")
    st.markdown(OVERVIEW)
    with st.grid(4, min_column_width=280):
        for name in names():
            made, series = study(name)
            copy = ", a recompressed copy" if made["recompressed"] else ""
            title = f"{title_of_study(name)}{copy}"
            with chart.box(title):
                alt = TABLES["studies"].format(study=title)
                st.table(at_a_glance(series), border="horizontal", hide_index=True, alt=alt)
    st.caption(STUDIES)
    name = _choose()
    made, series = study(name)
    figures, picture = st.columns(2)
    with figures:
        _table(series)
        st.caption(made_how(made, series))
        st.page_link("federate/page.py", label="Start one", icon=":material/hub:")
    with picture:
        _chart("traffic", name, series)


def names() -> list[str]:
    """Names of the studies of federations that ship with the project, MNIST first."""
    ordered = [f"{PREFIX}{dataset}" for dataset in built_in_datasets()]
    found = [name for name in reference.available() if name.startswith(PREFIX)]
    return sorted(found, key=lambda n: ordered.index(n) if n in ordered else len(ordered))


@st.cache_resource(show_spinner=False, max_entries=16)
def study(name: str) -> tuple[Mapping[str, Any], Sequence[Series]]:
    """How a study was made, and its federations."""
    found, series = reference.load(name), []
    for result in found["federations"]:
        settings = from_json(FederateSettings.kind, result["settings"])
        assert isinstance(settings, FederateSettings)  # noqa: S101  # narrows the type
        style = algorithm_style(settings.algorithm)
        finals = result["final"]["clients"]
        series.append(Series(style.label, style, settings, result["rounds"], finals))
    return found["made"], series


def at_a_glance(series: Sequence[Series]) -> pd.DataFrame:
    """What Sub-FedAvg and what it is set against reach, with their share of FedAvg's bytes.

    That FedAvg fine-tunes; the share is left out where the study has no such federation.
    """
    shown = [
        s for s in series if s.settings.algorithm.prunes or s.settings.algorithm.name in OTHERS
    ]
    full = next((s.rounds for s in shown if s.settings.algorithm.name == FULL), None)
    columns = {
        "Algorithm": [s.name for s in shown],
        "Accuracy": [tables.percent_text(mean_accuracy(s.finals)) for s in shown],
    }
    if full is not None:
        shares = (share_of_bytes(s.rounds, full) for s in shown)
        columns["Bytes"] = [tables.percent_text(share, 0) for share in shares]
    return pd.DataFrame(columns)


def made_how(made: Mapping[str, Any], series: Sequence[Series]) -> str:
    """Of which data, with which settings, when, by which command."""
    common = series[0].settings
    pruning = [flat(s.settings) for s in series if s.settings.algorithm.prunes]
    data = (
        "A recompressed copy of CIFAR-10"
        if made["recompressed"]
        else datasets.title(common.data.dataset)
    )
    steps = [
        f"pruned by {percent(s['step'])} % a step to {percent(s['target'])} %" for s in pruning
    ]
    units = [
        f"units of the hybrid by {percent(s['unit_step'])} % to {percent(s['unit_target'])} %"
        for s in pruning
        if "unit_target" in s
    ]
    epochs = f"{common.local.epochs} local epoch{'s' if common.local.epochs > 1 else ''}"
    parts = [
        data,
        f"{common.clients:,} clients with {split_words(common)}",
        f"{common.cohort:,} in each of {common.rounds} rounds",
        f"{epochs} in batches of {common.local.batch_size}",
        f"learning rate {common.local.learning_rate:g}",
        *dict.fromkeys(steps),
        *dict.fromkeys(units),
    ]
    return f"{', '.join(parts)} · {made['date']}, `{made['command']}`"


def title_of_study(name: str) -> str:
    """Such as: Fashion-MNIST; or MNIST, published."""
    rest = name.removeprefix(PREFIX)
    found = [dataset for dataset in datasets.all_sources() if rest.startswith(dataset)]
    dataset = max(found, key=len, default="")
    words = rest.removeprefix(dataset).strip("-").replace("-", " ")
    return ", ".join(part for part in (dataset and datasets.title(dataset), words) if part)


def _choose() -> str:
    """The study to show, at first the first one; the URL holds it."""
    return one_of("Study", {name: title_of_study(name) for name in names()}, key="study")


def _chart(topic: str, name: str, series: Sequence[Series]) -> None:
    title, draw = DRAWN[topic]
    text, key = CHARTS[topic], f"study-{topic}"
    chart.card(title, partial(draw, series), text, key=key, stamp=name, file=f"{name}-{topic}")


def _table(series: Sequence[Series]) -> None:
    """A line for each federation: what its clients and its server reach, and what it cost."""
    frame = pd.DataFrame(
        {
            "Algorithm": each.name,
            "Own labels (%)": tables.percent(mean_accuracy(each.finals), 2),
            "Worst tenth (%)": tables.percent(
                worst_decile([r["accuracy"] for r in each.finals]), 2
            ),
            "All labels (%)": tables.percent(each.rounds[-1]["global_accuracy"], 2),
            "Travelled": human(travelled(each.rounds)[-1]),
        }
        for each in series
    )
    formats = {name: "%.2f" for name in map(str, frame) if "%" in name}
    tables.show(frame, formats=formats, key="study-table", alt=TABLES["study"])
