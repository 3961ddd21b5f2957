"""Memory of the web process after every page, and of the worker during the default sweep."""

import asyncio
import contextlib
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from benchmarks.server import serving
from benchmarks.table import title, verdict
from benchmarks.web_client import WebClient
from benchmarks.web_latency import finished
from engine.settings import SweepSettings

SAMPLE_SECONDS = 0.1
MEGABYTE = 1_000_000


class Peak:
    """The highest resident memory of some processes, sampled ten times a second."""

    def __init__(self, family: Callable[[], list[psutil.Process]]) -> None:
        self.megabytes = 0.0
        self._family = family
        self._ended = threading.Event()

    @contextlib.contextmanager
    def watched(self) -> Iterator["Peak"]:
        thread = threading.Thread(target=self._sample)
        thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self.megabytes = max(self.megabytes, sum(map(_resident, self._family())))


def main() -> None:
    title("Memory: default training and default sweep, then every page")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        with Peak(server.family).watched() as peak:
            sweep = finished(server, SweepSettings())
        verdict("worker, peak", peak.megabytes, 2000, unit="MB")
        pages = (("", ""), ("train", ""), ("sweep", ""), ("runs", ""))
        shown = (("train", f"run={sweep.needs}"), ("sweep", f"run={sweep.id}"))
        for page, query in (*pages, *shown):
            asyncio.run(_visit(server.address, page, query))
        web = _resident(psutil.Process(server.process.pid))
        verdict("web process after every page", web, 300, unit="MB")


async def _visit(address: str, page: str, query: str) -> None:
    async with WebClient(address, page, query) as client:
        await client.rerun()


def _resident(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        return float(process.memory_info().rss) / MEGABYTE
    return 0.0


if __name__ == "__main__":
    main()
