"""The outcome of an export: its networks, their files, and the smallest good one."""

from collections.abc import Sequence
from typing import Any

from engine.results.export_report import ExportReport, export_report, file_to_json, network_to_json
from engine.results.paired import TOLERANCE
from engine.runs.model import Record, Run
from engine.runs.records import payloads


def export_matrix(rows: Sequence[Record]) -> ExportReport:
    """The measured matrix."""
    return export_report(payloads(rows, "row"), payloads(rows, "cell"))


def outcome(run: Run, rows: Sequence[Record]) -> dict[str, Any]:
    """Networks and files in order; key of the smallest zip within a point, and what it rests on.

    Without one the key is None and `advice` says why.
    """
    del run
    found = export_matrix(rows)
    smallest = found.smallest()
    return {
        "networks": [network_to_json(row) for row in found.rows.values()],
        "files": [file_to_json(cell) for cell in found.cells.values()],
        "smallest": None if smallest is None else smallest.key,
        "advice": _advice(found),
    }


def _advice(found: ExportReport) -> dict[str, Any]:
    """What the choice of the smallest file rests on: validation images, loss with interval."""
    smallest = found.smallest()
    if smallest is None or smallest.validation is None:
        return {"pick": None, "reason": found.why_none()}
    told = smallest.validation
    return {
        "pick": smallest.key,
        "reason": "",
        "tolerance": TOLERANCE,
        "images": told.images,
        "loss": told.loss,
        "interval": list(told.interval),
        "p_value": told.p_value,
    }
