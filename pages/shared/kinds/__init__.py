"""Kinds of runs on the pages, one file each: where they are shown, and what is said of them."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.runs.model import Run
from engine.settings import Settings, from_json
from pages.shared import snippet, state
from pages.shared.kinds import export, federate, schedule, sweep, train
from pages.shared.kinds.base import KindOfRun

KINDS: Mapping[str, KindOfRun] = {
    each.name: each for each in (train.KIND, sweep.KIND, schedule.KIND, federate.KIND, export.KIND)
}

UNKNOWN = "this version of Prunescope does not know"
"""Said of a run of another version, whose kind or one of whose values is new."""


def described(run: Run) -> str:
    """The run in a line: data, network, what is done with it."""
    return KINDS[run.kind].line(run.known) if run.known else f"A run that {UNKNOWN}"


def described_settings(kind: str, values: Mapping[str, Any]) -> str:
    """The same from settings as JSON values."""
    return KINDS[kind].line(from_json(kind, values))


def titled(run: Run) -> str:
    """The name that its owner gave, or the line that describes it."""
    return run.name or described(run)


def outcome(run: Run) -> str:
    """What a finished run came to, in a line."""
    return KINDS[run.kind].outcome(run) if run.known else f"{run.kind}: {UNKNOWN} it"


def script(settings: Settings) -> str:
    """A program that runs these settings and prints a small table; run it from the project."""
    return KINDS[settings.kind].script.format(settings=snippet.expression(settings))


def open_run(run: Run) -> None:
    """Go to the page that shows the run.

    Raises:
        InvalidInput: another version of Prunescope made it, and this one has no page for it.
    """
    st.switch_page(KINDS[run.parsed.kind].page, query_params={state.RUN: run.id})
