"""The size waterfall of one file: what each step makes of its bytes, and why. Pure data."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.results.export_report import ExportedNetwork, ExportReport, network_key
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


def waterfall(report: ExportReport, row: str, variant: str) -> tuple[Step, ...]:
    """From the file that training saves to the zipped TFLite file of that network and variant.

    Steps whose file was not made are left out.
    """
    return (*_keras_steps(report, report.rows[row]), *_tflite_steps(report, row, variant))


def zero_share(network: ExportedNetwork) -> float:
    """Share of the network's parameters that are zero."""
    return 1 - network.nonzero_parameters / network.parameters


def _keras_steps(report: ExportReport, chosen: ExportedNetwork) -> Iterator[Step]:
    """What training saves of it, or of what it was pruned from; then the weights alone."""
    zeroed = report.rows.get(network_key(chosen.method, chosen.sparsity))
    trained = (zeroed, *report.rows.values())
    saved = next((each for each in trained if each and "keras_training" in each.bytes), None)
    if saved is not None:
        size, bare = saved.bytes["keras_training"], saved.bytes["keras"]
        keeps = "the optimizer keeps its own numbers for each weight"
        if saved.method == SCHEDULE:
            keeps = f"{keeps}, and pruning keeps a mask"
        why = f"While it trains, {keeps}: {size / bare:.1f} times the weights alone."
        yield Step("Keras, as trained", size, why)
    whole = zeroed or chosen
    if "keras" in whole.bytes:
        zeros = zero_share(whole)
        told = f"; the {zeros:.0%} that are zero take as much room as the others."
        why = "Only the weights are left, four bytes each"
        yield Step("Keras, stripped", whole.bytes["keras"], why + (told if zeros > FLAT else "."))
    if chosen.removed and "keras" in chosen.bytes:
        why = f"Dead units leave the arrays: {chosen.parameters:,} parameters instead of zeros."
        yield Step("Units removed", chosen.bytes["keras"], why)
    if "keras_zip" in chosen.bytes:
        yield Step("Keras, zipped", chosen.bytes["keras_zip"], _why_zip(chosen))


def _tflite_steps(report: ExportReport, row: str, variant: str) -> Iterator[Step]:
    """Float32, then the variant, then its zip."""
    chosen, zeros = report.rows[row], zero_share(report.rows[row])
    plain, file = report.cell(row, "float32"), report.cell(row, variant)
    if plain is not None and plain.bytes is not None:
        why = "Not a zip: every weight is stored in four bytes again"
        yield Step("TFLite float32", plain.bytes, why + (", zeros too." if zeros > FLAT else "."))
    if file is None or file.bytes is None:
        return
    if variant != "float32":
        base, sparse, _ = variant.partition("-")
        why, dense = _QUANTIZED[base], report.cell(row, base) if sparse else None
        if dense is not None and dense.bytes:
            ratio = file.bytes / dense.bytes
            less = f" Zeros are left out and places kept instead: {1 - ratio:.0%} less."
            few = " There are too few zeros for the sparse encoding: the kernels stay as they are."
            why += less if ratio < 1 - FLAT else few
        yield Step(f"TFLite {variant}", file.bytes, why)
    if file.zip_bytes is not None:
        saved, why = 1 - file.zip_bytes / file.bytes, _why_zip(chosen)
        if variant.endswith("-sparse") and zeros > FLAT and saved < zeros:
            why = f"The encoding has taken most zeros already: the zip still saves {saved:.0%}."
        yield Step(f"TFLite {variant}, zipped", file.zip_bytes, why)


def _why_zip(chosen: ExportedNetwork) -> str:
    zeros = zero_share(chosen)
    if zeros > FLAT:
        return f"Equal bytes repeat, so the zip squeezes out the {zeros:.0%} that are zero."
    return "Trained weights look like noise: the zip finds little that repeats."


_QUANTIZED = {
    "float32": "Weights stay float32.",
    "float16": "Two bytes for each weight instead of four.",
    "dynamic": "One byte for each weight of a large kernel; biases stay float32.",
    "int8": "One byte for each weight, and a scale for what passes between layers.",
}
"""What a variant stores, by its name without ``-sparse``."""
