"""An export: every file that runs, measured on validation images too."""

from collections.abc import Mapping
from typing import Any

from engine.compare.adapters.points import label
from engine.compare.candidate import Candidate
from engine.compare.seeds import family
from engine.results.export_report import ExportedFile, ExportedNetwork, ExportReport, export_report
from engine.results.files import variant_file
from engine.settings import ExportSettings, training_of


def candidates(settings: ExportSettings, result: Mapping[str, Any]) -> list[Candidate]:
    """The files in the order of the matrix; a row with its units removed replaces its twin."""
    found = export_report(result["networks"], result["files"])
    if found.baseline is None:
        return []
    kept = [row for row in found.rows.values() if row.removed or found.partner(row) is None]
    return [
        _candidate(settings, result["run"], found, row, cell)
        for row in kept
        for cell in found.cells.values()
        if cell.row == row.key and cell.runs
    ]


def _candidate(
    settings: ExportSettings,
    run: str,
    found: ExportReport,
    row: ExportedNetwork,
    cell: ExportedFile,
) -> Candidate:
    base = found.baseline
    assert base is not None  # noqa: S101  # narrows the type: there are no candidates without it
    name = variant_file(row.key, cell.variant)
    return Candidate(
        run=run,
        family=family(settings),
        seed=training_of(settings).seed,
        key=row.key,
        label=label(row.method, row.sparsity),
        method=row.method,
        accuracy=cell.accuracy or 0.0,
        baseline=base.accuracy,
        images=0,
        validation=cell.validation,
        numbers=cell.variant,
        costs=_costs(row, cell),
        files={"tflite": name, "tflite_zip": name},
    )


def _costs(row: ExportedNetwork, cell: ExportedFile) -> dict[str, float]:
    known = {
        "tflite": cell.bytes,
        "tflite_zip": cell.zip_bytes,
        "nonzero_parameters": row.nonzero_parameters,
        "latency": None if cell.latency is None else cell.latency.median,
    }
    known |= {"effective_parameters": row.parameters, "effective_macs": row.macs}
    return {name: float(value) for name, value in known.items() if value is not None}
