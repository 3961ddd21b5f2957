"""`python -m engine worker`: workers on this machine for a store that others share."""

import signal
import threading
from typing import Annotated

import typer
from rich.console import Console

from engine import checks
from engine.commands import options as o
from engine.runs.service import open_runs
from engine.runs.supervisor import supervised
from engine.settings.values import number

Count = Annotated[o.Text, typer.Option(help="worker processes, 1 to 64")]


def command(count: Count = None) -> None:
    """Work on queued runs until interrupted."""
    processes = checks.whole("count", 1 if count is None else number(count), 1, 64)
    ended = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda _number, _frame: ended.set())
    with supervised(open_runs(), count=processes):
        Console(stderr=True).print(f"{processes} worker(s) wait for runs; stop with Ctrl-C")
        ended.wait()
