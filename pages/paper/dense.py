"""The dense network over K on all three data sets, as shipped."""

import streamlit as st

from engine.results import reference
from engine.settings import built_in_datasets
from pages.paper.texts import NOT_SHIPPED, READ, RECOMPRESSED
from pages.shared import cached, grid
from pages.shared.words import described_settings, title_of
from pages.sweep import curves


def show() -> None:
    """Choose a data set; its curves and its table."""
    chosen = st.segmented_control(
        "Data set",
        list(built_in_datasets()),
        default=built_in_datasets()[0],
        required=True,
        format_func=title_of,
        key="data",
        bind="query-params",
    )
    name = f"paper-{chosen or built_in_datasets()[0]}"
    if name in reference.available():
        _sweep(name)
    else:
        st.info(NOT_SHIPPED)
    st.code(f"python -m engine sweep --preset paper --dataset {name.removeprefix('paper-')}")


def _sweep(name: str) -> None:
    made, baseline, points = cached.reference_points(name)
    settings = described_settings("sweep", made["settings"])
    st.caption(f"{settings}; measured on {made['date']} by `{made['command']}`.")
    if made["recompressed"]:
        st.warning(RECOMPRESSED, icon=":material/warning:")
    curves.headline([baseline, *points])
    methods = tuple(dict.fromkeys(point.method for point in points))
    choices = curves.Choices(methods, "k", "tflite", removed=True)
    curves.grid(name, [baseline, *points], choices, stamp=name)
    st.caption(READ["dense"])
    with st.expander(f"All {1 + len(points)} points", icon=":material/table_rows:"):
        frame = cached.frame(name, [baseline, *points])
        grid.table(frame, alt="All points with accuracy, loss and sizes.")
