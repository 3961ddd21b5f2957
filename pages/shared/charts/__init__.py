"""Charts: values in, plotly figures out. Pure: no Streamlit, no store."""
