"""Exports."""

from engine.runs.model import Run
from engine.settings import ExportSettings, TrainSettings, percent
from pages.shared import cached
from pages.shared.kinds import schedule
from pages.shared.kinds.base import KindOfRun
from pages.shared.palette import METHODS
from pages.shared.words import network_line

SCRIPT = """\
from engine import client
from engine.settings import ExportSettings, ScheduleSettings, TrainSettings

settings = {settings}
result = client.run(settings)
for file in result["files"]:
    if file["error"]:
        print(f"{{file['key']:38}} {{file['error']}}")
        continue
    print(f"{{file['key']:38}} accuracy {{file['accuracy']:7.2%}}  "
          f"file {{file['bytes']:>10,}}  zip {{file['zip_bytes']:>10,}} bytes  "
          f"{{file['latency']['median']:6.0f}} µs")
print("smallest within one point:", result["smallest"])
"""


def _line(settings: ExportSettings) -> str:
    levels: dict[str, list[str]] = {}
    for method, sparsity in settings.prunings:
        levels.setdefault(METHODS[method].label.lower(), []).append(percent(sparsity))
    pruned = ", ".join(f"{name} {' and '.join(each)} %" for name, each in levels.items())
    source = settings.source
    line = network_line(source) if isinstance(source, TrainSettings) else schedule.line(source)
    return f"{line}; as files{f', {pruned}' if pruned else ''}"


def _outcome(run: Run) -> str:
    found = cached.matrix(run)
    smallest, base = found.smallest(), found.baseline
    if smallest is None or base is None or not smallest.zip_bytes:
        return f"{len(found.cells)} files"
    smaller = base.bytes["keras_zip"] / smallest.zip_bytes
    return f"{len(found.cells)} files · the smallest good one is {smaller:.1f}× smaller"


KIND = KindOfRun(
    settings=ExportSettings, page="export/page.py", line=_line, outcome=_outcome, script=SCRIPT
)
