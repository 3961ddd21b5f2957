"""Two hundred hostile inputs leave the server up and the store true; what guards it by default."""

import http.client

import psutil
import pytest

from benchmarks import hostile
from benchmarks.server import serving
from engine.errors import NotYours
from engine.runs import artifacts
from engine.settings import SweepSettings
from tests.pages import fabricated

SMALL = SweepSettings(methods=("unit",), sparsities=(0.5,))
OWNER = "0123456789abcdef"


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
    before = hostile.store(server, run.id)
    yield
    assert server.process.poll() is None
    assert hostile.store(server, run.id) == before
    assert hostile.errors_of_a_visit(server, run.id) == []


def test_there_are_two_hundred():
    assert hostile.URLS + hostile.NAMES + hostile.FILES + hostile.MESSAGES == 200
    assert len(set(hostile.attacks(200, 0))) == 200


def test_hostile_urls_are_answered(server):
    statuses = hostile.links(server)
    assert len(statuses) == 2 * hostile.URLS
    assert all(status is None or status < 500 for status in statuses)
    assert 200 in statuses


def test_hostile_parameters_never_end_in_an_exception(server):
    person = hostile.parameters(server)
    assert person.exceptions == []
    assert all("Traceback" not in line for line in person.errors)


def test_hostile_names_are_refused_or_kept_letter_by_letter(server, run):
    assert hostile.names(server, run.id, OWNER) == []
    with pytest.raises(NotYours):
        server.runs.rename(run.id, "mine now", owner="somebody else")


def test_hostile_files_are_refused_in_one_line(server, monkeypatch):
    monkeypatch.setenv("PRUNESCOPE_HOME", str(server.home))
    assert hostile.files() == []


def test_hostile_messages_end_at_most_their_own_session(server):
    assert hostile.messages(server) == hostile.MESSAGES


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
