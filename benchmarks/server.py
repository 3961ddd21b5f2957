"""The real dashboard in a process of its own, for benchmarks and for the tests in a browser."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from engine.runs.service import Runs, open_runs

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0
STOP_SECONDS = 30.0
LOOK_SECONDS = 0.05


@dataclass(slots=True)
class Server:
    """A served home: `url` for browsers, `runs` for looking behind the pages."""

    process: subprocess.Popen[bytes]
    port: int
    home: Path
    runs: Runs

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What the web process has written so far."""
        return _log_of(self.home).read_text(errors="replace")

    def family(self) -> list[psutil.Process]:
        """The processes that the web process has started: the workers and theirs."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> list[psutil.Process]:
        """Ask the server to end, as a terminal would; the processes that it left behind."""
        family = self.family() if self.process.poll() is None else []
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return [psutil.Process(), *family]
        return psutil.wait_procs(family, timeout=5)[1]

    def restart(self) -> list[psutil.Process]:
        """End the server and start it anew on the same port; what the old one left behind."""
        left = self.stop()
        self.process = _spawn(self.home, self.port)
        _await_health(self)
        return left


@contextlib.contextmanager
def serving(home: Path) -> Iterator[Server]:
    """The dashboard on a free port of this machine, for as long as the block runs."""
    server = start(home)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


def start(home: Path) -> Server:
    """Start the dashboard on this home folder and wait until it answers."""
    home.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    server = Server(_spawn(home, port), port, home, open_runs(home))
    _await_health(server)
    return server


def _spawn(home: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = os.environ | {"PRUNESCOPE_HOME": str(home)}
    with _log_of(home).open("ab") as output:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)


def _await_health(server: Server) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.process.poll() is None:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5) as response,  # noqa: S310  # loopback
        ):
            if response.read() == b"ok":
                return
        time.sleep(LOOK_SECONDS)
    server.process.kill()
    raise TimeoutError(f"the server does not answer: {server.log[-2000:]}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _log_of(home: Path) -> Path:
    return home / "server.log"
