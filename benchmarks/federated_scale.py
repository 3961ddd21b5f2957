"""Ten thousand clients beside a hundred, cohorts of a hundred; how soon the quick preset shows."""

import contextlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.memory import Peak
from benchmarks.server import Server, serving
from benchmarks.table import row, timed, title, verdict
from benchmarks.web_latency import OWNER, finished
from engine.settings import FederateSettings, quick_federation

FEW = FederateSettings.of(
    clients=100,
    fraction=1.0,
    rounds=4,
    local_epochs=1,
    split="iid",
    weighting="equal",
    step=0.2,
    accuracy_threshold=0.0,  # six images teach little: prune all the same, masks are what matters
    distance_threshold=0.0,
)
MANY = replace(FEW, clients=10_000, fraction=0.01)


def main() -> None:
    title("Federated scale: memory with many clients, and the quick preset")
    for name, settings in (("100", FEW), ("10,000", MANY)):
        seconds, megabytes = _rounds(settings)
        row(f"{name} clients, 100 of them in each of {settings.rounds} rounds", f"{seconds:.1f} s")
        verdict("its worker, peak", megabytes, 3000, unit="MB")
    first, whole = _quick()
    verdict("quick preset, first round visible after", first, 15, unit="s")
    verdict("quick preset, 10 rounds", whole, 60, unit="s")


@contextlib.contextmanager
def _served() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        yield server


def _rounds(settings: FederateSettings) -> tuple[float, float]:
    """Seconds of a whole run, and the peak of its worker in MB."""
    with _served() as server, Peak(server.family).watched() as peak:
        seconds, _ = timed(lambda: finished(server, settings))
    return seconds, peak.megabytes


def _quick() -> tuple[float, float]:
    """Seconds from the request to the first round in the store, and to the end."""
    with _served() as server:
        begun = time.perf_counter()
        run = server.runs.submit(quick_federation(), owner=OWNER)
        while not server.runs.records(run.id, kinds=("round",)):
            time.sleep(0.05)
        first = time.perf_counter() - begun
        finished(server, quick_federation())
        return first, time.perf_counter() - begun
