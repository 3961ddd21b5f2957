"""The form of an export: fields in, settings out."""

from dataclasses import replace

import streamlit as st

from engine.runs.model import State
from engine.settings import ExportSettings, Source, digest, to_json
from pages.shared import cached, state
from pages.shared.fields import Fields
from pages.shared.kinds import described_settings, titled
from pages.shared.words import VARIANT_TITLES

MOST_SOURCES = 50


def export(base: ExportSettings, *, prefix: str) -> ExportSettings:
    """Fields for an export of the network of `base`; keys start with `prefix`."""
    fields = Fields(base, prefix)
    above = st.container()  # read last: a slip in the text must not take the buttons away
    variants = fields.one("variants", titles=VARIANT_TITLES)
    with above:
        prunings = fields.one("prunings")
    settings = replace(base, prunings=prunings, variants=variants)
    fields = Fields(base, prefix, [settings])
    chosen = fields.those("calibration", "repetitions")
    with st.expander("Options", icon=":material/tune:"):
        chosen |= fields.those("scope", "bias", "norm", "unit_share")
    settings = replace(settings, **chosen)
    networks, files = 1 + len(settings.prunings), len(settings.variants)
    st.caption(
        f"At least {networks} network{'s' if networks > 1 else ''} with a Keras file and "
        f"{files} TFLite file{'s' if files > 1 else ''} each; those with dead units once more "
        "without them."
    )
    return settings


def source(base: ExportSettings) -> None:
    """The choice of a network: that of `base`, or one that a finished run leaves, newest first.

    Another one than that of `base` opens the form anew.
    """
    runs, own = cached.runs().all(), digest(base.source)
    done = [run for run in runs if run.state is State.DONE and isinstance(run.parsed, Source)]
    found = {run.id: titled(run) for run in done[:MOST_SOURCES]}
    if own not in found:
        title = described_settings(base.source.kind, to_json(base.source))
        found = {own: f"{title}, trained first", **found}
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
