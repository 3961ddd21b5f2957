"""The charts of federated rounds: rows as a federation records them in, plotly figures out."""
