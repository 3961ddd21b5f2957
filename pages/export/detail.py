"""One network and one file of an export: where its bytes go, and what removal saves."""

import streamlit as st

from engine.results.export_report import ExportedNetwork, ExportReport
from engine.results.waterfall import Step, waterfall
from pages.export.charts import Pairs, removal_bytes, removal_time, sizes
from pages.export.view import Look
from pages.export.words import removal, timing
from pages.shared.charts.sizes import human
from pages.shared.notices import plain
from pages.shared.titles import VARIANT_TITLES, row_title


def choose(look: Look) -> tuple[ExportedNetwork, str]:
    """The network and the file that the parts below are about; the URL holds both."""
    rows, best = look.matrix.rows, look.matrix.smallest()
    with st.container(horizontal=True, vertical_alignment="bottom", key="choice"):
        row = st.selectbox(
            "Network",
            list(rows),
            index=list(rows).index(best.row) if best else 0,
            format_func=lambda key: row_title(rows[key]),
            key="network",
            bind="query-params",
            width=280,
        )
        variant = st.selectbox(
            "TFLite file",
            look.variants,
            index=look.variants.index(best.variant) if best else 0,
            format_func=lambda name: VARIANT_TITLES[name],
            key="file",
            bind="query-params",
            width=220,
        )
    return rows[row], variant


def size_waterfall(look: Look, row: ExportedNetwork, variant: str) -> None:
    """Each form of the network with its size, and why it shrinks or not."""
    steps = waterfall(look.matrix, row.key, variant)
    first, second = st.columns(2)
    with first, st.container(border=True, height="stretch"):
        st.markdown("**From the training's file to the zip**")
        look.chart(
            f"waterfall-{row.key}-{variant}",
            lambda: sizes(steps),
            file=f"the zipped {VARIANT_TITLES[variant]} file",
        )
    with second, st.container(border=True, height="stretch"):
        st.markdown("**Why each step shrinks, or not**")
        st.markdown("\n".join(_reason(step) for step in steps))


def zeroed_and_removed(look: Look, row: ExportedNetwork, variant: str) -> None:
    """What zeros save and what removal saves, side by side, where units can be removed."""
    found = _pair(look.matrix, row)
    if found is None:
        st.caption("No unit of these networks is dead: there is nothing to remove.")
        return
    zeroed, removed = found
    pairs = _files(look, zeroed, removed)
    if not pairs:
        st.caption("Shown as soon as a file of both networks is made.")
        return
    saved = removal(look.matrix.cell(zeroed.key, variant), look.matrix.cell(removed.key, variant))
    st.markdown(f"**{row_title(zeroed)}**, {VARIANT_TITLES[variant]}. {saved}")
    first, second = st.columns(2)
    with first, st.container(border=True, height="stretch"):
        st.markdown("**Size of the file**")
        look.chart(f"removal_bytes-{zeroed.key}", lambda: removal_bytes(pairs))
    with second, st.container(border=True, height="stretch"):
        st.markdown("**Time of one image**")
        look.chart(f"removal_time-{zeroed.key}", lambda: removal_time(pairs))
        st.caption(timing(look.matrix))


def _pair(
    matrix: ExportReport, row: ExportedNetwork
) -> tuple[ExportedNetwork, ExportedNetwork] | None:
    """The network zeroed and removed; another one's where this one has no dead unit."""
    for each in (row, *matrix.rows.values()):
        other = matrix.partner(each)
        if other is not None:
            return (other, each) if each.removed else (each, other)
    return None


def _files(look: Look, zeroed: ExportedNetwork, removed: ExportedNetwork) -> Pairs:
    both = [
        (look.matrix.cell(zeroed.key, v), look.matrix.cell(removed.key, v)) for v in look.variants
    ]
    return [(one, other) for one, other in both if one is not None and other is not None]


def _reason(step: Step) -> str:
    return f"1. **{plain(step.name)}, {human(step.bytes)}.** {plain(step.why)}"
