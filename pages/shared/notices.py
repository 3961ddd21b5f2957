"""Errors and notices, shown in one way; text of people is only ever text."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from engine.errors import PrunescopeError
from engine.notices import Notice

_SPECIAL = re.compile(r"([\\`*_\[\]<>$:#~|!&])")
_ADDRESS = re.compile(r"(?<=www)(?=\.)|(?<=:)(?=//)|(?=@)", re.IGNORECASE)
"""Where a bare address becomes a link, backslash or not."""

_JOINER = "\N{WORD JOINER}"
"""Invisible, and no place to break a line: an address with it is text."""


def plain(text: str) -> str:
    """The text so that Markdown shows it character by character: no link, image, or colour."""
    return _SPECIAL.sub(r"\\\1", _ADDRESS.sub(_JOINER, text.replace("\n", " ")))


def refusal(error: PrunescopeError) -> None:
    """Show an error's one line."""
    st.error(plain(str(error)), icon=":material/error:")


@contextmanager
def explained() -> Iterator[None]:
    """Show the line of a PrunescopeError instead of going on with the block."""
    try:
        yield
    except PrunescopeError as error:
        refusal(error)


@contextmanager
def explained_page() -> Iterator[None]:
    """Show the line of a PrunescopeError as a whole page, with ways on."""
    try:
        yield
    except PrunescopeError as error:
        st.title("This run cannot be shown")
        refusal(error)
        with st.container(horizontal=True):
            st.page_link("runs/page.py", label="All runs", icon=":material/list:")
            st.page_link("overview/page.py", label="Overview", icon=":material/home:")


URGENT = (
    "scale-differs",
    "constant-images",
    "no-test-images",
    "no-training-images",
    "few-images",
    "few-validation-images",
    "clients-filled",
    "clients-left-out",
)
"""Notices that limit what the numbers are worth; the others only say what was understood."""


def quiet(notices: Sequence[Notice]) -> None:
    """What was understood of a person's data, in one block; nothing where there is nothing."""
    if not notices:
        return
    with st.container(border=True, gap="small", key=f"notices-{notices[0].code}"):
        for notice in notices:
            icon = "warning" if notice.code in URGENT else "info"
            text = f"{notice.text[:1].upper()}{notice.text[1:]}."
            st.caption(f":material/{icon}: {plain(text)}")
