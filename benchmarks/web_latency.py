"""How long the web process takes to answer: one person, and a class while a network trains.

Each figure is the time from a browser's request to the last message of the rerun, over a real
socket on this machine.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.server import Server, serving
from benchmarks.table import row, title, verdict
from benchmarks.web_client import WebClient
from engine.runs.model import Run, State
from engine.settings import Settings, SweepSettings, TrainSettings

SMALL = TrainSettings(hidden=(64, 32), epochs=1)
LONG = TrainSettings(epochs=50)
OWNER = "benchmark"
ALONE = 100
SESSIONS = 30
ROUNDS = 10
GAP_SECONDS = 1.0

Ask = Callable[[WebClient], Awaitable[float]]


def main() -> None:
    title("Web latency: reruns over the socket, from request to last message")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        sweep = finished(server, SweepSettings(baseline=SMALL))
        alone = asyncio.run(_alone(server.address, f"run={sweep.id}"))
        _report("one person on a finished sweep", alone, 100)
        training = _running(server, LONG)
        results = asyncio.run(_class(server.address, "sweep", f"run={sweep.id}", _whole_page))
        _report(f"{SESSIONS} on a finished sweep while a training runs", results, 500)
        watching = asyncio.run(_class(server.address, "train", f"run={training.id}", _tick))
        _report(f"{SESSIONS} watching that training live", watching, 500)
        server.runs.cancel(training.id, owner=None)


def finished(server: Server, settings: Settings) -> Run:
    """The run of these settings once it is done."""
    run = server.runs.submit(settings, owner=OWNER)
    while run.state.active:
        time.sleep(0.05)
        run = server.runs.get(run.id)
    if run.state is not State.DONE:
        raise RuntimeError(f"{run.state}: {run.error}")
    return run


def _running(server: Server, settings: TrainSettings) -> Run:
    """The run of these settings once its first steps are measured."""
    run = server.runs.submit(settings, owner=OWNER)
    while not server.runs.records(run.id):
        time.sleep(0.05)
    return run


async def _alone(address: str, query: str) -> list[float]:
    async with WebClient(address, "sweep", query) as client:
        return [await client.rerun() for _ in range(ALONE)]


async def _class(address: str, page: str, query: str, ask: Ask) -> list[float]:
    """All sessions, each as often as its page looks by itself, or about once a second."""

    async def session(number: int) -> list[float]:
        async with WebClient(address, page, query) as client:
            arrived.append(number)
            while len(arrived) < SESSIONS:
                await asyncio.sleep(0.01)
            await asyncio.sleep(GAP_SECONDS * number / SESSIONS)
            return [await _paced(client, ask) for _ in range(ROUNDS)]

    arrived: list[int] = []
    times = await asyncio.gather(*map(session, range(SESSIONS)))
    return [each for one in times for each in one]


async def _paced(client: WebClient, ask: Ask) -> float:
    taken = await ask(client)
    await asyncio.sleep(max(0.0, (client.interval or GAP_SECONDS) - taken / 1000))
    return taken


async def _whole_page(client: WebClient) -> float:
    return await client.rerun()


async def _tick(client: WebClient) -> float:
    """What a live page asks for by itself, as often as the server has told it to."""
    return await client.rerun(fragment=client.fragment)


def _report(name: str, times: Sequence[float], target: float) -> None:
    middle, high = np.percentile(times, [50, 95])
    row(f"{name}, p50 of {len(times)}", f"{middle:.0f} ms")
    verdict(f"{name}, p95", float(high), target, unit="ms")


if __name__ == "__main__":
    main()
