"""Fragments of pages: what is looked at again without the rest of its page."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st

from pages.shared import cached

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def fragment(
    draw: Callable[Arguments, Result], *, key: str, run_every: float | None = None
) -> Callable[Arguments, Result]:
    """A fragment whose own reruns take turns as those of whole pages do."""

    @functools.wraps(draw)
    def in_turn(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with cached.turns().turn():
            return draw(*args, **kwargs)

    return st.fragment(in_turn, run_every=run_every, key=key)
