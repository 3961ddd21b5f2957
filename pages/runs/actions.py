"""What one may do with a run of the list: open it; one's own also cancel, pin, name, delete."""

from collections.abc import Callable

import streamlit as st

from engine.errors import UnknownRun
from engine.runs.model import Run
from pages.shared import cached, state
from pages.shared.kinds import open_run, titled
from pages.shared.notices import explained, plain

ASKED = "asked"
"""Session key: the dialog that was asked for and the run that it is about."""


def buttons(run: Run) -> None:
    """The buttons of a run; dialogs are only asked for here, `ask` opens them."""
    if run.known and st.button("Open", icon=":material/arrow_forward:", key=f"open-{run.id}"):
        open_run(run)
    if not state.is_mine(run):
        return
    runs, me = cached.runs(), state.owner()
    if run.state.active:
        _button("Cancel", "stop_circle", run, lambda: runs.cancel(run.id, owner=me))
        return
    label, icon = ("Unpin", "keep_off") if run.pinned else ("Pin", "keep")
    _button(label, icon, run, lambda: runs.pin(run.id, pinned=not run.pinned, owner=me))
    _button("Rename", "edit", run, lambda: _ask_for("rename", run))
    _button("Delete", "delete", run, lambda: _ask_for("delete", run))


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


def _button(label: str, icon: str, run: Run, act: Callable[[], None]) -> None:
    key = f"{label.lower()}-{run.id}"
    if st.button(label, icon=f":material/{icon}:", key=key, type="tertiary"):
        with explained():
            act()
            st.rerun()


def _ask_for(dialog: str, run: Run) -> None:
    st.session_state[ASKED] = (dialog, run.id)
