"""What one may do with a run of the list: open it; one's own also cancel, pin, name, delete."""

from collections.abc import Callable

import streamlit as st

from engine.errors import UnknownRun
from engine.runs.model import Run
from pages.shared import cached, kinds, state
from pages.shared.kinds import titled
from pages.shared.notices import explained, plain

ASKED = "asked"
"""Session key: the dialog that was asked for and the run that it is about."""


def buttons(run: Run) -> None:
    """The buttons of a run; dialogs are only asked for here, `ask` opens them."""
    if run.known and st.button("Open", icon=":material/arrow_forward:", key=f"open-{run.id}"):
        kinds.open_run(run)
    if not state.is_mine(run):
        return
    runs, me = cached.runs(), state.owner()
    if run.state.active:
        _do("Cancel", "stop_circle", run, lambda each: runs.cancel(each.id, owner=me))
        return
    label, icon = ("Unpin", "keep_off") if run.pinned else ("Pin", "keep")
    _do(label, icon, run, lambda each: runs.pin(each.id, pinned=not each.pinned, owner=me))
    _do("Rename", "edit", run, lambda each: _remember("rename", each))
    _do("Delete", "delete", run, lambda each: _remember("delete", each))


def ask() -> None:
    """Open the dialog that was asked for, until it is answered or dismissed."""
    if ASKED not in st.session_state:
        return
    asked, run = st.session_state[ASKED]
    try:
        found = cached.runs().get(run)
    except UnknownRun:  # deleted elsewhere meanwhile: say so once
        forget()
        raise
    (rename if asked == "rename" else delete)(found)


def forget() -> None:
    """The dialog was answered or dismissed."""
    st.session_state.pop(ASKED, None)


@st.dialog("Name this run", on_dismiss=forget)
def rename(run: Run) -> None:
    """Ask for a name and give it."""
    name = st.text_input("Name", run.name, max_chars=60, key=f"name-{run.id}") or ""
    if st.button("Save", type="primary", key=f"save-{run.id}"):
        with explained():
            cached.runs().rename(run.id, name, owner=state.owner())
            forget()
            st.rerun()


@st.dialog("Delete this run?", on_dismiss=forget)
def delete(run: Run) -> None:
    """Ask whether it is meant, and delete."""
    st.markdown(f"**{plain(titled(run))}**")
    st.markdown("Its figures and files go for good, for everyone.")
    with st.container(horizontal=True):
        if st.button("Delete for good", type="primary", key=f"really-{run.id}"):
            with explained():
                cached.runs().delete(run.id, owner=state.owner())
                forget()
                st.rerun()
        if st.button("Keep it", key=f"keep-{run.id}"):
            forget()
            st.rerun()


def _do(label: str, icon: str, run: Run, act: Callable[[Run], None]) -> None:
    key = f"{label.lower()}-{run.id}"
    if st.button(label, icon=f":material/{icon}:", key=key, type="tertiary"):
        with explained():
            act(run)
            st.rerun()


def _remember(asked: str, run: Run) -> None:
    st.session_state[ASKED] = (asked, run.id)
