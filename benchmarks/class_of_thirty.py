"""A class of thirty: sliders, pages and starts for five minutes while a network trains.

`python -m benchmarks.class_of_thirty 30` takes 30 seconds instead, for development.
"""

import asyncio
import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from websockets import WebSocketException

from benchmarks.class_student import GAP_SECONDS, Student, browse
from benchmarks.server import Server, serving
from benchmarks.table import row, title, verdict
from benchmarks.web_latency import LONG, SMALL, finished, running
from benchmarks.web_person import Person
from engine.runs.model import Run, State
from engine.settings import SweepSettings
from pages.shared.state import OWNER_COOKIE, owner_of

SESSIONS = 30
BROWSERS = 2
SECONDS = 300.0
END_SECONDS = 600.0
MEGABYTE = 1_000_000


@dataclass(slots=True)
class Lesson:
    """What came of it: milliseconds by action, own runs by session, the shared run, errors.

    `arrival` is how many seconds the class takes to come in.
    """

    times: dict[str, list[float]] = field(default_factory=dict)
    own: dict[int, str] = field(default_factory=dict)
    shared: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    arrival: float = 0.0

    def note(self, name: str, taken: float) -> None:
        self.times.setdefault(name, []).append(taken)


def main(seconds: float = SECONDS) -> None:
    title(
        f"A class of {SESSIONS} and {BROWSERS} browsers for {seconds:.0f} s while a network trains"
    )
    lesson = Lesson(arrival=min(30.0, seconds / 4))
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        sweep = finished(server, SweepSettings(baseline=SMALL))
        training = running(server, LONG)
        end = time.monotonic() + seconds
        helpers = [threading.Thread(target=_watch_memory, args=(server, lesson, end))]
        helpers += [
            threading.Thread(target=browse, args=(server.url, sweep.id, lesson.errors, end))
            for _ in range(BROWSERS)
        ]
        for helper in helpers:
            helper.start()
        asyncio.run(_class(server, sweep, training, lesson, end))
        for helper in helpers:
            helper.join()
        server.runs.cancel(training.id, owner=None)
        _report_times(lesson)
        _report_runs(server, lesson)
        _report_memory(server, lesson)


async def _class(server: Server, sweep: Run, training: Run, lesson: Lesson, end: float) -> None:
    people = [_person(server, sweep, training, lesson, end, number) for number in range(SESSIONS)]
    await asyncio.gather(*people)


async def _person(
    server: Server, sweep: Run, training: Run, lesson: Lesson, end: float, number: int
) -> None:
    """One of the class; what goes wrong is an error of the lesson."""
    rng = random.Random(number)  # noqa: S311  # a load, not a secret
    await asyncio.sleep(lesson.arrival * number / SESSIONS)
    try:
        async with Person(server.address, "", cookie=f"{OWNER_COOKIE}={_secret(number)}") as person:
            await _play(Student(person, sweep.id, training.id, rng), lesson, end, number)
            lesson.errors += [*person.errors, *person.exceptions]
    except (OSError, LookupError, RuntimeError, WebSocketException) as error:
        lesson.errors.append(f"session {number}: {error}")


async def _play(student: Student, lesson: Lesson, end: float, number: int) -> None:
    """Start two runs, then do something about once a second."""
    await asyncio.sleep(GAP_SECONDS)
    lesson.own[number], taken = await student.start_own(1000 + number)
    lesson.note("a run started", taken)
    await asyncio.sleep(GAP_SECONDS)
    run, taken = await student.start_shared()
    lesson.shared.append(run)
    lesson.note("a run started", taken)
    while time.monotonic() < end:
        name, taken = await student.act()
        lesson.note(name, taken)
        await asyncio.sleep(max(0.0, GAP_SECONDS - taken / 1000))


def _secret(number: int) -> str:
    return f"{number:032x}"


def _watch_memory(server: Server, lesson: Lesson, end: float) -> None:
    process = psutil.Process(server.process.pid)
    while time.monotonic() < end:
        lesson.memory.append(process.memory_info().rss / MEGABYTE)
        time.sleep(1)


def _report_times(lesson: Lesson) -> None:
    everything = [taken for some in lesson.times.values() for taken in some]
    for name, some in lesson.times.items():
        if some:
            row(
                f"{name}, p50 and p95 of {len(some)}", "{:.0f} and {:.0f} ms".format(*_middle(some))
            )
    verdict(f"all {len(everything)} reruns, p95", _middle(everything)[1], 500, unit="ms")
    verdict("errors shown or raised", len(lesson.errors), 0, unit="errors")
    for line in sorted(set(lesson.errors))[:5]:
        row("  ", line[:120])


def _middle(times: list[float]) -> tuple[float, float]:
    middle, high = np.percentile(times or [np.nan], [50, 95])
    return float(middle), float(high)


def _report_runs(server: Server, lesson: Lesson) -> None:
    wanted = {*lesson.own.values(), *lesson.shared}
    ended = [_ended(server, run) for run in wanted]
    lost = [run for run in ended if run.state is not State.DONE]
    verdict(f"runs lost of {len(wanted)} that were started", len(lost), 0, unit="runs")
    verdict("different runs for one request of everybody", len(set(lesson.shared)), 1, unit="runs")
    again = [run for run in ended if run.attempts > 1]
    verdict("runs that were computed more than once", len(again), 0, unit="runs")
    mixed = [number for number, run in lesson.own.items() if not _is_own(server, number, run)]
    verdict("runs with somebody else's settings", len(mixed), 0, unit="runs")
    verdict("tracebacks in the server's log", server.log.count("Traceback"), 0, unit="tracebacks")


def _is_own(server: Server, number: int, run: str) -> bool:
    found = server.runs.get(run)
    return found.settings["seed"] == 1000 + number and found.owner == owner_of(_secret(number))


def _ended(server: Server, run: str) -> Run:
    end = time.monotonic() + END_SECONDS
    while time.monotonic() < end and server.runs.get(run).state.active:
        time.sleep(0.2)
    return server.runs.get(run)


def _report_memory(server: Server, lesson: Lesson) -> None:
    after = psutil.Process(server.process.pid).memory_info().rss / MEGABYTE
    first = min(30, len(lesson.memory) // 4)  # by then everybody has arrived
    before = lesson.memory[first]
    row("web process, after the arrival and at the end", f"{before:.0f} and {after:.0f} MB")
    verdict("web process, most", max([*lesson.memory, after]), 500, unit="MB")
    verdict("web process, growth", after - before, 100, unit="MB")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
