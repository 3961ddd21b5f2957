"""A table on a page: sorts, searches, exports, and says "–" for what was not measured."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

DASH = "–"


def table(
    frame: pd.DataFrame,
    *,
    alt: str,
    formats: Mapping[str, str] | None = None,
    key: str | None = None,
) -> None:
    """Show a table.

    Args:
        frame: its rows; what is missing is None or no number.
        alt: what it shows, for those who do not see it.
        formats: of numbers, by column, as in printf.
        key: of the widget.
    """
    st.dataframe(
        frame,
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format=form)
            for name, form in (formats or {}).items()
        },
        placeholder=DASH,
        key=key,
        alt=alt,
    )
