"""Several studies at a glance: a row for each study, a dot for each of its federations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import plotly.graph_objects as go

from engine.federated.reading import mean_accuracy, share_of_bytes
from pages.components.charts.base import figure, marker
from pages.components.charts.federated.curves import OWN
from pages.components.charts.federated.series import Series
from pages.components.palette import ALGORITHMS, FRONT

Studies: TypeAlias = Mapping[str, Sequence[Series]]
"""The federations of each study, by its title."""

FULL = "fedavg-finetune"
OTHERS = ("local", FULL)
"""What Sub-FedAvg is set against: clients alone, and clients that send everything."""

ROW = 96
"""Pixels for each study."""

NAME, FIRST, LAST = -0.38, -0.16, 0.38
"""Heights in a row, from its middle down: its name, its first dot and its last one."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A federation in the row of its study, with what is shown of it in percent."""

    row: int
    study: str
    each: Series
    value: float


def accuracy(studies: Studies) -> go.Figure:
    """Mean personal accuracy at the end, of Sub-FedAvg and of what it is set against."""
    dots = [
        Dot(row, study, each, 100 * score)
        for row, (study, series) in enumerate(studies.items())
        for each in _compared(series)
        if (score := mean_accuracy(each.finals)) is not None
    ]
    return _drawn(list(studies), dots, f"mean {OWN}", figures=2)


def traffic(studies: Studies) -> go.Figure:
    """Bytes both ways of the same, as a share of those of clients that send everything."""
    dots = [
        Dot(row, study, each, 100 * share_of_bytes(each.rounds, full.rounds))
        for row, (study, series) in enumerate(studies.items())
        for full in series
        if full.settings.algorithm == FULL
        for each in _compared(series)
    ]
    title = f"travelled both ways, % of {ALGORITHMS[FULL].label}"
    chart = _drawn(list(studies), dots, title, figures=0)
    return chart.update_xaxes(tickvals=[0, 25, 50, 75, 100])


def _compared(series: Sequence[Series]) -> list[Series]:
    return [s for s in series if s.settings.prunes or s.settings.algorithm in OTHERS]


def _drawn(studies: Sequence[str], dots: Sequence[Dot], title: str, *, figures: int) -> go.Figure:
    chart = figure(title, "", height=150 + ROW * len(studies))
    names = list(dict.fromkeys(dot.each.name for dot in dots))
    for name, lane in zip(names, np.linspace(FIRST, LAST, len(names)).tolist(), strict=True):
        _add(chart, [dot for dot in dots if dot.each.name == name], lane, figures)
    _rows(chart, studies)
    return chart.update_xaxes(range=_span([dot.value for dot in dots]), showgrid=True)


def _add(chart: go.Figure, dots: Sequence[Dot], lane: float, figures: int) -> None:
    """The dots of one algorithm, in its own lane of each row."""
    first = dots[0].each
    chart.add_scatter(
        name=first.name,
        x=[dot.value for dot in dots],
        y=[dot.row + lane for dot in dots],
        text=[f"{dot.value:.{figures}f} %  " for dot in dots],
        customdata=[dot.study for dot in dots],
        mode="markers+text",
        textposition="middle left",
        marker=marker(first.look, 10),
        hovertemplate=f"<b>{first.name}</b><br>%{{customdata}}<br>%{{x:.2f}} %<extra></extra>",
    )


def _span(values: Sequence[float]) -> list[float]:
    """From the lowest to the highest, with room for the figures left of the lowest."""
    low, high = min(values, default=0), max(values, default=100)
    span = max(high - low, 1)
    return [low - 0.25 * span, high + 0.05 * span]


def _rows(chart: go.Figure, studies: Sequence[str]) -> None:
    """A name above the dots of each study, and lines between the studies."""
    for row, study in enumerate(studies):
        chart.add_annotation(
            text=f"<b>{study}</b>",
            x=0,
            xref="x domain",
            xanchor="left",
            y=row + NAME,
            showarrow=False,
        )
        chart.add_hline(y=row - 0.5, line={"color": FRONT, "width": 1, "dash": "dot"})
    chart.update_yaxes(title=None, range=[len(studies) - 0.5, -0.5], visible=False)
