"""The report of an export: its networks and their TFLite files, as plain values.

No TensorFlow here: a worker fills it in, the command line and the pages read it. Shown as a matrix,
a network is a row and a file a cell; so they are called where they are stored.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.results.paired import SLACK, TOLERANCE, Paired, too_few
from engine.results.points import BASELINE, SCHEDULE, SMALL, UNPRUNED, point_key
from engine.settings import VARIANTS
from engine.system import registry

OWN = (BASELINE, SMALL, UNPRUNED, SCHEDULE)
"""What trained a source's own network, in the order of the report: these come first."""

DEFAULT_RESOLVER = "default"
"""LiteRT as programs use it: with the XNNPACK delegate."""

FALLBACK_RESOLVER = "without delegates"
"""LiteRT's built-in kernels alone (BUILTIN_WITHOUT_DEFAULT_DELEGATES)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedNetwork:
    """One network, measured in float32 by TensorFlow.

    Attributes:
        method: what trained it, one of `OWN`, or the name of the one-shot method that pruned it.
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
        """Its name inside the report, such as ``unit-0.5-removed``."""
        return network_key(self.method, self.sparsity, removed=self.removed)


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
class ExportedFile:
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
        """Its name inside the report, such as ``weight-0.8.dynamic``."""
        return file_key(self.row, self.variant)

    @property
    def runs(self) -> bool:
        """Whether LiteRT runs the file."""
        return self.accuracy is not None


@dataclass(frozen=True, slots=True)
class ExportReport:
    """Networks and files by key, in the order of the settings; an unfinished run lacks some.

    Attributes:
        rows: the networks.
        cells: the files.
    """

    rows: Mapping[str, ExportedNetwork]
    cells: Mapping[str, ExportedFile]

    @property
    def baseline(self) -> ExportedNetwork | None:
        """The unpruned network, which the others are compared with."""
        return next((row for row in self.rows.values() if row.method == BASELINE), None)

    def cell(self, row: str, variant: str) -> ExportedFile | None:
        """That file, if it is there yet."""
        return self.cells.get(file_key(row, variant))

    def good(self, *, tolerance: float = TOLERANCE) -> list[ExportedFile]:
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

    def smallest(self) -> ExportedFile | None:
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

    def partner(self, row: ExportedNetwork) -> ExportedNetwork | None:
        """The same network with its dead units removed, or zeroed where this one is removed."""
        return self.rows.get(network_key(row.method, row.sparsity, removed=not row.removed))


def network_key(method: str, sparsity: float, *, removed: bool = False) -> str:
    """Name of a network inside its report."""
    whole = point_key(method, sparsity) if sparsity else method
    return f"{whole}-removed" if removed else whole


def file_key(row: str, variant: str) -> str:
    """Name of a file inside its report."""
    return f"{row}.{variant}"


def network_to_json(row: ExportedNetwork) -> dict[str, Any]:
    """The network as the command line writes it."""
    return {"key": row.key, **dataclasses.asdict(row)}


def network_from_json(values: Mapping[str, Any]) -> ExportedNetwork:
    """The network that `network_to_json` wrote."""
    return ExportedNetwork(**_fields(ExportedNetwork, values))


def file_to_json(cell: ExportedFile) -> dict[str, Any]:
    """The file as the command line writes it."""
    return {"key": cell.key, **dataclasses.asdict(cell)}


def file_from_json(values: Mapping[str, Any]) -> ExportedFile:
    """The file that `file_to_json` wrote."""
    fields = _fields(ExportedFile, values)
    for name, kind in (("latency", Latency), ("validation", Paired)):
        if fields.get(name) is not None:
            fields[name] = kind(**_fields(kind, fields[name]))
    return ExportedFile(**fields)


def export_report(
    rows: Iterable[Mapping[str, Any]], cells: Iterable[Mapping[str, Any]]
) -> ExportReport:
    """The report of what is recorded: the unpruned network first, then methods, K rising."""
    measured = sorted(map(network_from_json, rows), key=_order)
    made = {cell.key: cell for cell in map(file_from_json, cells)}
    keys = [file_key(row.key, variant) for row in measured for variant in VARIANTS]
    return ExportReport({row.key: row for row in measured}, {k: made[k] for k in keys if k in made})


def _fields(cls: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    names = {each.name for each in dataclasses.fields(cls)}
    return {name: value for name, value in values.items() if name in names}


def _order(row: ExportedNetwork) -> tuple[int, float, bool]:
    known = (*OWN, *registry.names("methods"))
    place = known.index(row.method) if row.method in known else len(known)
    return place, row.sparsity, row.removed
