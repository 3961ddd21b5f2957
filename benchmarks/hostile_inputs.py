"""Two hundred hostile links, names, files and messages: the server stays up, the store true."""

import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from benchmarks import hostile
from benchmarks.server import Server, serving
from benchmarks.table import row, timed, title, verdict
from benchmarks.web_latency import SMALL, finished
from engine.settings import SweepSettings

COUNT = hostile.URLS + hostile.NAMES + hostile.FILES + hostile.MESSAGES


def main() -> None:
    title(f"{COUNT} hostile inputs: links, names, files and messages")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        run = finished(server, SweepSettings(baseline=SMALL))
        before, process = hostile.store(server, run.id), server.process.pid
        seconds, _ = timed(lambda: _attack(server, run.id, run.owner))
        row("all of them answered or refused after", f"{seconds:.1f} s")
        alive = server.process.poll() is None and server.process.pid == process
        verdict("servers lost", int(not alive), 0, unit="servers")
        changed = hostile.store(server, run.id) != before
        verdict("stores in which a row or a file has changed", int(changed), 0, unit="stores")
        shown = hostile.errors_of_a_visit(server, run.id)
        verdict("errors that the next visitor sees", len(shown), 0, unit="errors")


def _attack(server: Server, run: str, owner: str) -> None:
    failed = [status for status in hostile.links(server) if (status or 0) >= 500]
    verdict("links answered as the server's own fault", len(failed), 0, unit="links")
    person = hostile.parameters(server)
    verdict("exceptions shown for queries", len(person.exceptions), 0, unit="exceptions")
    wrong = hostile.names(server, run, owner)
    verdict("names neither refused nor kept letter by letter", len(wrong), 0, unit="names")
    with patch.dict(os.environ, PRUNESCOPE_HOME=str(server.home)):
        verdict("files not refused in one line", len(hostile.files()), 0, unit="files")
    lost = hostile.MESSAGES - hostile.messages(server)
    verdict("messages that could no longer be sent", lost, 0, unit="messages")


if __name__ == "__main__":
    main()
