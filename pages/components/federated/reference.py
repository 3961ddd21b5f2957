"""The federations that ship with the project, on the page Federate and on the Overview."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from engine.federated.reading import mean_accuracy, travelled
from engine.federated.reports import worst_decile
from pages.components import cached, cached_federation, state
from pages.components.charts.base import toolbar
from pages.components.charts.federated import curves, traffic
from pages.components.charts.federated.series import Series
from pages.components.charts.sizes import human
from pages.components.federated.texts import ALT, OVERVIEW, READ
from pages.components.words import TITLES, split_words, title_of

FIRST = "federated-mnist"
"""What is shown until another one is chosen."""

CHARTS = {
    "study_personal": ("On own labels", partial(curves.personal)),
    "server": ("On all labels", partial(curves.server)),
    "traffic": ("What accuracy costs", partial(traffic.by_federation, form="sent")),
}


def show() -> None:
    """Curves and figures of one study; nothing where none ships along."""
    names = cached_federation.studies()
    if not names:
        return
    st.header("Measured with this code")
    chosen = st.segmented_control(
        "Study",
        names,
        default=_first(names),
        required=True,
        format_func=title_of_study,
        key="study",
        bind="query-params",
    )
    name = chosen or _first(names)
    made, series = cached_federation.study(name)
    st.caption(told(made, series))
    for column, topic in zip(st.columns(3), CHARTS, strict=True):
        with column, st.container(border=True, height="stretch"):
            _chart(topic, name, series)
    _table(series)


def card() -> None:
    """Accuracy against bytes and a link, for the Overview."""
    names = cached_federation.studies()
    if not names:
        return
    name = _first(names)
    made, series = cached_federation.study(name)
    st.header("Pruned apart, trained together")
    st.markdown(OVERVIEW)
    figures, picture = st.columns(2)
    with figures:
        _table(series)
        st.caption(told(made, series))
        st.page_link(state.FEDERATE_PAGE, label="Start one", icon=":material/hub:")
    with picture, st.container(border=True):
        _chart("traffic", name, series)


def _table(series: Sequence[Series]) -> None:
    found = frame(series)
    formats = {n: st.column_config.NumberColumn(format="%.2f") for n in map(str, found) if "%" in n}
    st.dataframe(found, hide_index=True, column_config=formats, key="study-table", alt=ALT["study"])


def frame(series: Sequence[Series]) -> pd.DataFrame:
    """A line for each federation: what its clients and its server reach, and what it cost."""
    return pd.DataFrame(
        {
            "Algorithm": each.name,
            "Own labels (%)": _percent(mean_accuracy(each.finals)),
            "Worst tenth (%)": _percent(_worst(each)),
            "All labels (%)": _percent(each.rounds[-1]["global_accuracy"]),
            "Travelled": human(travelled(each.rounds)[-1]),
        }
        for each in series
    )


def told(made: Mapping[str, Any], series: Sequence[Series]) -> str:
    """Which settings, when, by which command."""
    settings = series[0].settings
    clients = f"{settings.clients:,} clients with {split_words(settings)}"
    copied = "A recompressed copy of CIFAR-10"
    data = copied if made["recompressed"] else title_of(settings.dataset)
    line = f"{data}, {clients}, {settings.cohort:,} in each round"
    return f"{line} · {made['date']}, `{made['command']}`"


def title_of_study(name: str) -> str:
    """Such as: Fashion-MNIST; or MNIST, published."""
    rest = name.removeprefix(cached_federation.STUDY)
    found = [dataset for dataset in TITLES if rest.startswith(dataset)]
    dataset = max(found, key=len, default="")
    words = rest.removeprefix(dataset).strip("-").replace("-", " ")
    return ", ".join(part for part in (TITLES.get(dataset, ""), words) if part)


def _chart(topic: str, name: str, series: Sequence[Series]) -> None:
    title, draw = CHARTS[topic]
    st.markdown(f"**{title}**")
    st.plotly_chart(
        cached.drawn(f"study-{topic}-{name}", partial(draw, series)),
        key=f"study-{topic}",
        config=toolbar(f"prunescope-{name}-{topic}"),
        alt=ALT[topic],
    )
    st.caption(READ[topic])


def _first(names: Sequence[str]) -> str:
    return FIRST if FIRST in names else names[0]


def _worst(each: Series) -> float | None:
    scores = [row["accuracy"] for row in each.finals]
    return worst_decile(scores) if scores else None


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)
