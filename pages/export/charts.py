"""The charts of an export: the matrix, the size waterfall of one file, what removal saves."""

import math
from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from engine.results.export_report import ExportedFile, ExportReport
from engine.results.waterfall import Step
from pages.export.table import Measure, median
from pages.shared.charts.base import add_heatmap, figure
from pages.shared.charts.sizes import human, unit_of
from pages.shared.palette import FORMS, FRONT, WATERFALL
from pages.shared.words import VARIANT_TITLES, cell_title, row_label, variant_label

ROW_HEIGHT = 48
FONT = 11
"""Seven columns of figures fit a phone."""

FAILED = "✕"
FALLBACK = "*"

Pairs = Sequence[tuple[ExportedFile, ExportedFile]]
"""The same file of a network with its dead units zeroed, and with them removed."""


def heat(matrix: ExportReport, variants: Sequence[str], measure: Measure) -> go.Figure:
    """A coloured cell for each file; bluer is better, whatever the measure."""
    cells = [[matrix.cell(row, variant) for variant in variants] for row in matrix.rows]
    chart = figure("TFLite file", "", height=130 + ROW_HEIGHT * len(cells))
    columns = [variant_label(variant) for variant in variants]
    labels = [row_label(row) for row in matrix.rows.values()]
    flat = [cell for row in cells for cell in row]
    values = [None if cell is None else measure.value(cell) for cell in flat]
    good, width = goodness(values, small_is_good=measure.small_is_good), len(columns)
    add_heatmap(
        chart,
        [good[i : i + width] for i in range(0, len(good), width)],
        x=columns,
        y=labels,
        customdata=[[_described(matrix, cell) for cell in row] for row in cells],
        limits=(0, 1),
        hoverongaps=True,
        hover="%{customdata}",
    )
    # figures as texts of their own: a heatmap's would shrink on a phone until unreadable
    texts = [_figure(cell, measure) for cell in flat]
    chart.add_scatter(
        x=columns * len(labels),
        y=[label for label in labels for _ in columns],
        text=texts,
        mode="text",
        textfont={"color": ["#FFFFFF" if t != FAILED else FRONT for t in texts], "size": FONT},
        hoverinfo="skip",
    )
    small = {"type": "category", "showgrid": False, "tickfont": {"size": FONT}, "ticks": ""}
    chart.update_xaxes(side="top", tickangle=0, **small)
    chart.update_yaxes(title=None, autorange="reversed", **small)
    return chart.update_layout(margin={"t": 8}, showlegend=False)


def goodness(values: Sequence[float | None], *, small_is_good: bool) -> list[float | None]:
    """Each value's rank from 0, the worst, to 1, the best; sizes and times by their ratio."""
    known = [value for value in values if value is not None]
    if not known:
        return list(values)
    scale = math.log if small_is_good and min(known) > 0 else float
    worst, best = scale(max(known)), scale(min(known))
    if not small_is_good:
        worst, best = best, worst
    span = best - worst or 1.0
    return [None if v is None else 1 - (best - scale(v)) / span for v in values]


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
    return chart.update_layout(margin={"t": 8})


def removal_bytes(pairs: Pairs) -> go.Figure:
    """Size of each file in MB or kB: zeros stored, and units removed."""
    unit = unit_of(cell.bytes for pair in pairs for cell in pair)
    chart = figure("TFLite file", f"file, {unit.name}", height=340)

    def size(cell: ExportedFile) -> float | None:
        return None if cell.bytes is None else cell.bytes / unit.bytes

    return _add_bars(chart, pairs, size, f"%{{y:,.2f}} {unit.name}")


def removal_time(pairs: Pairs) -> go.Figure:
    """Median time of one image in microseconds, with its quartiles."""
    chart = figure("TFLite file", "median time of one image, µs", height=340)
    _add_bars(chart, pairs, median, "%{y:,.0f} µs")
    for bars, cells in zip(chart.data, zip(*pairs, strict=True), strict=True):
        times = [cell.latency for cell in cells]
        above = [time.upper - time.median if time else 0 for time in times]
        below = [time.median - time.lower if time else 0 for time in times]
        bars.error_y = {"type": "data", "array": above, "arrayminus": below, "color": FRONT}
    return chart


def _add_bars(
    chart: go.Figure, pairs: Pairs, value: Callable[[ExportedFile], float | None], hover: str
) -> go.Figure:
    """A bar for each file, hatched where units are zeroed and full where they are removed."""
    for style, cells in zip(FORMS.values(), zip(*pairs, strict=True), strict=True):
        pattern = {"shape": style.symbol, "fillmode": "overlay", "fgcolor": "#FFFFFF", "size": 6}
        chart.add_bar(
            name=style.label,
            x=[VARIANT_TITLES[cell.variant] for cell in cells],
            y=[value(cell) for cell in cells],
            marker={"color": style.colour, "pattern": pattern},
            hovertemplate=f"<b>{style.label}</b>, %{{x}}<br>{hover}<extra></extra>",
        )
    chart.update_xaxes(type="category")
    chart.update_yaxes(rangemode="tozero")
    return chart.update_layout(barmode="group")


def _figure(cell: ExportedFile | None, measure: Measure) -> str:
    """What stands in the matrix."""
    if cell is None:
        return ""
    text = measure.text(cell)
    if not text:
        return FAILED if cell.error else ""
    return text + (FAILED if cell.error else FALLBACK if cell.refused else "")


def _described(matrix: ExportReport, cell: ExportedFile | None) -> str:
    """What the matrix says about a file when it is pointed at."""
    if cell is None:
        return "not made yet"
    lines = [f"<b>{cell_title(matrix, cell)}</b>"]
    if cell.bytes is not None and cell.zip_bytes is not None:
        lines.append(f"{human(cell.bytes)}, zipped {human(cell.zip_bytes)}")
    if cell.accuracy is not None and cell.agreement is not None:
        lines.append(f"accuracy {cell.accuracy:.2%}, agreement {cell.agreement:.2%}")
    if cell.latency is not None:
        time = cell.latency
        lines.append(f"{time.median:,.0f} µs (quartiles {time.lower:,.0f} to {time.upper:,.0f})")
    if cell.error:
        lines.append(f"{FAILED} it fails")
    elif cell.refused:
        lines.append(f"{FALLBACK} runs {cell.resolver} only")
    return "<br>".join(lines)
