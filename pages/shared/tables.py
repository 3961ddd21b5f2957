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
