"""The matrix of an export: its networks (rows), their TFLite files (cells), as plain values.

No TensorFlow here: a worker fills the matrix in, the command line and the pages read it.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.results.paired import SLACK, TOLERANCE, Paired, too_few
from engine.results.points import BASELINE, SCHEDULE, SMALL, UNPRUNED, point_key
from engine.settings import METHODS, VARIANTS

NETWORKS = (BASELINE, SMALL, UNPRUNED, SCHEDULE, *METHODS)
"""Methods of rows, in the order of the matrix: the source's own network first."""

DEFAULT_RESOLVER = "default"
"""LiteRT as programs use it: with the XNNPACK delegate."""

FALLBACK_RESOLVER = "without delegates"
"""LiteRT's built-in kernels alone (BUILTIN_WITHOUT_DEFAULT_DELEGATES)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One network of the matrix, measured in float32 by TensorFlow.

    Attributes:
        method: one of `NETWORKS`: the one-shot method that pruned it, or what trained it.
        sparsity: K that was asked for, as a fraction.
        removed: its dead units are physically removed; a row of its own beside the zeroed one.
        accuracy: share of test images answered right.
        validation_accuracy: share of validation images.
        loss: mean cross-entropy over the test images, in nats; None if it is no number.
        parameters: kernel and bias entries, zeros included.
        nonzero_parameters: those that are not zero.
        macs: multiply-accumulates for one image, zeros multiplied too.
        bytes: length of the Keras file and its zip: keras, keras_zip; where the network was
            trained as it is, keras_training: with the optimizer's state, and with TFMOT's masks
            where it was pruned while it trained.
        balanced_accuracy: mean of the classes' accuracies on the test images.
    """

    method: str
    sparsity: float
    removed: bool
    accuracy: float
    validation_accuracy: float
    loss: float | None
    parameters: int
    nonzero_parameters: int
    macs: int
    bytes: Mapping[str, int] = field(default_factory=dict)
    balanced_accuracy: float | None = None

    @property
    def key(self) -> str:
        """Name of the row inside its matrix, such as ``unit-0.5-removed``."""
        return row_key(self.method, self.sparsity, removed=self.removed)


@dataclass(frozen=True, kw_only=True, slots=True)
class Latency:
    """Time of one call with one image, in microseconds.

    Attributes:
        median: of the timed calls.
        lower: first quartile.
        upper: third quartile.
        repetitions: timed calls.
        warm_up: calls before them that do not count.
        threads: of LiteRT.
        load: the machine's load average of the last minute when it was measured.
    """

    median: float
    lower: float
    upper: float
    repetitions: int
    warm_up: int
    threads: int
    load: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One TFLite file of one network.

    Attributes:
        row: key of its network.
        variant: one of `engine.settings.VARIANTS`.
        bytes: length of the file; None if it could not be made.
        zip_bytes: length of its zip.
        accuracy: of the file, run by LiteRT over all test images; None if it does not run.
        validation_accuracy: likewise over the validation images.
        agreement: share of test images that it answers as the float network of its row does.
        resolver: which kernels ran it: `DEFAULT_RESOLVER`, `FALLBACK_RESOLVER`, or empty.
        refused: why the default kernels do not count: they do not run it, or answer wrongly.
        error: why there is no file, or why nothing runs it, or empty.
        input_scale: what a step of an int8 input stands for; None where the file reads float32.
        input_zero_point: the step that stands for 0; likewise.
        latency: None until it is measured.
        validation: how it answers the validation images beside the unpruned float network, by
            which files are chosen; None where it does not run, or in results of earlier versions.
    """

    row: str
    variant: str
    bytes: int | None = None
    zip_bytes: int | None = None
    accuracy: float | None = None
    validation_accuracy: float | None = None
    agreement: float | None = None
    resolver: str = ""
    refused: str = ""
    error: str = ""
    input_scale: float | None = None
    input_zero_point: int | None = None
    latency: Latency | None = None
    validation: Paired | None = None

    @property
    def key(self) -> str:
        """Name of the cell inside its matrix, such as ``weight-0.8.dynamic``."""
        return cell_key(self.row, self.variant)

    @property
    def runs(self) -> bool:
        """Whether LiteRT runs the file."""
        return self.accuracy is not None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows and cells by key, in the order of the settings; an unfinished run lacks some."""

    rows: Mapping[str, Row]
    cells: Mapping[str, Cell]

    @property
    def baseline(self) -> Row | None:
        """The unpruned network, which the others are compared with."""
        return next((row for row in self.rows.values() if row.method == BASELINE), None)

    def cell(self, row: str, variant: str) -> Cell | None:
        """That cell, if it is there yet."""
        return self.cells.get(cell_key(row, variant))

    def good(self, *, tolerance: float = TOLERANCE) -> list[Cell]:
        """The files that run and lose little against the baseline's float network.

        Chosen by validation images: test images only report. None where one of these images is
        worth more than what may be lost.
        """
        if self.baseline is None:
            return []
        return [
            cell
            for cell in self.cells.values()
            if cell.validation is not None
            and cell.validation.tells(tolerance)
            and cell.validation.loss <= tolerance + SLACK
        ]

    def smallest(self) -> Cell | None:
        """The good file whose zip is smallest; None if there is none."""
        return min(self.good(), key=lambda cell: cell.zip_bytes or 0, default=None)

    def why_none(self, *, tolerance: float = TOLERANCE) -> str:
        """Why no file is good, in a sentence; empty while nothing is measured or where one is."""
        if self.good(tolerance=tolerance) or not any(cell.runs for cell in self.cells.values()):
            return ""
        known = [cell.validation for cell in self.cells.values() if cell.validation is not None]
        if not known:
            return "measured before files were compared on validation images: export again"
        if not known[0].tells(tolerance):
            return too_few(known[0].images, tolerance)
        return f"no file loses at most {100 * tolerance:g} points on {known[0].images:,} images"

    def partner(self, row: Row) -> Row | None:
        """The same network with its dead units removed, or zeroed where this one is removed."""
        return self.rows.get(row_key(row.method, row.sparsity, removed=not row.removed))


def row_key(method: str, sparsity: float, *, removed: bool = False) -> str:
    """Name of a row inside its matrix."""
    whole = point_key(method, sparsity) if sparsity else method
    return f"{whole}-removed" if removed else whole


def cell_key(row: str, variant: str) -> str:
    """Name of a cell inside its matrix."""
    return f"{row}.{variant}"


def row_to_json(row: Row) -> dict[str, Any]:
    """The row as the command line writes it."""
    return {"key": row.key, **dataclasses.asdict(row)}


def row_from_json(values: Mapping[str, Any]) -> Row:
    """The row that `row_to_json` wrote."""
    return Row(**_fields(Row, values))


def cell_to_json(cell: Cell) -> dict[str, Any]:
    """The cell as the command line writes it."""
    return {"key": cell.key, **dataclasses.asdict(cell)}


def cell_from_json(values: Mapping[str, Any]) -> Cell:
    """The cell that `cell_to_json` wrote."""
    fields = _fields(Cell, values)
    for name, kind in (("latency", Latency), ("validation", Paired)):
        if fields.get(name) is not None:
            fields[name] = kind(**_fields(kind, fields[name]))
    return Cell(**fields)


def matrix(rows: Iterable[Mapping[str, Any]], cells: Iterable[Mapping[str, Any]]) -> Matrix:
    """The matrix of recorded rows and cells: the unpruned network first, then methods, K rising."""
    measured = sorted(map(row_from_json, rows), key=_place)
    made = {cell.key: cell for cell in map(cell_from_json, cells)}
    keys = [cell_key(row.key, variant) for row in measured for variant in VARIANTS]
    return Matrix({row.key: row for row in measured}, {k: made[k] for k in keys if k in made})


def _fields(cls: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    names = {each.name for each in dataclasses.fields(cls)}
    return {name: value for name, value in values.items() if name in names}


def _place(row: Row) -> tuple[int, float, bool]:
    return NETWORKS.index(row.method), row.sparsity, row.removed
