"""An export as a whole: figures that can be said aloud, the matrix, every file in a table."""

from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from engine.results.export_report import ExportReport
from engine.runs.model import Run
from engine.settings import VARIANTS
from pages.export import table as export_table
from pages.export.headlines import headlines
from pages.export.heatmap import heat
from pages.export.measures import MEASURES
from pages.export.words import attention, smallest, timing
from pages.shared import cached, grid, headline
from pages.shared.charts.base import toolbar
from pages.shared.notices import plain
from pages.shared.texts import ALT, HELP, READ
from pages.shared.words import described_settings


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at.

    Attributes:
        matrix: what is measured of it.
        variants: the files that were asked for, in the order of the columns.
        stamp: changes when the matrix grows.
    """

    matrix: ExportReport
    variants: list[str]
    stamp: str

    def chart(self, name: str, draw: Callable[[], go.Figure], **words: str) -> None:
        """Show a chart, drawn once for all who look at the same, and how to read it."""
        topic = name.partition("-")[0]
        st.plotly_chart(
            cached.drawn(f"{name}-{self.stamp}", draw),
            key=topic,
            config=toolbar(f"prunescope-{name}"),
            alt=ALT[topic].format(**words),
        )
        st.caption(READ[topic])


def look_at(run: Run) -> Look:
    """The run's matrix as it is now."""
    matrix = cached.matrix(run)
    timed = sum(cell.latency is not None for cell in matrix.cells.values())
    counts = f"{len(matrix.rows)}-{len(matrix.cells)}-{timed}"
    asked = run.settings["variants"]
    variants = [variant for variant in VARIANTS if variant in asked]
    return Look(matrix, variants, f"{run.id}-{counts}-{run.finished}")


def reference() -> None:
    """The export that ships with the project, as an export of one's own will look."""
    made, settings, found = cached.reference_export()
    st.subheader("What to expect", icon=":material/insights:")
    st.caption(
        f"The export that ships with Prunescope: {described_settings('export', settings)} · "
        f"{made['date']}, `{made['command']}`. Times are those of the machine that made it."
    )
    look = Look(found, list(VARIANTS), f"reference-{made['date']}")
    figures(look)
    matrix(look)
    trouble(look)
    table(look)


def figures(look: Look) -> None:
    """The export in a few large figures."""
    headline.show(headlines(look.matrix), columns=4, width=220)
    st.markdown(smallest(look.matrix))


def matrix(look: Look) -> None:
    """The matrix, coloured by a measure that the URL holds."""
    chosen = st.segmented_control(
        "Show",
        list(MEASURES),
        default="zip",
        required=True,
        format_func=lambda name: MEASURES[name].label,
        key="show",
        bind="query-params",
        help=HELP["measure"],
    )
    measure = MEASURES[chosen or "zip"]
    with st.container(border=True):
        st.markdown(f"**Pruning × quantization** · {measure.title}")
        look.chart(
            f"matrix-{chosen}",
            lambda: heat(look.matrix, look.variants, measure),
            measure=measure.title,
        )
        if chosen == "latency":
            st.caption(timing(look.matrix))


def trouble(look: Look) -> None:
    """What failed, and what LiteRT's default kernels do not serve."""
    lines = attention(look.matrix)
    if not lines:
        return
    title = f"{len(lines)} file{'s' if len(lines) > 1 else ''} marked * or ✕: why"
    with st.expander(title, icon=":material/warning:"):
        st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def table(look: Look) -> None:
    """All files as a table that sorts, searches and exports."""
    with st.expander(f"All {len(look.matrix.cells)} files", icon=":material/table_rows:"):
        frame = export_table.shown(look.matrix)
        alt = "All files of the export with accuracy, agreement, sizes and latency."
        grid.table(frame, formats=export_table.FORMATS, key="files", alt=alt)
