"""Tables on a page: they sort, search, export, and say "–" for what was not measured."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

DASH = "–"


def show(
    frame: pd.DataFrame,
    *,
    alt: str,
    formats: Mapping[str, str] | None = None,
    key: str | None = None,
) -> None:
    """Show a table; what is missing is None or no number, `formats` of columns are as in printf."""
    columns = {
        name: st.column_config.NumberColumn(format=form) for name, form in (formats or {}).items()
    }
    st.dataframe(frame, hide_index=True, column_config=columns, placeholder=DASH, key=key, alt=alt)


def percent(share: float | None, digits: int | None = None) -> float | None:
    """A share as a number in percent, rounded where digits are given."""
    if share is None:
        return None
    return 100 * share if digits is None else round(100 * share, digits)


def percent_text(share: float | None, digits: int = 2) -> str:
    """A share for people; a dash where there is none."""
    return DASH if share is None else f"{100 * share:.{digits}f} %"


def kilobytes(count: float | None) -> float | None:
    """Bytes as a number in kB."""
    return None if count is None else count / 1000
