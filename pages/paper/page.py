"""Paper: the published tables beside what this code measures, and what made the difference."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from engine import datasets
from engine.paper import claims as claimed
from engine.paper import tables as measured
from engine.paper.published import DIFFERS, TITLES
from engine.results import reference
from engine.settings import built_in_datasets
from pages.paper import charts, studies
from pages.paper.studies import Study
from pages.paper.words import CHARTS, FIGURES, INTRODUCTION, NOT_SHIPPED, READ, RECOMPRESSED
from pages.shared import cached, chart, metrics
from pages.shared.charts.sizes import human
from pages.shared.choices import one_of
from pages.shared.kinds import described_settings
from pages.shared.metrics import Metric
from pages.shared.notices import explained
from pages.sweep import view as sweep


def page() -> None:
    """Tables, claims and curves of one study; the dense network over K; a study of one's own."""
    st.title("The published tables, reproduced")
    st.markdown(INTRODUCTION)
    with explained():
        study = studies.choose()
        _tables(study)
        _claims(study)
        _curves(study)
    st.header("The dense network over K")
    with explained():
        _dense()
    st.header("Make them yourself")
    with explained():
        studies.here()


def _tables(study: Study) -> None:
    """Published and measured figures, one box for each figure."""
    made = measured.from_json(study.found)
    st.caption(study.origin)
    with st.grid(2, min_column_width=330, gap="medium"):
        for figure, title in FIGURES.items():
            with chart.box(title):
                rows = [_row(TITLES[name], figure, c[figure]) for name, c in made.cells.items()]
                st.table(pd.DataFrame(rows).set_index("Network"))
    st.caption(READ["tables"])
    tried = ", ".join(f"{n} epochs {100 * share:.2f} %" for n, share in made.validation.items())
    order = "the published order" if made.ordered else "another order than published"
    st.markdown(
        f"Mean of seeds {', '.join(map(str, made.seeds))}. The zipped sizes are in {order}. From "
        f"scratch the network trained for **{made.epochs} epochs**, chosen by validation accuracy "
        f"({tried}). {DIFFERS}"
    )


def _claims(study: Study) -> None:
    """The claimed ratios, each with what was compared with what."""
    st.header("“3x at 50 %” and “10x with quantization”")
    found = [
        Metric(
            f"{claim.what[0].upper()}{claim.what[1:]}".replace("int8", "dynamic int8"),
            f"{claim.ratio:.2f}×",
            f"{'holds' if claim.holds else 'does not hold'}: {claim.claimed:g}x claimed",
            f"{human(claim.bytes)}; it loses {100 * claim.lost:.2f} points of accuracy.",
            colour="normal" if claim.holds else "off",
        )
        for claim in map(claimed.from_json, study.found["claims"])
    ]
    metrics.row(found, columns=3, width=230)
    st.caption(READ["claims"])


def _curves(study: Study) -> None:
    """Accuracy and loss of both procedures, epoch by epoch."""
    st.header("How both networks learn")
    for topic in charts.UNITS:
        chart.card(
            topic.capitalize(),
            partial(charts.learning, study.found["curves"], topic),
            CHARTS[topic],
            about="trained, then pruned; pruned from scratch",
            key=f"procedure-{topic}-{study.name}",
            stamp=study.origin,
        )
    st.caption(READ["curves"])


def _dense() -> None:
    """The dense network over K: choose a data set; its curves and its table, as shipped."""
    titles = {name: datasets.title(name) for name in built_in_datasets()}
    dataset = one_of("Data set", titles, key="data")
    name = f"paper-{dataset}"
    if name in reference.available():
        made, baseline, points = cached.reference_points(name)
        settings = described_settings("sweep", made["settings"])
        st.caption(f"{settings}; measured on {made['date']} by `{made['command']}`.")
        if made["recompressed"]:
            st.warning(RECOMPRESSED, icon=":material/warning:")
        sweep.shipped(name, [baseline, *points])
        st.caption(READ["dense"])
        with st.expander(f"All {1 + len(points)} points", icon=":material/table_rows:"):
            sweep.rows([baseline, *points], stamp=name)
    else:
        st.info(NOT_SHIPPED)
    st.code(f"python -m engine sweep --preset paper --dataset {dataset}")


def _row(title: str, figure: str, cell: measured.Cell) -> dict[str, Any]:
    share = "accuracy" in figure

    def show(value: float) -> str:
        return f"{100 * value:.2f} %" if share else f"{value:,.0f} B"

    change = f"{100 * cell.difference:+.2f} pt" if share else f"{100 * cell.difference:+.1f} %"
    return {
        "Network": title,
        "Published": show(cell.published),
        "Measured": show(cell.mean),
        "Seeds": f"{show(cell.low)} to {show(cell.high)}",
        "Difference": f"{change} {'✓' if cell.reached else '✗'}",
    }


page()
