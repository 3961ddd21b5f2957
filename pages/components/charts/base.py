"""What all charts share: a figure with named axes, and the settings of the toolbar."""

from typing import Any

import plotly.graph_objects as go

HEIGHT = 320
"""Pixels; two charts fit above each other on a projector."""


def figure(x_title: str, y_title: str, *, height: int = HEIGHT) -> go.Figure:
    """An empty figure; both titles name the unit. Fonts and grid come from the page's theme."""
    return go.Figure(
        layout={
            "height": height,
            "margin": {"l": 8, "r": 8, "t": 36, "b": 8},
            "xaxis": {"title": {"text": x_title}, "automargin": True},
            "yaxis": {"title": {"text": y_title}, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "hoverlabel": {"align": "left"},
        }
    )


def keep_view(chart: go.Figure, name: str) -> go.Figure:
    """Zoom and hidden traces survive new values for as long as the name stays the same."""
    chart.update_layout(uirevision=name)
    return chart


def toolbar(file_name: str) -> dict[str, Any]:
    """Settings of plotly's toolbar: a PNG at twice the size, under a telling name."""
    return {
        "displaylogo": False,
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d"],
        "toImageButtonOptions": {"format": "png", "scale": 2, "filename": file_name},
    }
