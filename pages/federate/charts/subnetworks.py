"""What clients keep, how alike it is, and which weights nobody keeps."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.federated.history import Row, Rows
from engine.federated.mask_statistics import Picture
from pages.federate.charts.base import Series, rounds_axis
from pages.shared.charts.base import add_curve, add_heatmap, by_category, figure
from pages.shared.palette import HEAT, KEPT, NEGATIVE, Style

MOST_FIGURES = 25
"""Rows up to which each cell bears its figure."""

MOST_HEIGHT = 620
"""Pixels: with many clients rows become thin."""

APART = ((0.0, "#B84F00"), (0.5, "#8A8F98"), (1.0, "#2459BF"))
"""Below what the initial weights explain, as much as that, above it."""


def densities(clients: Sequence[Row]) -> go.Figure:
    """A row for each client, a column for each kernel: kept share in percent."""
    names = [f"client {row['client']}" for row in clients]
    chart = figure("layer", "", height=130 + min(max(22 * len(names), 100), MOST_HEIGHT))
    add_heatmap(
        chart,
        [[100 * share for share in row["layers"]] for row in clients],
        x=[str(number) for number in range(1, len(clients[0]["layers"]) + 1)],
        y=names,
        limits=(0, 100),
        bar="kept, %",
        texttemplate="%{z:.1f}" if len(names) <= MOST_FIGURES else None,
        textfont={"color": "#FFFFFF", "size": 10},
        ygap=1,
        hover="%{y}, layer %{x}<br>%{z:.2f} % kept",
    )
    return by_category(chart).update_layout(margin={"t": 8})


def label_overlap(pairs: Sequence[Row]) -> go.Figure:
    """A square for each pair of clients: overlap of their labels in percent."""
    return _pairs(pairs, [100 * pair["labels"] for pair in pairs], "labels, %", HEAT, (0, 100))


def mask_excess(pairs: Sequence[Row], layer: int) -> go.Figure:
    """The same of their masks in a layer, minus what equal initial weights explain, in points."""
    values = [100 * (pair["masks"][layer] - pair["expected"][layer]) for pair in pairs]
    most = max([abs(value) for value in values] + [0.1])
    return _pairs(pairs, values, "excess, points", APART, (-most, most))


def excess_by_layer(pairs: Sequence[Row]) -> go.Figure:
    """Mean excess of each layer, for pairs that share labels and for pairs that do not."""
    chart = figure("layer", "overlap beyond the initial weights, points")
    for shares, style in (
        (True, Style("share labels", KEPT, "solid", "circle")),
        (False, Style("share none", NEGATIVE, "dash", "square")),
    ):
        chosen = [pair for pair in pairs if bool(pair["labels"]) is shares]
        if not chosen:
            continue
        gaps = [np.subtract(pair["masks"], pair["expected"]) for pair in chosen]
        add_curve(
            chart,
            style,
            range(1, len(gaps[0]) + 1),
            (100 * np.mean(gaps, axis=0)).tolist(),
            width=2,
            size=10,
            hover=f"{style.label}<br>layer %{{x}}<br>%{{y:.3f}} points",
        )
    return chart.update_xaxes(dtick=1, tickformat="d")


def keepers(picture: Picture, uploads: int) -> go.Figure:
    """The entries of a kernel by how many clients keep them, shrunk to a few squares."""
    counts = picture.astype(float) * uploads / 255
    return _picture(counts, "clients", uploads, "%{z:.2f} clients")


def mask(picture: Picture) -> go.Figure:
    """The kept share of each part of a kernel."""
    return _picture(picture.astype(float) / 2.55, "kept, %", 100, "%{z:.0f} % kept")


def keeper_counts(rounds: Rows, layer: int, total: int) -> go.Figure:
    """Shares of a kernel's entries that 0, 1, 2, … clients of each round keep."""
    chart = figure("round", "entries of the layer, %")
    found = [row["keepers"][layer] for row in rounds]
    most = max(map(len, found))
    for count in range(most):
        shares = [100 * n[count] / sum(n) if count < len(n) else 0.0 for n in found]
        blue = f"rgba(47, 107, 230, {0.25 + 0.75 * count / most:.2f})"
        chart.add_bar(
            name="nobody" if count == 0 else f"{count}",
            x=[row["round"] for row in rounds],
            y=shares,
            marker={"color": blue if count else NEGATIVE},
            hovertemplate=f"kept by {count}<br>round %{{x}}<br>%{{y:.2f}} %<extra></extra>",
        )
    chart.update_layout(barmode="stack", legend={"traceorder": "normal"})
    return rounds_axis(chart, total)


def orphans(series: Sequence[Series]) -> go.Figure:
    """Share of the parameters that nobody of the round's clients kept."""
    chart = figure("round", "orphans, %")
    for each in (one for one in series if one.settings.algorithm.prunes):
        numbers = [row["round"] for row in each.rounds]
        shares = [100 * row["orphan_fraction"] for row in each.rounds]
        each.add_to(chart, numbers, shares, "round %{x}<br>%{y:.2f} %")
    return rounds_axis(chart, max(each.settings.rounds for each in series))


def _pairs(
    pairs: Sequence[Row],
    values: Sequence[float],
    title: str,
    scale: Sequence[Sequence[object]],
    limits: tuple[float, float],
) -> go.Figure:
    clients = sorted({client for pair in pairs for client in pair["clients"]})
    cells: list[list[float | None]] = [[None] * len(clients) for _ in clients]
    for pair, value in zip(pairs, values, strict=True):
        a, b = (clients.index(client) for client in pair["clients"])
        cells[a][b] = cells[b][a] = value
    chart, names = figure("client", "client", height=360), [str(client) for client in clients]
    hover = "clients %{x} and %{y}<br>%{z:.3f}"
    gaps = {"xgap": 1, "ygap": 1}
    add_heatmap(
        chart, cells, x=names, y=names, scale=scale, limits=limits, bar=title, hover=hover, **gaps
    )
    return by_category(chart).update_layout(margin={"t": 8})


def _picture(values: np.ndarray, title: str, most: float, hover: str) -> go.Figure:
    chart = figure("units of the layer", "its inputs", height=360)
    add_heatmap(chart, values.tolist(), limits=(0, most), bar=title, hover=hover, xgap=0, ygap=0)
    chart.update_xaxes(showticklabels=False, showgrid=False)
    return chart.update_yaxes(showticklabels=False, showgrid=False, autorange="reversed")
