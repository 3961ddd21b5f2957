"""The matrix of an export: networks by TFLite files, coloured by one measure."""

import itertools
import math
from collections.abc import Sequence

import plotly.graph_objects as go

from engine.results.export_report import ExportedFile, ExportReport
from pages.export.measures import Measure
from pages.shared.charts.base import figure
from pages.shared.charts.sizes import human
from pages.shared.palette import FRONT, HEAT
from pages.shared.titles import cell_title, row_label, variant_label

ROW_HEIGHT = 48
FONT = 11
"""Seven columns of figures fit a phone."""

FAILED = "✕"
FALLBACK = "*"

Cells = Sequence[Sequence[ExportedFile | None]]


def heat(matrix: ExportReport, variants: Sequence[str], measure: Measure) -> go.Figure:
    """A coloured cell for each file; bluer is better, whatever the measure."""
    cells = [[matrix.cell(row, variant) for variant in variants] for row in matrix.rows]
    chart = figure("TFLite file", "", height=130 + ROW_HEIGHT * len(cells))
    columns = [variant_label(variant) for variant in variants]
    labels = [row_label(row) for row in matrix.rows.values()]
    _add_colours(chart, matrix, cells, measure, (columns, labels))
    _add_figures(chart, cells, measure, (columns, labels))
    small = {"type": "category", "showgrid": False, "tickfont": {"size": FONT}, "ticks": ""}
    chart.update_xaxes(side="top", tickangle=0, **small)
    chart.update_yaxes(title=None, autorange="reversed", **small)
    chart.update_layout(margin={"t": 8}, showlegend=False)
    return chart


def goodness(values: Sequence[float | None], *, small_is_good: bool) -> list[float | None]:
    """Each value's place from 0, the worst, to 1, the best; sizes and times by their ratio."""
    known = [value for value in values if value is not None]
    if not known:
        return list(values)
    scale = _log if small_is_good and min(known) > 0 else float
    worst, best = scale(max(known)), scale(min(known))
    if not small_is_good:
        worst, best = best, worst
    span = best - worst or 1.0
    return [None if v is None else 1 - (best - scale(v)) / span for v in values]


def _log(value: float) -> float:
    return math.log(value)


def _add_colours(
    chart: go.Figure,
    matrix: ExportReport,
    cells: Cells,
    measure: Measure,
    axes: tuple[list[str], list[str]],
) -> None:
    flat = [None if cell is None else measure.value(cell) for row in cells for cell in row]
    good, width = goodness(flat, small_is_good=measure.small_is_good), len(axes[0])
    chart.add_heatmap(
        z=[good[i : i + width] for i in range(0, len(good), width)],
        x=axes[0],
        y=axes[1],
        customdata=[[_told(matrix, cell) for cell in row] for row in cells],
        colorscale=[list(stop) for stop in HEAT],
        zmin=0,
        zmax=1,
        showscale=False,
        hoverongaps=True,
        xgap=2,
        ygap=2,
        hovertemplate="%{customdata}<extra></extra>",
    )


def _add_figures(
    chart: go.Figure, cells: Cells, measure: Measure, axes: tuple[list[str], list[str]]
) -> None:
    """The figures as texts of their own: a heatmap's would shrink on a phone until unreadable."""
    places = list(itertools.product(axes[1], axes[0]))
    texts = [_text(cell, measure) for row in cells for cell in row]
    chart.add_scatter(
        x=[column for _, column in places],
        y=[label for label, _ in places],
        text=texts,
        mode="text",
        textfont={"color": ["#FFFFFF" if t != FAILED else FRONT for t in texts], "size": FONT},
        hoverinfo="skip",
    )


def _text(cell: ExportedFile | None, measure: Measure) -> str:
    if cell is None:
        return ""
    text = measure.text(cell)
    if not text:
        return FAILED if cell.error else ""
    return text + (FAILED if cell.error else FALLBACK if cell.refused else "")


def _told(matrix: ExportReport, cell: ExportedFile | None) -> str:
    """What the chart says about a file when it is pointed at."""
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
    return "<br>".join([*lines, *_trouble(cell)])


def _trouble(cell: ExportedFile) -> list[str]:
    if cell.error:
        return [f"{FAILED} it fails"]
    return [f"{FALLBACK} runs {cell.resolver} only"] if cell.refused else []
