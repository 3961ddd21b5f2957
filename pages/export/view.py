"""An export on the page: large figures, the matrix, every file in a table, one file in detail."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import plotly.graph_objects as go
import streamlit as st

from engine.export.archive import unzip_bytes
from engine.results import reference
from engine.results.export_report import ExportedNetwork, ExportReport, export_report, file_key
from engine.results.files import keras_file, variant_file
from engine.results.waterfall import waterfall
from engine.runs.model import Run
from engine.settings import VARIANTS
from pages.export import charts, table, words
from pages.export.table import MEASURES
from pages.export.words import CHARTS
from pages.shared import cached, chart, metrics, tables, usage
from pages.shared.charts.sizes import human
from pages.shared.choices import from_list, one_of
from pages.shared.downloads import BINARY, button
from pages.shared.kinds import described_settings
from pages.shared.notices import plain
from pages.shared.words import VARIANT_TITLES, form_title, row_title


@dataclass(frozen=True, slots=True)
class ExportView:
    """An export as the page shows it.

    Attributes:
        matrix: what is measured of it.
        variants: the files that were asked for, in the order of the columns.
        stamp: changes when the matrix grows.
    """

    matrix: ExportReport
    variants: list[str]
    stamp: str

    def draw(self, topic: str, draw: Callable[[], go.Figure], mark: str, **words: str) -> None:
        """A chart; `mark` names what is chosen, `words` are filled into its alt text."""
        stamp, file = f"{mark}-{self.stamp}", f"{topic}-{mark}"
        chart.show(draw, CHARTS[topic], key=topic, stamp=stamp, file=file, words=words)


def view_of(run: Run) -> ExportView:
    """The run's matrix as it is now."""
    matrix = cached.matrix(run)
    timed = sum(cell.latency is not None for cell in matrix.cells.values())
    stamp = f"{run.id}-{len(matrix.rows)}-{len(matrix.cells)}-{timed}-{run.finished}"
    variants = [variant for variant in VARIANTS if variant in run.settings["variants"]]
    return ExportView(matrix, variants, stamp)


def shipped() -> None:
    """The export that ships with the project, as an export of one's own will look."""
    found = reference.load("export")
    made, export = found["made"], found["export"]
    settings = described_settings("export", export["settings"])
    st.subheader("What to expect", icon=":material/insights:")
    st.caption(
        f"The export that ships with Prunescope: {settings} · "
        f"{made['date']}, `{made['command']}`. Times are those of the machine that made it."
    )
    matrix = export_report(export["networks"], export["files"])
    view = ExportView(matrix, list(VARIANTS), f"reference-{made['date']}")
    figures(view)
    whole(view)


def figures(view: ExportView) -> None:
    """The export in a few large figures."""
    metrics.row(words.headlines(view.matrix), columns=4, width=220)
    st.markdown(words.smallest(view.matrix))


def whole(view: ExportView) -> None:
    """The matrix, coloured by a measure that the URL holds; what failed; all files as a table."""
    titles = {name: each.label for name, each in MEASURES.items()}
    chosen = one_of("Show", titles, key="show", help_text=words.MEASURE_HELP)
    measure = MEASURES[chosen]
    with chart.box("Pruning × quantization", measure.title):
        draw = partial(charts.heat, view.matrix, view.variants, measure)
        view.draw("matrix", draw, chosen, measure=measure.title)
        if chosen == "latency" and (note := words.timing(view.matrix)):
            st.caption(note)
    if lines := words.attention(view.matrix):
        title = f"{len(lines)} file{'s' if len(lines) > 1 else ''} marked * or ✕: why"
        with st.expander(title, icon=":material/warning:"):
            st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    with st.expander(f"All {len(view.matrix.cells)} files", icon=":material/table_rows:"):
        frame = table.frame(view.matrix)
        tables.show(frame, formats=table.FORMATS, key="files", alt=words.TABLE)


def choose(view: ExportView) -> tuple[ExportedNetwork, str]:
    """The network and the file that the parts below are about; the URL holds both."""
    rows, best = view.matrix.rows, view.matrix.smallest()
    networks = {key: row_title(row) for key, row in rows.items()}
    variants = {name: VARIANT_TITLES[name] for name in view.variants}
    first, file = (best.row, best.variant) if best else (None, None)
    with st.container(horizontal=True, vertical_alignment="bottom", key="choice"):
        row = from_list("Network", networks, key="network", width=280, first=first)
        variant = from_list("TFLite file", variants, key="file", width=220, first=file)
    return rows[row], variant


def files(run: Run, matrix: ExportReport, row: ExportedNetwork, variant: str) -> None:
    """The chosen TFLite file and the network's Keras file, zipped or not."""
    zipped = st.toggle("Zipped", key="zipped", bind="query-params")
    cell = matrix.cell(row.key, variant)
    length = cell and (cell.zip_bytes if zipped else cell.bytes)
    lite, keras = f"{file_key(row.key, variant)}.tflite", f"{row.key}.h5"
    made = (
        ("tflite", lite, variant_file(row.key, variant), length),
        ("keras", keras, keras_file(row.key), row.bytes.get("keras_zip" if zipped else "keras")),
    )
    with st.container(horizontal=True):
        for key, file, artifact, size in made:
            name = f"{file}.zip" if zipped else file
            button(
                f"{name}, {human(size)}" if size else f"{name}: not made",
                name,
                partial(content, run, artifact, name, size or 0),
                BINARY,
                icon="download",
                primary=key == "tflite",
                key=key,
                disabled=run.evicted or not size,
            )
    if cell is not None and cell.runs:
        usage.show(run, lite, made=cell)
    usage.show(run, keras, accuracy=row.accuracy, title="Use the Keras file")


def content(run: Run, artifact: str, name: str, size: int) -> bytes:
    """The bytes of the file; StorageError where they are gone, damaged or more than measured."""
    archive = cached.runs().file(run.id, artifact)
    return archive if name.endswith(".zip") else unzip_bytes(archive, limit=size)


def size_waterfall(view: ExportView, row: ExportedNetwork, variant: str) -> None:
    """Each form of the network with its size, and why it shrinks or not."""
    found = waterfall(view.matrix, row.key, variant)
    steps = [replace(step, name=form_title(step.name)) for step in found]
    left, right = st.columns(2)
    with left, chart.box("From the training's file to the zip"):
        form = f"the zipped {VARIANT_TITLES[variant]} file"
        view.draw("waterfall", partial(charts.sizes, steps), f"{row.key}-{variant}", form=form)
    with right, chart.box("Why each step shrinks, or not"):
        reasons = (f"1. **{plain(s.name)}, {human(s.bytes)}.** {plain(s.why)}" for s in steps)
        st.markdown("\n".join(reasons))


def zeroed_and_removed(view: ExportView, row: ExportedNetwork, variant: str) -> None:
    """What zeros save and what removal saves, side by side, where units can be removed."""
    matrix = view.matrix
    # of another network where this one has no dead unit
    both = ((each, matrix.partner(each)) for each in (row, *matrix.rows.values()))
    found = next(((one, other) for one, other in both if other is not None), None)
    if found is None:
        st.caption("No unit of these networks is dead: there is nothing to remove.")
        return
    zeroed, removed = sorted(found, key=lambda each: each.removed)
    cells = [(matrix.cell(zeroed.key, v), matrix.cell(removed.key, v)) for v in view.variants]
    pairs = [(one, other) for one, other in cells if one is not None and other is not None]
    if not pairs:
        st.caption("Shown as soon as a file of both networks is made.")
        return
    saved = words.removal(matrix.cell(zeroed.key, variant), matrix.cell(removed.key, variant))
    st.markdown(f"**{row_title(zeroed)}**, {VARIANT_TITLES[variant]}. {saved}")
    left, right = st.columns(2)
    with left, chart.box("Size of the file"):
        view.draw("removal_bytes", partial(charts.removal_bytes, pairs), zeroed.key)
    with right, chart.box("Time of one image"):
        view.draw("removal_time", partial(charts.removal_time, pairs), zeroed.key)
        if note := words.timing(matrix):
            st.caption(note)
