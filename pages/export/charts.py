"""The size waterfall of one file, and what removal saves."""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.results.export_report import ExportedFile
from engine.results.waterfall import Step
from pages.export.measures import median
from pages.shared.charts.base import figure
from pages.shared.charts.sizes import human, unit_of
from pages.shared.palette import FORMS, FRONT, WATERFALL
from pages.shared.titles import VARIANT_TITLES

Pairs = Sequence[tuple[ExportedFile, ExportedFile]]
"""The same file of a network with its dead units zeroed, and with them removed."""


def sizes(steps: Sequence[Step]) -> go.Figure:
    """A bar for each form of the network, from the training's file down to the zip."""
    unit = unit_of(step.bytes for step in steps)
    chart = figure(f"size, {unit.name}", "form of the network", height=90 + 44 * len(steps))
    chart.add_bar(
        x=[step.bytes / unit.bytes for step in steps],
        y=[step.name for step in steps],
        orientation="h",
        text=[human(step.bytes) for step in steps],
        textposition="auto",
        marker={"color": WATERFALL},
        customdata=[step.why for step in steps],
        hovertemplate="<b>%{y}</b><br>%{text}<extra></extra>",
    )
    chart.update_yaxes(type="category", autorange="reversed", title=None)
    chart.update_layout(margin={"t": 8})
    return chart


def removal_bytes(pairs: Pairs) -> go.Figure:
    """Size of each file in MB or kB: zeros stored, and units removed."""
    unit = unit_of(cell.bytes for pair in pairs for cell in pair)
    chart = figure("TFLite file", f"file, {unit.name}", height=340)
    for form, side in _sides(pairs):
        values = [None if cell.bytes is None else cell.bytes / unit.bytes for cell in side]
        _add_bars(chart, form, side, values, f"%{{y:,.2f}} {unit.name}")
    return _grouped(chart)


def removal_time(pairs: Pairs) -> go.Figure:
    """Median time of one image in microseconds, with its quartiles."""
    chart = figure("TFLite file", "median time of one image, µs", height=340)
    for form, side in _sides(pairs):
        _add_bars(chart, form, side, [median(cell) for cell in side], "%{y:,.0f} µs")
        above = [cell.latency.upper - cell.latency.median if cell.latency else 0 for cell in side]
        below = [cell.latency.median - cell.latency.lower if cell.latency else 0 for cell in side]
        spread = {"type": "data", "array": above, "arrayminus": below, "color": FRONT}
        chart.data[-1].error_y = spread
    return _grouped(chart)


def _sides(pairs: Pairs) -> list[tuple[str, list[ExportedFile]]]:
    return [("zeroed", [pair[0] for pair in pairs]), ("removed", [pair[1] for pair in pairs])]


def _add_bars(
    chart: go.Figure,
    form: str,
    side: Sequence[ExportedFile],
    values: Sequence[float | None],
    unit: str,
) -> None:
    look = FORMS[form]
    pattern = {"shape": look.symbol, "fillmode": "overlay", "fgcolor": "#FFFFFF", "size": 6}
    chart.add_bar(
        name=look.label,
        x=[VARIANT_TITLES[cell.variant] for cell in side],
        y=list(values),
        marker={"color": look.colour, "pattern": pattern},
        hovertemplate=f"<b>{look.label}</b>, %{{x}}<br>{unit}<extra></extra>",
    )


def _grouped(chart: go.Figure) -> go.Figure:
    chart.update_layout(barmode="group")
    chart.update_xaxes(type="category")
    chart.update_yaxes(rangemode="tozero")
    return chart
