"""What the networks and files of an export are called; pure."""

from collections.abc import Mapping

from engine.results.export_report import ExportedFile, ExportedNetwork, ExportReport
from engine.settings import percent
from pages.shared.palette import style_of

VARIANT_TITLES: Mapping[str, str] = {
    "float32": "float32",
    "float16": "float16",
    "dynamic": "dynamic int8",
    "int8": "full int8",
    "float32-sparse": "sparse float32",
    "dynamic-sparse": "sparse dynamic int8",
    "int8-sparse": "sparse full int8",
}
"""The TFLite files as the page calls them."""


def row_title(row: ExportedNetwork) -> str:
    """Such as: Unit, K = 50 %, removed."""
    level = f", K = {percent(row.sparsity)} %" if row.sparsity else ""
    return f"{style_of(row.method).label}{level}{', removed' if row.removed else ''}"


def row_label(row: ExportedNetwork) -> str:
    """The same on an axis, in short lines."""
    name = row.method.capitalize().replace("-", "<br>")
    level = f"{percent(row.sparsity)} %" if row.sparsity else ""
    return "<br>".join(part for part in (name, level, "removed" if row.removed else "") if part)


def variant_label(variant: str) -> str:
    """The file on an axis, in short lines."""
    title = VARIANT_TITLES[variant].replace("dynamic", "dyn.").replace("float", "float ")
    return title.replace(" ", "<br>")


def cell_title(matrix: ExportReport, cell: ExportedFile) -> str:
    """Such as: Weight, K = 80 %, as int8 weights."""
    return f"{row_title(matrix.rows[cell.row])}, as {VARIANT_TITLES[cell.variant]}"


def form_title(form: str) -> str:
    """The form of a network in a waterfall, such as: TFLite dynamic int8, zipped."""
    kind, _, rest = form.partition(" ")
    variant, comma, end = rest.partition(",")
    return f"{kind} {VARIANT_TITLES.get(variant, variant)}{comma}{end}"
