"""Widgets for an export in, validated settings out."""

from collections.abc import Sequence

import streamlit as st

from engine.runs.model import Run, State
from engine.settings import (
    VARIANTS,
    ExportSettings,
    Source,
    digest,
    prunings_as_text,
    prunings_from_text,
    to_json,
)
from pages.shared import cached, state
from pages.shared.forms import pruning_options
from pages.shared.texts import HELP
from pages.shared.titles import VARIANT_TITLES
from pages.shared.words import described_settings, titled

MOST_SOURCES = 50


def export(base: ExportSettings, *, prefix: str) -> ExportSettings:
    """Fields for an export of the network of `base`; keys start with `prefix`."""
    written = _prunings(base, prefix)
    variants = _variants(base.variants, prefix)
    first, second = st.columns(2)
    with first:
        calibration = _calibration(base.calibration, prefix)
    with second:
        repetitions = _repetitions(base.repetitions, prefix)
    with st.expander("Options", icon=":material/tune:"):
        scope, bias, norm, share = pruning_options(base, prefix)
    settings = ExportSettings(
        source=base.source,
        prunings=prunings_from_text(written),
        variants=variants,
        calibration=calibration,
        repetitions=repetitions,
        scope=scope,
        bias=bias,
        norm=norm,
        unit_share=share,
    )
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
        help=HELP["source"],
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


def _prunings(base: ExportSettings, prefix: str) -> str:
    written = st.text_input(
        "Pruned once: method and K, %",
        prunings_as_text(base.prunings),
        key=f"{prefix}-prunings",
        help=HELP["prunings"],
        max_chars=400,
    )
    return written or ""


def _variants(base: Sequence[str], prefix: str) -> tuple[str, ...]:
    chosen = st.pills(
        "TFLite files of each network",
        VARIANTS,
        selection_mode="multi",
        default=list(base),
        format_func=lambda name: VARIANT_TITLES[name],
        key=f"{prefix}-variants",
        help=HELP["variants"],
    )
    return tuple(chosen)


def _calibration(base: int, prefix: str) -> int:
    return st.slider(
        "Images that calibrate full int8",
        100,
        500,
        base,
        step=10,
        key=f"{prefix}-calibration",
        help=HELP["calibration"],
    )


def _repetitions(base: int, prefix: str) -> int:
    return st.slider(
        "Timed calls of each file",
        10,
        1000,
        base,
        step=10,
        key=f"{prefix}-repetitions",
        help=HELP["repetitions"],
    )
