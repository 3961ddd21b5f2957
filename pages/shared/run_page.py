"""The frame of every page that starts runs: a form from known settings, then the run as it goes."""

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

import streamlit as st

from engine.runs.model import Run
from engine.settings import Settings
from pages.shared import cached, kinds, learning, scripts, state
from pages.shared.choices import one_of
from pages.shared.notices import explained, explained_page

Chosen = TypeVar("Chosen", bound=Settings)


def show(kind: type[Settings], start: Callable[[], None], result: Callable[[Run], None]) -> None:
    """The form, or the run that the URL names; a run of another kind on the page of its own."""
    with explained_page():
        name = st.query_params.get(state.RUN)
        if name is None:
            start()
            return
        run = cached.runs().get(name)
        if run.kind != kind.kind:
            kinds.open_run(run)
        result(run)


def parsed(run: Run, kind: type[Chosen]) -> Chosen:
    """The settings of a run that is known to be of that kind."""
    settings = run.parsed
    assert isinstance(settings, kind)  # noqa: S101  # narrows the type
    return settings


def base(
    kind: type[Chosen],
    adapt: Callable[[Settings], Chosen],
    presets: Mapping[str, Chosen],
    *,
    key: str = "preset",
    help_text: str | None = None,
) -> tuple[Chosen, str]:
    """The settings that a form starts from, and the prefix of its fields' keys.

    They are those of the run that the URL names, made fit by `adapt` where it is of another kind;
    or a preset, which the URL holds under `key`.
    """
    origin = st.query_params.get(state.BASED_ON)
    if origin is not None:
        settings = cached.runs().get(origin).parsed
        found = settings if isinstance(settings, kind) else adapt(settings)
        return found, f"{kind.kind}-{origin}"
    if len(presets) == 1:
        return next(iter(presets.values())), kind.kind
    chosen = one_of("Preset", list(presets), key=key, help_text=help_text)
    return presets[chosen], f"{kind.kind}-{chosen}"


def form(kind: type[Chosen], label: str, fields: Callable[[], Chosen]) -> None:
    """The fields in a box, and the button below them that starts what they say."""
    with st.container(border=True):
        settings = None
        with explained():
            settings = fields()
        started = start_button(label, kind.kind, disabled=settings is None)
    if started and settings is not None:
        submit(settings)


def start_button(label: str, kind: str, *, disabled: bool = False) -> bool:
    """Whether the button that starts a run is pressed."""
    return st.button(
        label,
        type="primary",
        icon=":material/play_arrow:",
        shortcut="Mod+Enter",
        disabled=disabled,
        key=f"start-{kind}",
    )


def submit(settings: Settings) -> None:
    """Start a run, and go to its page."""
    with explained():
        kinds.open_run(cached.runs().submit(settings, owner=state.owner()))


def way_on(
    label: str,
    icon: str,
    page: str,
    run: Run,
    *,
    key: str,
    parameter: str = state.BASED_ON,
    primary: bool = False,
) -> None:
    """A button to the page of that name, which takes the run along in a parameter of the URL."""
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    if st.button(label, icon=f":material/{icon}:", key=key, type=kind):
        st.switch_page(f"{page}/page.py", query_params={parameter: run.id})


def open_needed(label: str, run: Run, *, key: str) -> None:
    """A button to the run that this one started from."""
    if st.button(label, icon=":material/model_training:", key=key):
        kinds.open_run(cached.runs().get(run.needs or ""))


def nothing_yet(run: Run) -> None:
    """In the place of a result: the training that it waits for, or that nothing was measured."""
    if run.needs is not None and run.state.active:
        learning.show(cached.runs().get(run.needs))
    else:
        st.caption(learning.NOTHING)


def script(run: Run) -> None:
    """The Python script that reproduces the run, folded."""
    with st.expander("Python that reproduces this run", icon=":material/code:"):
        st.code(scripts.script(run.parsed), language="python")
