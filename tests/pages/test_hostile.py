"""Two hundred hostile inputs leave the server up and the store true; what guards it by default."""

import asyncio
import contextlib
import http.client
import io
import random
import socket
import urllib.parse
import zipfile

import numpy as np
import psutil
import pytest
import sqlalchemy as sa
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.typing import Subprotocol

from benchmarks.server import serving
from benchmarks.web_person import Person
from engine import datasets
from engine.errors import InvalidInput, NotYours
from engine.runs import artifacts
from engine.runs.database import RUNS
from engine.settings import SweepSettings
from tests.pages import fabricated

SMALL = SweepSettings(methods=("unit",), sparsities=(0.5,))
OWNER = "0123456789abcdef"
PAGES = (
    "", "train", "sweep", "explore", "schedule", "federate", "export", "compare", "learn", "paper",
    "runs",
)  # fmt: skip
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


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("hostile") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def run(server):
    finished = fabricated.finished_sweep(server.runs, SMALL, owner=OWNER)
    artifacts.save(server.runs.database, finished.id, "unit-0.5.tflite.zip", b"model")
    return finished


@pytest.fixture(autouse=True)
def _unharmed(server, run):
    """After every attack: the same process, the same rows and files, and a page that works."""
    before = store(server, run)
    yield
    assert server.process.poll() is None
    assert store(server, run) == before
    assert asyncio.run(errors_of_a_visit(server, run)) == []


def store(server, run):
    """What the store holds of runs, results and files."""
    with server.runs.database.read() as connection:
        rows = [tuple(row) for row in connection.execute(sa.select(RUNS).order_by(RUNS.c.id))]
    files = {each.name: server.runs.file(run.id, each.name) for each in server.runs.files(run.id)}
    return rows, server.runs.result(run.id), files


async def errors_of_a_visit(server, run):
    async with Person(server.address, "sweep", f"run={run.id}") as person:
        assert person.has("methods")
        return [*person.errors, *person.exceptions]


def attacks(count, seed):
    """So many hostile texts: the known ones, then mixtures of them with random characters."""
    rng = random.Random(seed)  # noqa: S311  # reproducible, not secret
    made = list(SEEDS)
    while len(made) < count:
        noise = "".join(chr(rng.choice([*range(1, 256), 0x2028, 0xFEFF])) for _ in range(20))
        made.append(rng.choice(SEEDS)[: rng.randint(1, 60)] + noise)
    return made[:count]


def test_hostile_urls_are_answered(server):
    rng, statuses = random.Random(1), []  # noqa: S311
    for text in attacks(URLS, 1):
        path = urllib.parse.quote(text, safe="/.%<>'{}$:;=!*" if rng.random() < 0.3 else "")
        prefix = rng.choice([*PAGES, "_stcore", "_stcore/upload_file", "app/static", "static"])
        method = rng.choice(["GET", "POST", "PUT"])
        statuses.append(status_of(server.port, method, f"/{prefix}/{path}"))
        statuses.append(status_of(server.port, "GET", f"/{prefix}?{rng.choice(PARAMETERS)}={path}"))
    assert len(statuses) == 2 * URLS
    assert all(status is None or status < 500 for status in statuses)
    assert 200 in statuses


def status_of(port, method, target):
    """The status, None where the server hung up: the target goes out as it is."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        head = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        raw.sendall(head.encode("utf-8", "replace"))
        with contextlib.suppress(ConnectionError), raw.makefile("rb") as answered:
            words = answered.readline().split()
            return int(words[1]) if len(words) > 1 else None
    return None


def test_hostile_parameters_never_end_in_an_exception(server):
    async def visit():
        async with Person(server.address, "") as person:
            for number, text in enumerate(attacks(NAMES, 2)):
                for name in (PARAMETERS[number % 14], PARAMETERS[(number + 3) % 14]):
                    query = urllib.parse.urlencode({name: text}, errors="replace")
                    await person.go(PAGES[number % len(PAGES)], query)
            return person

    person = asyncio.run(visit())
    assert person.exceptions == []
    assert all("Traceback" not in line for line in person.errors)


def test_hostile_names_are_refused_or_kept_letter_by_letter(server, run):
    for text in attacks(NAMES, 3):
        refused = ""
        try:
            server.runs.rename(run.id, text, owner=OWNER)
        except InvalidInput as refusal:
            refused = str(refusal)
        assert "\n" not in refused
        assert server.runs.get(run.id).name == ("" if refused else text.strip())
        server.runs.rename(run.id, "", owner=OWNER)
    with pytest.raises(NotYours):
        server.runs.rename(run.id, "mine now", owner="somebody else")


def hostile_files():
    rng = np.random.default_rng(4)
    whole = io.BytesIO()
    np.savez(whole, x_train=np.zeros((4, 2, 2), "u1"), y_train=np.zeros(4, "u1"))
    good = whole.getvalue()
    yield from (b"", b"PK", b"PK\x03\x04" + bytes(40), b"\x93NUMPY\x01\x00", good[: len(good) // 2])
    yield zipped({"../../evil.npy": b"x"})
    yield zipped({"x_train.npy": bytes(10_000_000)})
    yield pickled()
    while True:
        if rng.random() < 0.5:
            yield rng.bytes(int(rng.integers(1, 4000)))
        else:
            broken = bytearray(good)
            for place in rng.integers(0, len(broken), 12):
                broken[place] = rng.integers(256)
            yield bytes(broken)


def zipped(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def pickled():
    file = io.BytesIO()
    np.savez(file, x_train=np.array([{"a": 1}], dtype=object))
    return file.getvalue()


def test_hostile_files_are_refused_in_one_line(server, monkeypatch):
    monkeypatch.setenv("PRUNESCOPE_HOME", str(server.home))
    for _, data in zip(range(FILES), hostile_files(), strict=False):
        with pytest.raises(InvalidInput) as refused:
            datasets.import_npz(data)
        assert "\n" not in str(refused.value)


def messages():
    """Bytes that pretend to be a browser's messages."""
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


def test_hostile_messages_end_at_most_their_own_session(server):
    async def send():
        sent = 0
        for data in messages():
            url = f"ws://{server.address}/_stcore/stream"
            with contextlib.suppress(websockets.WebSocketException, TimeoutError):
                async with websockets.connect(
                    url, subprotocols=[Subprotocol("streamlit")], max_size=None
                ) as connection:
                    await connection.send(data)
                    sent += 1
                    await asyncio.wait_for(connection.recv(), 0.3)
        return sent

    assert asyncio.run(send()) == MESSAGES


@pytest.mark.parametrize("path", ["/", "/compare", "/_stcore/health", "/favicon.png"])
def test_every_answer_carries_the_guarding_heads(server, path):
    heads = dict(answer(server.port, "GET", path).getheaders())
    assert heads["x-content-type-options"] == "nosniff"
    assert heads["x-frame-options"] == "SAMEORIGIN"
    assert heads["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'self'" in heads["content-security-policy"]


def answer(port, method, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_an_upload_needs_the_pages_token(server):
    assert answer(server.port, "PUT", "/_stcore/upload_file/session/file").status == 403


SHAKE = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol": "streamlit",
}  # fmt: skip


@pytest.mark.parametrize(
    ("host", "origin", "allowed"),
    [
        ("127.0.0.1:{port}", "http://127.0.0.1:{port}", True),
        ("localhost:{port}", "http://localhost:{port}", True),
        ("127.0.0.1:{port}", "http://evil.example", False),
        ("evil.example:{port}", "http://evil.example:{port}", False),  # DNS rebinding
    ],
)
def test_only_pages_of_this_machine_may_open_the_socket(server, host, origin, allowed):
    heads = {"Host": host, "Origin": origin}
    heads = {name: value.format(port=server.port) for name, value in heads.items()}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/_stcore/stream", headers=SHAKE | heads)
    assert connection.getresponse().status == (101 if allowed else 403)
    connection.close()


def test_nobody_else_on_the_network_reaches_it_by_default(server):
    opened = psutil.Process(server.process.pid).net_connections("tcp")
    listening = [each for each in opened if each.status == psutil.CONN_LISTEN]
    assert {each.laddr.ip for each in listening} == {"127.0.0.1"}
