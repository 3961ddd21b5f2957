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
    """One of a few, as buttons beside each other; `first` is chosen unless the URL says otherwise.

    A mapping of options gives their titles, which also stand in the URL, under `key`.
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
    """One of many, from a list that opens; otherwise as `one_of`."""
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
