"""Sweeps."""

from engine.runs.model import Run
from engine.settings import SweepSettings
from pages.shared import cached
from pages.shared.kinds.base import KindOfRun
from pages.shared.palette import METHODS
from pages.shared.words import network_line

SCRIPT = """\
from engine import client
from engine.settings import SweepSettings, TrainSettings, percent

settings = {settings}
result = client.run(settings)
for point in [result["baseline"], *result["points"]]:
    k = percent(point["sparsity"])
    loss = "diverged" if point["loss"] is None else f"{{point['loss']:.3f}}"
    print(f"{{point['method']:13}} K = {{k:>5}} %  accuracy {{point['accuracy']:7.2%}}  "
          f"loss {{loss:>8}}  zip {{point['bytes']['keras_zip']:>10,}} bytes")
"""


def _line(settings: SweepSettings) -> str:
    methods = ", ".join(METHODS[method].label.lower() for method in settings.methods)
    scope = ", ranked globally" if settings.scope == "global" else ""
    bias = ", biases pruned" if settings.bias == "pruned" else ""
    levels = f"{methods} at {len(settings.sparsities)} K"
    return f"{network_line(settings.baseline)}; {levels}{scope}{bias}"


def _outcome(run: Run) -> str:
    points = cached.points(run)
    base = f"baseline {100 * points[0].accuracy:.2f} % · " if points else ""
    return f"{base}{len(points)} points measured"


KIND = KindOfRun(
    settings=SweepSettings, page="sweep/page.py", line=_line, outcome=_outcome, script=SCRIPT
)
