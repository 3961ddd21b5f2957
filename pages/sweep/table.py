"""The points of a sweep as rows of a table, with units in the names of the columns."""

from collections.abc import Mapping, Sequence

import pandas as pd

from engine.results.points import FORMATS, Point, unequal
from pages.shared.palette import METHODS
from pages.shared.tables import kilobytes, percent

FILES = tuple(name for each in FORMATS for name in (each, f"{each}_zip"))


def frame(points: Sequence[Point]) -> pd.DataFrame:
    """The table of the page: the figures that people compare."""
    frame = pd.DataFrame(
        {
            "Method": METHODS[point.method].label,
            "K (%)": 100 * point.sparsity,
            "Reached (%)": 100 * point.achieved_sparsity,
            "Accuracy (%)": 100 * point.accuracy,
            "Loss (nats)": point.loss,
            "Nonzero parameters": point.nonzero_parameters,
            "Effective parameters": point.effective_parameters,
            "Compression (×)": point.compression_ratio,
            "Speed-up (×)": point.theoretical_speedup,
            "TFLite (kB)": kilobytes(point.bytes.get("tflite")),
            "TFLite zip (kB)": kilobytes(point.bytes.get("tflite_zip")),
            "Dynamic int8 zip (kB)": kilobytes(point.bytes.get("tflite_dynamic_zip")),
            "Keras zip (kB)": kilobytes(point.bytes.get("keras_zip")),
            "TFLite accuracy (%)": percent(point.tflite_accuracy),
            "Dynamic int8 accuracy (%)": percent(point.tflite_dynamic_accuracy),
        }
        for point in points
    )
    if any(unequal([sum(row) for row in point.confusion]) for point in points[:1]):
        after = list(frame.columns).index("Accuracy (%)") + 1
        balanced = [percent(point.balanced_accuracy) for point in points]
        frame.insert(after, "Balanced accuracy (%)", balanced)
    return frame


def formats(frame: pd.DataFrame) -> Mapping[str, str]:
    """How the numbers of each column are written."""

    def form(column: str) -> str:
        if "parameters" in column:
            return "localized"
        if "(kB)" in column:
            return "%.0f"
        return "%.2f" if "%" in column or "×" in column else "%.3f"

    return {column: form(column) for column in frame.columns if column != "Method"}


def csv(points: Sequence[Point]) -> bytes:
    """Everything that was measured, one row a point, as CSV in UTF-8."""
    plain = ("method", "sparsity", "achieved_sparsity", "model_sparsity", "accuracy", "loss")
    counts = ("parameters", "nonzero_parameters", "effective_parameters", "macs")
    ratios = ("nonzero_macs", "effective_macs", "compression_ratio", "theoretical_speedup")
    after = ("tflite_accuracy", "tflite_dynamic_accuracy", "balanced_accuracy")
    rows = []
    for point in points:
        row = {name: getattr(point, name) for name in (*plain, *counts, *ratios, *after)}
        row |= {f"bytes_{name}": point.bytes.get(name) for name in FILES}
        row |= {f"removed_bytes_{name}": point.removed_bytes.get(name) for name in FILES}
        row |= {f"class_{i}_accuracy": share for i, share in enumerate(point.class_accuracy)}
        rows.append(row)
    return pd.DataFrame(rows).to_csv(index=False).encode()
