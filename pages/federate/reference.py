"""The federations that ship with the project: their choice, curves and figures."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from engine.datasets import all_sources
from engine.federated.history import mean_accuracy, travelled
from engine.federated.reports import worst_decile
from engine.settings import FederateSettings, percent
from pages.federate import cache
from pages.federate.charts import curves, traffic
from pages.federate.charts.series import Series
from pages.federate.texts import ALT, READ
from pages.shared import cached, grid
from pages.shared.charts.base import toolbar
from pages.shared.charts.sizes import human
from pages.shared.words import split_words, title_of

CHARTS = {
    "study_personal": ("On own labels", partial(curves.personal)),
    "server": ("On all labels", partial(curves.server)),
    "traffic": ("What accuracy costs", partial(traffic.by_federation, form="sent")),
}


def show() -> None:
    """Curves and figures of one study; nothing where none ships along."""
    names = cache.studies()
    if not names:
        return
    st.header("Measured with this code")
    name = choose(names)
    made, series = cache.study(name)
    st.caption(told(made, series))
    for column, topic in zip(st.columns(3), CHARTS, strict=True):
        with column, st.container(border=True, height="stretch"):
            chart(topic, name, series)
    table(series)


def choose(names: Sequence[str]) -> str:
    """The study to show, at first the first one; the URL holds it."""
    chosen = st.segmented_control(
        "Study",
        names,
        default=names[0],
        required=True,
        format_func=title_of_study,
        key="study",
        bind="query-params",
    )
    return chosen or names[0]


def table(series: Sequence[Series]) -> None:
    """The figures of a study."""
    found = frame(series)
    formats = {name: "%.2f" for name in map(str, found) if "%" in name}
    grid.table(found, formats=formats, key="study-table", alt=ALT["study"])


def chart(topic: str, name: str, series: Sequence[Series]) -> None:
    """A chart of a study with its title and how to read it."""
    title, draw = CHARTS[topic]
    st.markdown(f"**{title}**")
    st.plotly_chart(
        cached.drawn(f"study-{topic}-{name}", partial(draw, series)),
        key=f"study-{topic}",
        config=toolbar(f"prunescope-{name}-{topic}"),
        alt=ALT[topic],
    )
    st.caption(READ[topic])


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
    copied = "A recompressed copy of CIFAR-10"
    data = copied if made["recompressed"] else title_of(series[0].settings.dataset)
    return f"{data}, {', '.join(_settings(series))} · {made['date']}, `{made['command']}`"


def _settings(series: Sequence[Series]) -> list[str]:
    """What all federations of a study have in common, then how those prune that do."""
    settings = series[0].settings
    epochs = f"{settings.local_epochs} local epoch{'s' if settings.local_epochs > 1 else ''}"
    return [
        f"{settings.clients:,} clients with {split_words(settings)}",
        f"{settings.cohort:,} in each of {settings.rounds} rounds",
        f"{epochs} in batches of {settings.batch_size}",
        f"learning rate {settings.learning_rate:g}",
        *_pruning([each.settings for each in series if each.settings.prunes]),
    ]


def _pruning(settings: Sequence[FederateSettings]) -> list[str]:
    steps = [f"pruned by {percent(s.step)} % a step to {percent(s.target)} %" for s in settings]
    units = [
        f"units of the hybrid by {percent(s.unit_step)} % to {percent(s.unit_target)} %"
        for s in settings
        if s.prunes_weights and s.prunes_units
    ]
    return [*dict.fromkeys(steps), *dict.fromkeys(units)]


def titled(name: str, made: Mapping[str, Any]) -> str:
    """The same as `title_of_study`; of a copy of a data set it says so."""
    title = title_of_study(name)
    return f"{title}, a recompressed copy" if made["recompressed"] else title


def title_of_study(name: str) -> str:
    """Such as: Fashion-MNIST; or MNIST, published."""
    rest = name.removeprefix(cache.STUDY)
    found = [dataset for dataset in all_sources() if rest.startswith(dataset)]
    dataset = max(found, key=len, default="")
    words = rest.removeprefix(dataset).strip("-").replace("-", " ")
    return ", ".join(part for part in (dataset and title_of(dataset), words) if part)


def _worst(each: Series) -> float | None:
    scores = [row["accuracy"] for row in each.finals]
    return worst_decile(scores) if scores else None


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)
