"""Which runs are compared: chosen here or named by the URL."""

from collections.abc import Sequence

import streamlit as st

from engine.checks import refuse
from engine.compare import adapters
from engine.compare.adapters import ADAPTERS
from engine.compare.candidate import Candidate
from engine.compare.spread import STUDY, family, study
from engine.errors import PrunescopeError
from engine.results import reference
from engine.runs.model import Run, State
from engine.settings import Settings, digest, from_json
from pages.compare.words import HELP
from pages.shared import cached, live, state
from pages.shared.kinds import KINDS, described, titled
from pages.shared.notices import explained, plain, refusal
from pages.shared.palette import letter
from pages.shared.turns import fragment

MOST = 12
POLL_SECONDS = 2.0
WIDGET = "compared"
SEEN = "compared-url"
"""Session key: what the URL said when the choice was last in step with it."""


def candidates(run: Run) -> Sequence[Candidate]:
    """What a run offers to be shipped; less while it is active."""
    return cached.of_run(
        run, "candidates", lambda: adapters.candidates(run.parsed, cached.runs().result(run.id))
    )


@st.cache_resource(show_spinner=False, max_entries=1)
def shipped() -> tuple[Settings, Sequence[Candidate]]:
    """The sweep that ships with the project: its settings and what it offers."""
    sweep = reference.load("mnist")["sweep"]
    settings = from_json("sweep", sweep["settings"])
    return settings, adapters.candidates(settings, sweep | {"run": digest(settings)})


def choose() -> list[Run]:
    """The row of runs; those that the URL names are chosen."""
    named = st.query_params.get(state.RUNS, "")
    found = _named(named)
    known = (run for run in cached.runs().all() if run.kind in ADAPTERS)
    everything = [run for run in known if run.state is State.DONE or state.is_mine(run)]
    by_id = {run.id: run for run in (*everything, *found)}
    if WIDGET not in st.session_state or st.session_state.get(SEEN) != named:
        st.session_state[WIDGET] = [run.id for run in found]
        st.session_state[SEEN] = named
    chosen = st.multiselect(
        "Runs to compare",
        list(by_id),
        format_func=lambda run: titled(by_id[run]),
        max_selections=MOST,
        placeholder="sweeps, schedules, exports and federations",
        key=WIDGET,
        on_change=_tell_url,
        help=HELP["compared"],
    )
    return [by_id[run] for run in chosen]


def legend(runs: Sequence[Run]) -> None:
    """Letter, name and state of each; drawn again while one is active."""

    def draw() -> None:
        with explained():
            current = [cached.runs().get(run.id) for run in runs]
            if any(a.state != b.state for a, b in zip(current, runs, strict=True)):
                st.rerun()
            families = list(dict.fromkeys(family(run.parsed) for run in current))
            for run in current:
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    if run.state is not State.DONE:
                        live.badge(run)
                    first = letter(families.index(family(run.parsed)))
                    name = f"{plain(run.name)} · " if run.name else ""
                    done = f" · {100 * run.progress:.0f} %" if run.state is State.RUNNING else ""
                    label = f"**{first}** · {name}{plain(described(run))}{done}"
                    st.page_link(
                        KINDS[run.kind].page, label=label, query_params={state.RUN: run.id}
                    )

    active = any(run.state.active for run in runs)
    fragment(draw, run_every=POLL_SECONDS if active else None, key="compare-legend")()


def repeat(runs: Sequence[Run]) -> None:
    """Start what is missing for three seeds of each run, as one study."""
    wanted = {digest(each): each for run in runs for each in study(run.parsed)}
    missing = [each for run, each in wanted.items() if run not in {run.id for run in runs}]
    if not missing:
        return
    label = f"Repeat with {len(STUDY)} seeds"
    if st.button(label, icon=":material/casino:", key="repeat", help=HELP["repeat"]):
        with explained():
            cached.runs().submit_all(missing, owner=state.owner())
            st.query_params[state.RUNS] = ",".join(wanted)
            st.rerun()


def _named(text: str) -> list[Run]:
    """The runs that the URL names; a line for each that cannot be compared."""
    found: list[Run] = []
    names = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for name in names[:MOST]:
        try:
            run = cached.runs().get(name)
            if run.kind not in ADAPTERS:
                kinds = f"of the kind {', '.join(ADAPTERS)}"
                raise refuse("compared runs", kinds, run.kind)
            found.append(run)
        except PrunescopeError as error:
            refusal(error)
    if len(names) > MOST:
        with explained():
            raise refuse("runs", f"at most {MOST}", len(names))
    return found


def _tell_url() -> None:
    named = ",".join(st.session_state[WIDGET])
    st.session_state[SEEN] = named
    if named:
        st.query_params[state.RUNS] = named
    else:
        st.query_params.pop(state.RUNS, None)
