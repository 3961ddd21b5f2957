"""Clients: what each gained over being alone, and one of them in detail."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from engine.federated.history import Row
from pages.federate.charts.axes import rounds_axis
from pages.federate.charts.curves import OWN
from pages.shared.charts.base import figure
from pages.shared.palette import HEAT, KEPT, NEGATIVE, Look


def gains(found: Mapping[str, Mapping[int, float]], looks: Mapping[str, Look]) -> go.Figure:
    """Personal accuracy at the end minus the one alone, in points, sorted for each federation."""
    chart = figure("clients, from the largest loss to the largest gain", "gain over alone, points")
    for name, each in found.items():
        ordered = sorted(each.items(), key=lambda pair: pair[1])
        chart.add_scatter(
            name=name,
            x=list(range(1, len(ordered) + 1)),
            y=[100 * gain for _, gain in ordered],
            customdata=[client for client, _ in ordered],
            mode="lines+markers",
            line={"color": looks[name].colour, "dash": looks[name].dash, "width": 1.5},
            marker={"symbol": looks[name].symbol, "size": 8, "color": looks[name].colour},
            hovertemplate=f"<b>{name}</b><br>client %{{customdata}}<br>%{{y:+.2f}} points"
            "<extra></extra>",
        )
    chart.add_hline(y=0, line={"color": "#8A8F98", "width": 1})
    return chart.update_xaxes(tickformat="d")


def labels(counts: Sequence[int], names: Sequence[str]) -> go.Figure:
    """Images of each label that a client owns."""
    chart = figure("label", "training and validation images")
    chart.add_bar(
        x=list(names),
        y=list(counts),
        marker={"color": KEPT},
        hovertemplate="%{y:,} images of %{x}<extra></extra>",
    )
    return chart.update_xaxes(type="category").update_layout(margin={"t": 8})


def course(visits: Sequence[tuple[int, Row]], total: int) -> go.Figure:
    """Accuracy of a client before and after its rounds, and what it keeps, all in percent."""
    chart = figure("round", OWN + "; kept, %")
    for name, field, colour, dash, symbol in (
        ("As received", "accuracy_before", "#8A8F98", "dot", "star"),
        ("After its round", "accuracy_after", KEPT, "solid", "circle"),
        ("Kept", "density", NEGATIVE, "dash", "square"),
    ):
        chart.add_scatter(
            name=name,
            x=[number for number, _ in visits],
            y=[None if row[field] is None else 100 * row[field] for _, row in visits],
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2},
            marker={"symbol": symbol, "size": 9, "color": colour},
            hovertemplate=f"{name}<br>round %{{x}}<br>%{{y:.2f}} %<extra></extra>",
        )
    return rounds_axis(chart, total)


def confusion(row: Row, names: Sequence[str]) -> go.Figure:
    """A client's test images by true label (rows) and by answer (columns)."""
    chart = figure("answered as", "true class", height=360)
    counts = row["confusion"]
    chart.add_heatmap(
        z=[[n or None for n in line] for line in counts],
        x=list(names),
        y=[names[label] for label in row["labels"]],
        colorscale=[list(stop) for stop in HEAT],
        showscale=False,
        texttemplate="%{z}" if len(names) <= 12 else None,
        textfont={"color": "#FFFFFF"},
        xgap=2,
        ygap=2,
        hovertemplate="%{z:,} images of class %{y}<br>answered as %{x}<extra></extra>",
    )
    chart.update_xaxes(type="category", showgrid=False)
    chart.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return chart.update_layout(margin={"t": 8})
