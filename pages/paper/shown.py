"""A study on the page: both tables, the claims, and the curves of both procedures."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from engine.paper import claims as claimed
from engine.paper import tables as measured
from engine.paper.published import DIFFERS, TITLES
from pages.paper import charts
from pages.paper.studies import Study
from pages.paper.texts import FIGURES, READ
from pages.shared import cached
from pages.shared.charts.base import toolbar
from pages.shared.charts.sizes import human
from pages.shared.texts import ALT


def tables(study: Study) -> None:
    """Published and measured figures, one tab for each figure."""
    made = measured.from_json(study.found)
    st.caption(study.origin)
    with st.grid(2, min_column_width=330, gap="medium"):
        for figure, title in FIGURES.items():
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{title}**")
                _table(made, figure)
    st.caption(READ["tables"])
    tried = ", ".join(f"{n} epochs {100 * share:.2f} %" for n, share in made.validation.items())
    order = "the published order" if made.ordered else "another order than published"
    st.markdown(
        f"Mean of seeds {', '.join(map(str, made.seeds))}. The zipped sizes are in {order}. From "
        f"scratch the network trained for **{made.epochs} epochs**, chosen by validation accuracy "
        f"({tried}). {DIFFERS}"
    )


def claims(study: Study) -> None:
    """The claimed ratios, each with what was compared with what."""
    st.header("“3x at 50 %” and “10x with quantization”")
    with st.grid(3, min_column_width=230):
        for claim in map(claimed.from_json, study.found["claims"]):
            st.metric(
                f"{claim.what[0].upper()}{claim.what[1:]}",
                f"{claim.ratio:.2f}×",
                f"{'holds' if claim.holds else 'does not hold'}: {claim.claimed:g}x claimed",
                delta_color="normal" if claim.holds else "off",
                delta_arrow="off",
                help=f"{human(claim.bytes)}; it loses {100 * claim.lost:.2f} points of accuracy.",
                border=True,
                height="stretch",
            )
    st.caption(READ["claims"])


def curves(study: Study) -> None:
    """Accuracy and loss of both procedures, epoch by epoch."""
    st.header("How both networks learn")
    for topic, draw in (("accuracy", charts.accuracy), ("loss", charts.loss)):
        with st.container(border=True):
            st.markdown(f"**{topic.capitalize()}** · trained, then pruned; pruned from scratch")
            key = f"procedure-{topic}-{study.name}"
            chart = cached.drawn(f"{key}-{study.origin}", partial(draw, study.found["curves"]))
            st.plotly_chart(chart, key=key, config=toolbar(key), alt=ALT[f"procedure_{topic}"])
    st.caption(READ["curves"])


def _table(made: measured.Table, figure: str) -> None:
    rows = [_row(TITLES[name], figure, cells[figure]) for name, cells in made.cells.items()]
    st.table(pd.DataFrame(rows).set_index("Network"))


def _row(title: str, figure: str, cell: measured.Cell) -> dict[str, Any]:
    show = _percent if "accuracy" in figure else _bytes
    change = (
        f"{100 * cell.difference:+.2f} pt"
        if show is _percent
        else f"{100 * cell.difference:+.1f} %"
    )
    return {
        "Network": title,
        "Published": show(cell.published),
        "Measured": show(cell.mean),
        "Seeds": f"{show(cell.low)} to {show(cell.high)}",
        "Difference": f"{change} {'✓' if cell.reached else '✗'}",
    }


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def _bytes(length: float) -> str:
    return f"{length:,.0f} B"
