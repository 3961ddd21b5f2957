"""The studies that can be shown: the one that ships along, and this machine's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import streamlit as st

from engine.paper import report, study
from engine.results import reference
from engine.runs.model import Run, State
from engine.settings import Settings, digest
from pages.shared import cached


@dataclass(frozen=True, slots=True)
class Study:
    """What was found, and where it comes from, in a sentence."""

    name: str
    found: Mapping[str, Any]
    origin: str


def shipped() -> Study:
    """The study that ships with the project."""
    found = reference.load("paper")
    made = found["made"]
    origin = f"Measured on {made['date']} by `{made['command']}`, which you can run too."
    return Study("shipped", found, origin)


def own() -> Study | None:
    """This machine's own study; None until all of its runs are done."""
    mine = runs()
    if any(run is None or run.state is not State.DONE for _, run in mine):
        return None
    ended = {run.id: run.finished for _, run in mine if run}
    origin = "Measured here, by the runs listed at the end of this page."
    return Study("own", _found(str(ended)), origin)


def runs() -> list[tuple[Settings, Run | None]]:
    """The settings of the study, each with its run if there is one."""
    wanted = _wanted()
    found = cached.runs().some(wanted)
    return [(settings, found.get(run)) for run, settings in wanted.items()]


@st.cache_data(show_spinner=False, max_entries=4)
def _found(ended: str) -> dict[str, Any]:
    """The study as this machine's runs measured it, which ended then."""
    del ended  # only the cache reads it
    ids = report.ids(study.SEEDS)
    return report.report(study.SEEDS, {run: cached.runs().result(run) for run in ids})


@cache
def _wanted() -> Mapping[str, Settings]:
    return {digest(settings): settings for settings in study.runs(study.SEEDS)}
