"""Kinds of runs on the pages: where they are shown, and what is said of them in a line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from engine.datasets import title
from engine.federated.history import mean_accuracy
from engine.runs.model import Run
from engine.settings import (
    ExportSettings,
    FederateSettings,
    ScheduleSettings,
    SweepSettings,
    TrainSettings,
    flat,
    from_json,
    percent,
    targets_as_text,
)
from pages.shared import cached, state
from pages.shared.charts.sizes import human
from pages.shared.palette import METHODS, algorithm_style, style_of
from pages.shared.words import plural

UNKNOWN = "this version of Prunescope does not know"
"""Said of a run of another version, whose kind or one of whose values is new."""


@dataclass(frozen=True, slots=True)
class KindOfRun:
    """What pages know of a kind of run.

    Attributes:
        name: as in addresses, files and the store; also that of the page that shows such runs.
        line: settings in a line: data, network, what is done with it.
        outcome: what a finished run came to, in a line.
    """

    name: str
    line: Callable[[Any], str]
    outcome: Callable[[Run], str]

    @property
    def page(self) -> str:
        """The page that shows such runs, for `st.switch_page`."""
        return f"{self.name}/page.py"


def described(run: Run) -> str:
    """The run in a line: data, network, what is done with it."""
    return KINDS[run.kind].line(run.known) if run.known else f"A run that {UNKNOWN}"


def described_settings(kind: str, values: Mapping[str, Any]) -> str:
    """The same from settings as JSON values."""
    return KINDS[kind].line(from_json(kind, values))


def titled(run: Run) -> str:
    """The name that its owner gave, or the line that describes it."""
    return run.name or described(run)


def outcome(run: Run) -> str:
    """What a finished run came to, in a line."""
    return KINDS[run.kind].outcome(run) if run.known else f"{run.kind}: {UNKNOWN} it"


def open_run(run: Run) -> None:
    """Go to the page that shows the run.

    Raises:
        InvalidInput: another version of Prunescope made it, and this one has no page for it.
    """
    st.switch_page(KINDS[run.parsed.kind].page, query_params={state.RUN: run.id})


def split_words(settings: FederateSettings) -> str:
    """Who owns what, in a few words."""
    return settings.split.words


def _train_line(settings: TrainSettings) -> str:
    epochs = plural(settings.epochs, "epoch")
    network = f"{title(settings.data.dataset)}, {_layers(settings)}"
    return f"{network}, {epochs}{_seeded(settings)}"


def _train_outcome(run: Run) -> str:
    epochs = cached.rows(run, "epoch")
    if not epochs:
        return "no epoch yet"
    return f"test accuracy {100 * epochs[-1]['test']['accuracy']:.2f} %"


def _sweep_line(settings: SweepSettings) -> str:
    methods = ", ".join(METHODS[method].label.lower() for method in settings.methods)
    scope = ", ranked globally" if settings.scope == "global" else ""
    bias = ", biases pruned" if settings.bias == "pruned" else ""
    levels = f"{methods} at {len(settings.sparsities)} K"
    return f"{_train_line(settings.baseline)}; {levels}{scope}{bias}"


def _sweep_outcome(run: Run) -> str:
    points = cached.points(run)
    base = f"baseline {100 * points[0].accuracy:.2f} % · " if points else ""
    return f"{base}{len(points)} points measured"


def _schedule_line(settings: ScheduleSettings) -> str:
    if settings.needs is not None:
        start = _train_line(settings.baseline)
    else:
        small = "a small network instead of " if settings.rule == "small" else ""
        data = title(settings.baseline.data.dataset)
        start = f"{data}, {small}{_layers(settings.baseline)} from scratch"
    parts = [_pruning(settings)]
    if settings.unit_sparsity:
        parts.append(f"{percent(settings.unit_sparsity)} % of units removed first")
    if settings.layers:
        parts.append(f"layers {', '.join(map(str, settings.layers))}")
    return f"{start}; {', '.join(parts)}{_seeded(settings)}"


def _pruning(settings: ScheduleSettings) -> str:
    """How the network of a schedule is pruned."""
    epochs = plural(settings.epochs, "epoch")
    level = f"K = {percent(settings.target)} %"
    if settings.targets:
        level += f" ({targets_as_text(settings.targets)})"
    if settings.rule == "unpruned":
        return f"{epochs} more without pruning"
    if settings.rule == "small":
        return f"as many parameters as {level} keeps, {epochs}"
    if settings.pattern == "2:4":
        return f"2:4 in {epochs}"
    rows, columns = settings.block
    blocks = "" if settings.block == (1, 1) else f" in blocks of {rows}x{columns}"
    return f"{settings.schedule} to {level}{blocks} in {epochs}"


def _schedule_outcome(run: Run) -> str:
    points = cached.points(run)
    parts = [f"{style_of(p.method).label.lower()} {100 * p.accuracy:.2f} %" for p in points]
    return " · ".join(parts) or "nothing measured yet"


def _federate_line(settings: FederateSettings) -> str:
    name = algorithm_style(settings.algorithm).label
    values = flat(settings)
    target = f" to {percent(values['target'])} %" if "target" in values else ""
    owners = f"{settings.clients:,} clients with {split_words(settings)}"
    rounds = f"{settings.rounds} rounds of {settings.cohort:,}{_seeded(settings)}"
    return f"{title(settings.data.dataset)}, {owners}; {name}{target}, {rounds}"


def _federate_outcome(run: Run) -> str:
    rounds = cached.rows(run, "round")
    if not rounds:
        return "no round yet"
    traffic = sum(row["bytes_up"] + row["bytes_down"] for row in rounds)
    mean = mean_accuracy(cached.rows(run, "final")) or rounds[-1]["mean_accuracy"]
    own = "" if mean is None else f"own labels {100 * mean:.2f} % · "
    return f"{own}{len(rounds)} rounds · {human(traffic)} travelled"


def _export_line(settings: ExportSettings) -> str:
    levels: dict[str, list[str]] = {}
    for method, sparsity in settings.prunings:
        levels.setdefault(METHODS[method].label.lower(), []).append(percent(sparsity))
    pruned = ", ".join(f"{name} {' and '.join(each)} %" for name, each in levels.items())
    source = KINDS[settings.source.kind].line(settings.source)
    return f"{source}; as files{f', {pruned}' if pruned else ''}"


def _export_outcome(run: Run) -> str:
    found = cached.matrix(run)
    smallest, base = found.smallest(), found.baseline
    if smallest is None or base is None or not smallest.zip_bytes:
        return f"{len(found.cells)} files"
    smaller = base.bytes["keras_zip"] / smallest.zip_bytes
    return f"{len(found.cells)} files · the smallest good one is {smaller:.1f}× smaller"


def _layers(settings: TrainSettings) -> str:
    """The network in a word, or the units of its hidden layers."""
    return "Guide CNN" if settings.network == "guide-cnn" else "-".join(map(str, settings.hidden))


def _seeded(settings: TrainSettings | ScheduleSettings | FederateSettings) -> str:
    """The seed, where it is not the usual one."""
    return f", seed {settings.seed}" if settings.seed else ""


KINDS: Mapping[str, KindOfRun] = {
    each.name: each
    for each in (
        KindOfRun("train", _train_line, _train_outcome),
        KindOfRun("sweep", _sweep_line, _sweep_outcome),
        KindOfRun("schedule", _schedule_line, _schedule_outcome),
        KindOfRun("federate", _federate_line, _federate_outcome),
        KindOfRun("export", _export_line, _export_outcome),
    )
}
