"""Points as rows of a table, with units in the names of the columns."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from engine.results.points import FORMATS, Point, unequal
from pages.shared.palette import METHODS

FILES = tuple(name for each in FORMATS for name in (each, f"{each}_zip"))


def shown(points: Sequence[Point]) -> pd.DataFrame:
    """The table of the page: the figures that people compare."""
    frame = pd.DataFrame([_shown_row(point) for point in points])
    if any(unequal([sum(row) for row in point.confusion]) for point in points[:1]):
        place = list(frame.columns).index("Accuracy (%)") + 1
        balanced = [_percent(point.balanced_accuracy) for point in points]
        frame.insert(place, "Balanced accuracy (%)", balanced)
    return frame


def complete(points: Sequence[Point]) -> pd.DataFrame:
    """Everything that was measured, one row a point, for CSV."""
    return pd.DataFrame([_complete_row(point) for point in points])


def csv(points: Sequence[Point]) -> bytes:
    """The complete table as CSV, UTF-8."""
    return complete(points).to_csv(index=False).encode()


def _shown_row(point: Point) -> dict[str, Any]:
    return {
        "Method": METHODS[point.method].label,
        "K (%)": 100 * point.sparsity,
        "Reached (%)": 100 * point.achieved_sparsity,
        "Accuracy (%)": 100 * point.accuracy,
        "Loss (nats)": point.loss,
        "Nonzero parameters": point.nonzero_parameters,
        "Effective parameters": point.effective_parameters,
        "Compression (×)": point.compression_ratio,
        "Speed-up (×)": point.theoretical_speedup,
        "TFLite (kB)": _kilobytes(point, "tflite"),
        "TFLite zip (kB)": _kilobytes(point, "tflite_zip"),
        "Dynamic int8 zip (kB)": _kilobytes(point, "tflite_dynamic_zip"),
        "Keras zip (kB)": _kilobytes(point, "keras_zip"),
        "TFLite accuracy (%)": _percent(point.tflite_accuracy),
        "Dynamic int8 accuracy (%)": _percent(point.tflite_dynamic_accuracy),
    }


def _complete_row(point: Point) -> dict[str, Any]:
    plain = ("method", "sparsity", "achieved_sparsity", "model_sparsity", "accuracy", "loss")
    counts = ("parameters", "nonzero_parameters", "effective_parameters", "macs")
    ratios = ("nonzero_macs", "effective_macs", "compression_ratio", "theoretical_speedup")
    after = ("tflite_accuracy", "tflite_dynamic_accuracy", "balanced_accuracy")
    row = {name: getattr(point, name) for name in (*plain, *counts, *ratios, *after)}
    row |= {f"bytes_{name}": point.bytes.get(name) for name in FILES}
    row |= {f"removed_bytes_{name}": point.removed_bytes.get(name) for name in FILES}
    return row | {f"class_{i}_accuracy": a for i, a in enumerate(point.class_accuracy)}


def _kilobytes(point: Point, name: str) -> float | None:
    length = point.bytes.get(name)
    return None if length is None else length / 1000


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
