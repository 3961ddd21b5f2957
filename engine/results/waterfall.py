"""The size waterfall of one file: what each step makes of its bytes, and why. Pure data."""

from dataclasses import dataclass

from engine.results.export_report import ExportedFile, ExportedNetwork, ExportReport, network_key
from engine.results.points import SCHEDULE

FLAT = 0.02
"""A change of less than this share is called none."""


@dataclass(frozen=True, slots=True)
class Step:
    """One form of the network on its way to the file.

    Attributes:
        name: of the form, in a few words.
        bytes: length of the real file.
        why: one sentence: why it is smaller than the form before, or why not.
    """

    name: str
    bytes: int
    why: str


def waterfall(matrix: ExportReport, row: str, variant: str) -> tuple[Step, ...]:
    """From the file that training saves to the zipped TFLite file of that cell.

    Steps whose file was not made are left out.
    """
    chosen = matrix.rows[row]
    steps = (
        _training(matrix, chosen),
        _stripped(matrix, chosen),
        _removed(chosen),
        _keras_zip(chosen),
        _tflite(matrix.cell(row, "float32"), chosen),
        _variant(matrix, row, variant),
        _variant_zip(matrix.cell(row, variant), chosen),
    )
    return tuple(step for step in steps if step is not None)


def zero_share(row: ExportedNetwork) -> float:
    """Share of the row's parameters that are zero."""
    return 1 - row.nonzero_parameters / row.parameters


def _training(matrix: ExportReport, chosen: ExportedNetwork) -> Step | None:
    """What training saves of the network itself, or of the one that it was pruned from."""
    trained = (matrix.rows.get(network_key(chosen.method, chosen.sparsity)), *matrix.rows.values())
    saved = next((row for row in trained if row and "keras_training" in row.bytes), None)
    if saved is None:
        return None
    size, bare = saved.bytes["keras_training"], saved.bytes["keras"]
    keeps = "the optimizer keeps its own numbers for each weight"
    if saved.method == SCHEDULE:
        keeps = f"{keeps}, and pruning keeps a mask"
    why = f"While it trains, {keeps}: {size / bare:.1f} times the weights alone."
    return Step("Keras, as trained", size, why)


def _stripped(matrix: ExportReport, chosen: ExportedNetwork) -> Step | None:
    whole = matrix.rows.get(network_key(chosen.method, chosen.sparsity), chosen)
    if "keras" not in whole.bytes:
        return None
    why = "Only the weights are left, four bytes each"
    zeros = zero_share(whole)
    end = (
        f"; the {zeros:.0%} that are zero take as much room as the others." if zeros > FLAT else "."
    )
    return Step("Keras, stripped", whole.bytes["keras"], why + end)


def _removed(chosen: ExportedNetwork) -> Step | None:
    if not chosen.removed or "keras" not in chosen.bytes:
        return None
    why = f"Dead units leave the arrays: {chosen.parameters:,} parameters instead of zeros."
    return Step("Units removed", chosen.bytes["keras"], why)


def _keras_zip(chosen: ExportedNetwork) -> Step | None:
    if "keras_zip" not in chosen.bytes:
        return None
    return Step("Keras, zipped", chosen.bytes["keras_zip"], _why_zip(chosen))


def _why_zip(chosen: ExportedNetwork) -> str:
    zeros = zero_share(chosen)
    if zeros > FLAT:
        return f"Equal bytes repeat, so the zip squeezes out the {zeros:.0%} that are zero."
    return "Trained weights look like noise: the zip finds little that repeats."


def _tflite(cell: ExportedFile | None, chosen: ExportedNetwork) -> Step | None:
    if cell is None or cell.bytes is None:
        return None
    why = "Not a zip: every weight is stored in four bytes again"
    end = ", zeros too." if zero_share(chosen) > FLAT else "."
    return Step("TFLite float32", cell.bytes, why + end)


def _variant(matrix: ExportReport, row: str, variant: str) -> Step | None:
    cell = matrix.cell(row, variant)
    if variant == "float32" or cell is None or cell.bytes is None:
        return None
    plain, dash, _ = variant.partition("-")
    why = _QUANTIZED[plain]
    dense = matrix.cell(row, plain) if dash else None
    if dense is not None and dense.bytes:
        why += _why_sparse(cell.bytes / dense.bytes)
    return Step(f"TFLite {variant}", cell.bytes, why)


def _why_sparse(ratio: float) -> str:
    if ratio < 1 - FLAT:
        return f" Zeros are left out and places kept instead: {1 - ratio:.0%} less."
    return " There are too few zeros for the sparse encoding: the kernels stay as they are."


def _variant_zip(cell: ExportedFile | None, chosen: ExportedNetwork) -> Step | None:
    if cell is None or cell.zip_bytes is None or cell.bytes is None:
        return None
    saved = 1 - cell.zip_bytes / cell.bytes
    why = _why_zip(chosen)
    if (
        cell.variant.endswith("-sparse")
        and zero_share(chosen) > FLAT
        and saved < zero_share(chosen)
    ):
        why = f"The encoding has taken most zeros already: the zip still saves {saved:.0%}."
    return Step(f"TFLite {cell.variant}, zipped", cell.zip_bytes, why)


_QUANTIZED = {
    "float32": "Weights stay float32.",
    "float16": "Two bytes for each weight instead of four.",
    "dynamic": "One byte for each weight of a large kernel; biases stay float32.",
    "int8": "One byte for each weight, and a scale for what passes between layers.",
}
"""What a variant stores, by its name without ``-sparse``."""
