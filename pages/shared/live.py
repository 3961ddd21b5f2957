"""A run as it goes: state, progress, what is left, and what one may do about it."""

import time
from collections.abc import Callable
from typing import Any, Literal, cast

import streamlit as st

from engine.compare.adapters import ADAPTERS
from engine.notices import from_json as notices_from_json
from engine.runs import workers
from engine.runs.model import Run, State
from pages.shared import cached, state
from pages.shared.kinds import described, titled
from pages.shared.notices import explained, plain, quiet
from pages.shared.turns import audience, fragment, pace
from pages.shared.words import seconds

BADGES: dict[State, tuple[str, str, str]] = {
    State.QUEUED: ("queued", "schedule", "blue"),
    State.RUNNING: ("running", "play_circle", "violet"),
    State.DONE: ("done", "check_circle", "green"),
    State.FAILED: ("failed", "error", "red"),
    State.CANCELLED: ("cancelled", "cancel", "gray"),
    State.LOST: ("interrupted", "sync_problem", "orange"),
    State.UNKNOWN: ("unknown", "question_mark", "gray"),  # another version made the run
}


def watch(
    run: Run, view: Callable[[Run], None], beside: Callable[[], bool] = lambda: False
) -> None:
    """Draw the run, again and again while it is active; then the whole page once more.

    `beside` says whether something else that the view shows is active.
    """
    more = beside()

    def watchers() -> int:
        """How many watch something live, this visit among them."""
        return audience().look(state.visit(), time.monotonic())

    def draw() -> None:
        with explained():
            current = cached.runs().get(run.id)
            if (run.state.active and not current.state.active) or (more and not beside()):
                st.rerun()
            watchers()
            header(current)
            quiet(notices_from_json(cached.notices(current)))
            view(current)

    every = pace(watchers()) if run.state.active or more else None
    fragment(draw, run_every=every, key=f"watch-{run.id}")()


def header(run: Run) -> None:
    """What the run is, how far it is, and its buttons."""
    st.title(plain(titled(run)).replace(" %", "\u00a0%"))  # a figure stays with its unit
    with st.container(horizontal=True, vertical_alignment="center", key="run-header"):
        with st.container(key=f"state-{run.state.value}", width="content"):
            badge(cached.runs().seen(run))
        name = f"{plain(described(run))} · " if run.name else ""
        took = f"took {seconds(run.seconds)} · " if run.seconds is not None else ""
        st.caption(f"{name}{took}`{run.id}`", width="content")
        _buttons(run)
    _progress(run)


def badge(run: Run) -> None:
    """The state as a coloured word with an icon."""
    label, icon, colour = BADGES[run.state]
    st.badge(label, icon=f":material/{icon}:", color=cast("Any", colour))


def _progress(run: Run) -> None:
    if run.state is State.RUNNING:
        left = f" · about {seconds(run.eta)} left" if run.eta is not None else ""
        st.progress(run.progress, f"{plain(run.stage)} · {100 * run.progress:.0f} %{left}")
    elif run.state in {State.QUEUED, State.LOST}:
        _waiting(run)
    elif run.state is State.FAILED:
        st.error(f"{plain(run.error)}", icon=":material/error:")
    elif run.state is State.CANCELLED:
        st.info("Cancelled; what was measured is kept, and Resume goes on from there.")
    elif run.evicted:
        st.info("Its files were removed to make room; Run again makes the same ones.")


def _waiting(run: Run) -> None:
    needed = cached.runs().get(run.needs) if run.needs else None
    if needed is not None and needed.state.active:
        st.caption(f"First, what it starts from: {plain(described(needed))}")
        seen = cached.runs().seen(run)
        _progress(seen if seen.state is State.RUNNING else needed)
        return
    place = cached.runs().queue_position(run.id)
    text = run.stage or "waits for a worker"
    if place is not None:
        text += f" · place {place.position} in the queue"
        text += f", starts in about {seconds(place.seconds)}" if place.seconds >= 1 else ""
    crew, idle = workers.crew(cached.runs().database), ""
    if not crew.alive:
        idle = " · no worker is alive: one starts with `make run` or `python -m engine worker`"
    elif not crew.ready:
        idle = " · the worker loads TensorFlow, about 10 s"
    st.progress(0.0, plain(text) + idle)


def _buttons(run: Run) -> None:
    if run.kind in ADAPTERS and run.state is State.DONE:
        parameters, icon = {state.RUNS: run.id}, ":material/balance:"
        st.page_link("compare/page.py", label="Compare", icon=icon, query_params=parameters)
    runs, me = cached.runs(), state.owner()
    if run.state.active:
        mine = state.may_cancel(run)
        if st.button(
            "Stops" if run.cancel_requested else "Cancel",
            icon=":material/stop_circle:",
            key=f"cancel-{run.id}",
            disabled=not mine or run.cancel_requested,
            help=None if mine else "Only the person who started it can cancel it.",
        ):
            with explained():
                runs.cancel(run.id, owner=me)
                st.rerun()
    elif run.state in {State.FAILED, State.CANCELLED} or run.evicted:
        label, key = "Resume" if run.state is State.CANCELLED else "Run again", f"again-{run.id}"
        # what failed for its settings or data fails again: that is not the thing to press
        kind: Literal["primary", "secondary"] = "secondary" if run.bad_input else "primary"
        if st.button(label, icon=":material/resume:", key=key, type=kind):
            with explained():
                runs.submit(run.parsed, owner=me)
                st.rerun()
