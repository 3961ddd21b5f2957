"""Choices that the URL holds: one of a few as buttons, one of many as a list."""

from collections.abc import Callable, Collection, Mapping
from typing import Literal, TypeVar

import streamlit as st

Option = TypeVar("Option")


def one_of(
    label: str,
    options: Collection[Option],
    *,
    key: str,
    first: Option | None = None,
    help_text: str | None = None,
    visibility: Literal["visible", "collapsed"] = "visible",
) -> Option:
    """One of a few, as buttons beside each other.

    Args:
        label: of the choice.
        options: what there is; a mapping gives their titles, which also stand in the URL.
        key: of the widget, and its name in the URL.
        first: what is chosen at first; the first option unless it is given.
        help_text: beside the label.
        visibility: whether the label is seen, or only heard.
    """
    start = next(iter(options)) if first is None else first
    chosen = st.segmented_control(
        label,
        list(options),
        default=start,
        required=True,
        format_func=_titles(options),
        key=key,
        bind="query-params",
        help=help_text,
        label_visibility=visibility,
    )
    return start if chosen is None else chosen


def from_list(
    label: str,
    options: Collection[Option],
    *,
    key: str,
    width: int,
    first: Option | None = None,
    help_text: str | None = None,
) -> Option:
    """One of many, from a list that opens; the arguments are those of `one_of`."""
    known = list(options)
    start = 0 if first is None else known.index(first)
    chosen = st.selectbox(
        label,
        known,
        index=start,
        format_func=_titles(options),
        key=key,
        bind="query-params",
        help=help_text,
        width=width,
    )
    return known[start] if chosen is None else chosen


def _titles(options: Collection[Option]) -> Callable[[Option], str]:
    return options.__getitem__ if isinstance(options, Mapping) else str
