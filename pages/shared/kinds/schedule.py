"""Schedules."""

from engine.runs.model import Run
from engine.settings import ScheduleSettings, percent, targets_as_text
from pages.shared import cached
from pages.shared.kinds.base import KindOfRun
from pages.shared.palette import style_of
from pages.shared.words import layers, network_line, plural, seeded, title_of

SCRIPT = """\
from engine import client
from engine.settings import ScheduleSettings, TrainSettings

settings = {settings}
result = client.run(settings)
for name in ("baseline", "before", "after"):
    point = result[name]
    if point is not None:
        zeros, accuracy = point["achieved_sparsity"], point["accuracy"]
        size = f"{{point['bytes']['keras_zip']:,}} bytes"
        print(f"{{name:9}} zeros {{zeros:7.2%}}  accuracy {{accuracy:7.2%}}  zip {{size:>16}}")
"""


def line(settings: ScheduleSettings) -> str:
    """Data and network, then how it is pruned."""
    if settings.needs is not None:
        start = network_line(settings.baseline)
    else:
        small = "a small network instead of " if settings.rule == "small" else ""
        data = title_of(settings.baseline.data.dataset)
        start = f"{data}, {small}{layers(settings.baseline)} from scratch"
    parts = [_pruning(settings)]
    if settings.unit_sparsity:
        parts.append(f"{percent(settings.unit_sparsity)} % of units removed first")
    if settings.layers:
        parts.append(f"layers {', '.join(map(str, settings.layers))}")
    return f"{start}; {', '.join(parts)}{seeded(settings.seed)}"


def _pruning(settings: ScheduleSettings) -> str:
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


def _outcome(run: Run) -> str:
    points = cached.points(run)
    parts = [f"{style_of(p.method).label.lower()} {100 * p.accuracy:.2f} %" for p in points]
    return " · ".join(parts) or "nothing measured yet"


KIND = KindOfRun(
    settings=ScheduleSettings,
    page="schedule/page.py",
    line=line,
    outcome=_outcome,
    script=SCRIPT,
)
