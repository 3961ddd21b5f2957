"""Two hundred hostile inputs: links, names, files and messages, and what comes of them.

The tests demand that nothing does; `hostile_inputs` counts it.
"""

import asyncio
import contextlib
import io
import random
import socket
import urllib.parse
import zipfile
from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np
import sqlalchemy as sa
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.typing import Subprotocol

from benchmarks.class_student import PAGES
from benchmarks.server import Server
from benchmarks.web_person import Person
from engine import datasets
from engine.errors import InvalidInput
from engine.runs.database import RUNS

PARAMETERS = (
    "run", "runs", "from", "piece", "q", "point", "page", "preset", "cost", "lose", "x",
    "beside", "part", "link-up",
)  # fmt: skip
SEEDS = (
    "../../../../etc/passwd", "%00", "<script>alert(1)</script>", "' OR 1=1 --", "{{7*7}}",
    "${jndi:ldap://127.0.0.1/x}", "\u202egnp.exe", "\ud7ff\ufffe", "A" * 5000, "-1", "1e400",
    "nan", "__import__('os')", "\r\nSet-Cookie: a=b", "0" * 24, "; DROP TABLE runs; --",
    "[x](javascript:alert(1))", ":material/x:", "=cmd|' /C calc'!A0", "\x1b[31m",
)  # fmt: skip
URLS, NAMES, FILES, MESSAGES = 70, 40, 30, 60


def attacks(count: int, seed: int) -> list[str]:
    """So many hostile texts: the known ones, then mixtures of them with random characters."""
    rng = random.Random(seed)  # noqa: S311  # reproducible, not secret
    made = list(SEEDS)
    while len(made) < count:
        noise = "".join(chr(rng.choice([*range(1, 256), 0x2028, 0xFEFF])) for _ in range(20))
        made.append(rng.choice(SEEDS)[: rng.randint(1, 60)] + noise)
    return made[:count]


def store(server: Server, run: str) -> tuple[object, ...]:
    """What the store holds of runs, results and files."""
    with server.runs.database.read() as connection:
        rows = [tuple(row) for row in connection.execute(sa.select(RUNS).order_by(RUNS.c.id))]
    files = {each.name: server.runs.file(run, each.name) for each in server.runs.files(run)}
    return rows, server.runs.result(run), files


def errors_of_a_visit(server: Server, run: str) -> list[str]:
    """Opens a sweep as anybody would; what it shows that it should not."""

    async def visit() -> list[str]:
        async with Person(server.address, "sweep", f"run={run}") as person:
            missing = [] if person.has("methods") else ["the page is empty"]
            return [*person.errors, *person.exceptions, *missing]

    return asyncio.run(visit())


def links(server: Server) -> list[int | None]:
    """Ask for hostile addresses; the status of each answer, None where the server hung up."""
    rng, statuses = random.Random(1), []  # noqa: S311
    for text in attacks(URLS, 1):
        path = urllib.parse.quote(text, safe="/.%<>'{}$:;=!*" if rng.random() < 0.3 else "")
        prefix = rng.choice([*PAGES, "_stcore", "_stcore/upload_file", "app/static", "static"])
        method = rng.choice(["GET", "POST", "PUT"])
        statuses.append(_status(server.port, method, f"/{prefix}/{path}"))
        statuses.append(_status(server.port, "GET", f"/{prefix}?{rng.choice(PARAMETERS)}={path}"))
    return statuses


def _status(port: int, method: str, target: str) -> int | None:
    """The target goes out as it is."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        head = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        raw.sendall(head.encode("utf-8", "replace"))
        with contextlib.suppress(ConnectionError), raw.makefile("rb") as answered:
            words = answered.readline().split()
            return int(words[1]) if len(words) > 1 else None
    return None


def parameters(server: Server) -> Person:
    """Open pages with hostile queries; who has seen them."""

    async def visit() -> Person:
        async with Person(server.address, "") as person:
            for number, text in enumerate(attacks(NAMES, 2)):
                for name in (PARAMETERS[number % 14], PARAMETERS[(number + 3) % 14]):
                    query = urllib.parse.urlencode({name: text}, errors="replace")
                    await person.go(PAGES[number % len(PAGES)], query)
            return person

    return asyncio.run(visit())


def names(server: Server, run: str, owner: str) -> list[str]:
    """Rename a run; what was neither refused in one line nor kept letter by letter."""
    wrong = []
    for text in attacks(NAMES, 3):
        refused = ""
        try:
            server.runs.rename(run, text, owner=owner)
        except InvalidInput as refusal:
            refused = str(refusal)
        kept = server.runs.get(run).name
        if "\n" in refused or kept != ("" if refused else text.strip()):
            wrong.append(text)
        server.runs.rename(run, "", owner=owner)
    return wrong


def files() -> list[str]:
    """Import hostile files into the home folder; what was not refused in one line."""
    wrong = []
    for data in islice(_files(), FILES):
        try:
            wrong.append(datasets.import_npz(data))
        except InvalidInput as refused:
            wrong += [str(refused)] * ("\n" in str(refused))
    return wrong


def _files() -> Iterator[bytes]:
    rng = np.random.default_rng(4)
    whole = io.BytesIO()
    np.savez(whole, x_train=np.zeros((4, 2, 2), "u1"), y_train=np.zeros(4, "u1"))
    good = whole.getvalue()
    yield from (b"", b"PK", b"PK\x03\x04" + bytes(40), b"\x93NUMPY\x01\x00", good[: len(good) // 2])
    yield _zipped({"../../evil.npy": b"x"})
    yield _zipped({"x_train.npy": bytes(10_000_000)})
    yield _pickled()
    while True:
        if rng.random() < 0.5:
            yield rng.bytes(int(rng.integers(1, 4000)))
        else:
            broken = bytearray(good)
            for place in rng.integers(0, len(broken), 12):
                broken[place] = rng.integers(256)
            yield bytes(broken)


def _zipped(members: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def _pickled() -> bytes:
    file = io.BytesIO()
    np.savez(file, x_train=np.array([{"a": 1}], dtype=object))
    return file.getvalue()


def messages(server: Server) -> int:
    """Send bytes that pretend to be a browser's; how many could be sent."""

    async def send() -> int:
        sent = 0
        for data in _messages():
            with contextlib.suppress(websockets.WebSocketException, TimeoutError):
                async with websockets.connect(
                    f"ws://{server.address}/_stcore/stream",
                    subprotocols=[Subprotocol("streamlit")],
                    max_size=None,
                ) as connection:
                    await connection.send(data)
                    sent += 1
                    await asyncio.wait_for(connection.recv(), 0.3)
        return sent

    return asyncio.run(send())


def _messages() -> Iterator[bytes]:
    rng, texts = random.Random(5), attacks(MESSAGES, 6)  # noqa: S311
    for number in range(MESSAGES):
        message, text = BackMsg(), texts[number].encode("utf-8", "replace").decode()
        state = message.rerun_script
        state.page_name, state.query_string = rng.choice(PAGES), f"run={text}&runs={text}"
        if number % 4 == 0:
            yield rng.randbytes(rng.randint(1, 3000))
        elif number % 4 == 1:
            state.page_script_hash, state.fragment_id = text, text
            yield message.SerializeToString()
        elif number % 4 == 2:
            widget = state.widget_states.widgets.add(id=f"$$ID-{'0' * 32}-{text[:50]}")
            widget.string_value = text
            yield message.SerializeToString()
        else:
            yield message.SerializeToString()[: rng.randint(0, 30)]
