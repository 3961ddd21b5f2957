"""The form of an export: fields in, settings out."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from engine.runs.model import Run, State
from engine.settings import ExportSettings, Source, digest, to_json
from pages.shared import cached, state
from pages.shared.fields import Fields
from pages.shared.kinds import described_settings, titled
from pages.shared.words import VARIANT_TITLES

MOST_SOURCES = 50


def export(base: ExportSettings, *, prefix: str) -> ExportSettings:
    """Fields for an export of the network of `base`; keys start with `prefix`."""
    fields = Fields(base, prefix)
    settings = replace(
        base,
        prunings=fields.one("prunings"),
        variants=fields.one("variants", titles=VARIANT_TITLES),
    )
    fields = Fields(base, prefix, [settings])
    chosen = fields.those("calibration", "repetitions")
    with st.expander("Options", icon=":material/tune:"):
        chosen |= fields.those("scope", "bias", "norm", "unit_share")
    settings = replace(settings, **chosen)
    st.caption(expected(settings))
    return settings


def expected(settings: ExportSettings) -> str:
    """What an export will make."""
    networks, files = 1 + len(settings.prunings), len(settings.variants)
    return (
        f"At least {networks} network{'s' if networks > 1 else ''} with a Keras file and "
        f"{files} TFLite file{'s' if files > 1 else ''} each; those with dead units once more "
        "without them."
    )


def source(base: ExportSettings) -> None:
    """The choice of a network; another one than that of `base` opens the form anew."""
    found = sources(cached.runs().all(), base.source)
    own = digest(base.source)
    chosen = st.selectbox(
        "Network",
        list(found),
        index=list(found).index(own),
        format_func=lambda run: found[run],
        key=f"source-{own}",
        help="A finished training, or a network that was pruned while it trained.",
    )
    if chosen != own:
        st.query_params[state.BASED_ON] = chosen
        st.rerun()


def sources(runs: Sequence[Run], own: Source) -> dict[str, str]:
    """Titles of the finished runs that leave a network, newest first, and of `own`, by id."""
    done = [run for run in runs if run.state is State.DONE and isinstance(run.parsed, Source)]
    found = {run.id: titled(run) for run in done[:MOST_SOURCES]}
    first = f"{described_settings(own.kind, to_json(own))}, trained first"
    return found if digest(own) in found else {digest(own): first, **found}
