"""The axis of rounds: whole numbers, and as long from the first round on as at the end."""

import plotly.graph_objects as go

MOST_TICKS = 20


def rounds_axis(chart: go.Figure, rounds: int) -> go.Figure:
    """Lay the horizontal axis out for so many rounds."""
    step = 1 if rounds <= MOST_TICKS else None
    chart.update_layout(showlegend=True)
    return chart.update_xaxes(range=[0.5, rounds + 0.5], dtick=step, tickformat="d")
