"""What clients keep, how alike it is, and which weights nobody keeps."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.federated.history import Row, Rows
from engine.federated.views import Picture
from pages.federate.charts.axes import rounds_axis
from pages.federate.charts.series import Series
from pages.shared.charts.base import figure
from pages.shared.palette import HEAT, KEPT, NEGATIVE

MOST_FIGURES = 25
"""Rows up to which each cell bears its figure."""

MOST_HEIGHT = 620
"""Pixels: with many clients rows become thin."""

SCALE = [list(stop) for stop in HEAT]
WHITE = {"color": "#FFFFFF", "size": 10}
APART = [[0.0, "#B84F00"], [0.5, "#8A8F98"], [1.0, "#2459BF"]]
"""Below what the initial weights explain, as much as that, above it."""


def densities(clients: Sequence[Row]) -> go.Figure:
    """A row for each client, a column for each kernel: kept share in percent."""
    names = [f"client {row['client']}" for row in clients]
    layers = [str(number) for number in range(1, len(clients[0]["layers"]) + 1)]
    chart = figure("layer", "", height=130 + min(max(22 * len(names), 100), MOST_HEIGHT))
    chart.add_heatmap(
        z=[[100 * share for share in row["layers"]] for row in clients],
        x=layers,
        y=names,
        colorscale=SCALE,
        zmin=0,
        zmax=100,
        colorbar={"title": {"text": "kept, %"}, "thickness": 12},
        texttemplate="%{z:.1f}" if len(names) <= MOST_FIGURES else None,
        textfont=WHITE,
        xgap=2,
        ygap=1,
        hovertemplate="%{y}, layer %{x}<br>%{z:.2f} % kept<extra></extra>",
    )
    return _table(chart)


def label_overlap(pairs: Sequence[Row]) -> go.Figure:
    """A square for each pair of clients: overlap of their labels in percent."""
    return _pairs(pairs, [100 * pair["labels"] for pair in pairs], "labels, %", SCALE, (0, 100))


def mask_excess(pairs: Sequence[Row], layer: int) -> go.Figure:
    """The same of their masks in a layer, minus what equal initial weights explain, in points."""
    values = [100 * (pair["masks"][layer] - pair["expected"][layer]) for pair in pairs]
    most = max([abs(value) for value in values] + [0.1])
    return _pairs(pairs, values, "excess, points", APART, (-most, most))


def excess_by_layer(pairs: Sequence[Row]) -> go.Figure:
    """Mean excess of each layer, for pairs that share labels and for pairs that do not."""
    chart = figure("layer", "overlap beyond the initial weights, points")
    for name, shares, colour, symbol in (
        ("share labels", True, KEPT, "circle"),
        ("share none", False, NEGATIVE, "square"),
    ):
        chosen = [pair for pair in pairs if bool(pair["labels"]) is shares]
        if not chosen:
            continue
        gaps = [np.subtract(pair["masks"], pair["expected"]) for pair in chosen]
        chart.add_scatter(
            name=name,
            x=list(range(1, len(gaps[0]) + 1)),
            y=(100 * np.mean(gaps, axis=0)).tolist(),
            mode="lines+markers",
            line={"color": colour, "dash": "solid" if shares else "dash"},
            marker={"symbol": symbol, "size": 10, "color": colour},
            hovertemplate=f"{name}<br>layer %{{x}}<br>%{{y:.3f}} points<extra></extra>",
        )
    return chart.update_xaxes(dtick=1, tickformat="d")


def keepers(picture: Picture, uploads: int) -> go.Figure:
    """The entries of a kernel by how many clients keep them, shrunk to a few squares."""
    title = "clients"
    return _picture(picture.astype(float) * uploads / 255, title, uploads, "%{z:.2f} clients")


def mask(picture: Picture) -> go.Figure:
    """The kept share of each part of a kernel."""
    return _picture(picture.astype(float) / 2.55, "kept, %", 100, "%{z:.0f} % kept")


def keeper_counts(rounds: Rows, layer: int, total: int) -> go.Figure:
    """Shares of a kernel's entries that 0, 1, 2, … clients of each round keep."""
    chart = figure("round", "entries of the layer, %")
    most = max(len(row["keepers"][layer]) for row in rounds)
    for count in range(most):
        shares = [_share(row["keepers"][layer], count) for row in rounds]
        chart.add_bar(
            name="nobody" if count == 0 else f"{count}",
            x=[row["round"] for row in rounds],
            y=shares,
            marker={"color": NEGATIVE if count == 0 else _blue(count / most)},
            hovertemplate=f"kept by {count}<br>round %{{x}}<br>%{{y:.2f}} %<extra></extra>",
        )
    chart.update_layout(barmode="stack", legend={"traceorder": "normal"})
    return rounds_axis(chart, total)


def orphans(series: Sequence[Series]) -> go.Figure:
    """Share of the parameters that nobody of the round's clients kept."""
    chart = figure("round", "orphans, %")
    for each in (one for one in series if one.settings.prunes):
        look = each.look
        chart.add_scatter(
            name=each.name,
            x=[row["round"] for row in each.rounds],
            y=[100 * row["orphan_fraction"] for row in each.rounds],
            mode="lines+markers",
            line={"color": look.colour, "dash": look.dash, "width": 2.5},
            marker={"symbol": look.symbol, "size": 8, "color": look.colour},
            hovertemplate=f"<b>{each.name}</b><br>round %{{x}}<br>%{{y:.2f}} %<extra></extra>",
        )
    return rounds_axis(chart, max(each.settings.rounds for each in series))


def _pairs(
    pairs: Sequence[Row],
    values: Sequence[float],
    title: str,
    scale: list[list[object]],
    limits: tuple[float, float],
) -> go.Figure:
    names = sorted({client for pair in pairs for client in pair["clients"]})
    grid: list[list[float | None]] = [[None] * len(names) for _ in names]
    for pair, value in zip(pairs, values, strict=True):
        a, b = (names.index(client) for client in pair["clients"])
        grid[a][b] = grid[b][a] = value
    chart = figure("client", "client", height=360)
    chart.add_heatmap(
        z=grid,
        x=[str(name) for name in names],
        y=[str(name) for name in names],
        colorscale=scale,
        zmin=limits[0],
        zmax=limits[1],
        colorbar={"title": {"text": title}, "thickness": 12},
        xgap=1,
        ygap=1,
        hovertemplate="clients %{x} and %{y}<br>%{z:.3f}<extra></extra>",
    )
    return _table(chart)


def _picture(values: np.ndarray, title: str, most: float, told: str) -> go.Figure:
    chart = figure("units of the layer", "its inputs", height=360)
    chart.add_heatmap(
        z=values.tolist(),
        colorscale=SCALE,
        zmin=0,
        zmax=most,
        colorbar={"title": {"text": title}, "thickness": 12},
        hovertemplate=told + "<extra></extra>",
    )
    chart.update_xaxes(showticklabels=False, showgrid=False)
    return chart.update_yaxes(showticklabels=False, showgrid=False, autorange="reversed")


def _table(chart: go.Figure) -> go.Figure:
    chart.update_xaxes(type="category", showgrid=False)
    chart.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return chart.update_layout(margin={"t": 8})


def _share(counts: Sequence[int], count: int) -> float:
    return 100 * counts[count] / sum(counts) if count < len(counts) else 0.0


def _blue(depth: float) -> str:
    return f"rgba(47, 107, 230, {0.25 + 0.75 * depth:.2f})"
