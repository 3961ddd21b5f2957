"""The process that serves: headers, the owner's cookie, cold links, no TensorFlow."""

import asyncio
import re
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request

import pytest
import streamlit as st
import websockets
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Subprotocol

from engine.settings import SweepSettings
from pages.server.server import SecurityHeadersMiddleware
from pages.shared.state import OWNER_COOKIE, owner_of
from tests.pages import fabricated

VISIT_ALL = """
import sys
from streamlit.testing.v1 import AppTest
page = AppTest.from_file("pages/frame.py", default_timeout=60).run()
assert not page.exception, page.exception
for name in ("train/page.py", "sweep/page.py", "compare/page.py", "learn/page.py", "runs/page.py"):
    page.switch_page(name).run()
    assert not page.exception, page.exception
page.query_params["run"] = sys.argv[1]
page.switch_page("sweep/page.py").run()
assert len(page.get("plotly_chart")) == 7
import pages.server.server
heavy = {"tensorflow", "tf_keras", "keras", "ai_edge_litert", "flwr"}
print(sorted(heavy & set(sys.modules)))
"""


def answer(path, *, cookie=None):
    """Status-free heads of an answer, as the browser gets them, without a network."""
    sent = []

    async def ask():
        app = Starlette(
            routes=[
                Route("/", lambda _: HTMLResponse("<p>page</p>")),
                Route("/data", lambda _: JSONResponse({})),
            ],
            middleware=[Middleware(SecurityHeadersMiddleware)],
        )
        heads = [(b"cookie", cookie.encode("latin-1"))] if cookie else []
        scope = {"type": "http", "method": "GET", "path": path, "headers": heads}
        scope |= {"query_string": b"", "http_version": "1.1", "scheme": "http"}

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        await app(scope, receive, send)

    asyncio.run(ask())
    return [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]


def cookies(heads):
    return [value for name, value in heads if name == "set-cookie"]


def test_a_new_browser_gets_an_owner_that_scripts_cannot_read():
    (cookie,) = cookies(answer("/"))
    assert cookie.startswith(f"{OWNER_COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert cookies(answer("/")) != [cookie]


def test_a_known_browser_keeps_its_owner():
    assert cookies(answer("/", cookie=f"{OWNER_COOKIE}={'a' * 32}")) == []


@pytest.mark.parametrize("other", ['x={"a": "b"}', "foo=a b", "a@b=1", "lonely", "=;;", "x=\xe9"])
def test_cookies_of_other_applications_do_no_harm(other):
    mine = f"{OWNER_COOKIE}={'a' * 32}"
    for cookie in (f"{other}; {mine}", f"{mine}; {other}"):
        assert cookies(answer("/", cookie=cookie)) == []
    assert len(cookies(answer("/", cookie=other))) == 1


def test_the_store_never_holds_the_cookie():
    secret = "ab" * 16
    assert re.fullmatch(r"[0-9a-f]{16}", owner_of(secret))
    assert owner_of(secret) not in secret
    assert owner_of(secret) == owner_of(secret) != owner_of("ba" * 16)


@pytest.mark.parametrize("value", ["", "short", "x" * 32, "../../etc"])
def test_an_owner_that_nobody_gave_out_is_replaced(value):
    assert len(cookies(answer("/", cookie=f"{OWNER_COOKIE}={value}"))) == 1


def test_only_pages_set_the_cookie_but_every_answer_is_protected():
    heads = dict(answer("/data"))
    assert "set-cookie" not in heads
    assert heads["x-content-type-options"] == "nosniff"
    assert heads["x-frame-options"] == "SAMEORIGIN"
    assert "default-src 'self'" in heads["content-security-policy"]


def test_every_option_of_the_server_is_one_that_streamlit_knows(project):
    """An option that a later Streamlit calls otherwise would be passed over without a word."""
    values = tomllib.loads((project / ".streamlit" / "config.toml").read_text())

    def check(values, prefix=""):
        for name, value in values.items():
            if isinstance(value, dict):
                check(value, f"{prefix}{name}.")
            else:
                assert st.get_option(f"{prefix}{name}") == value

    check(values)


def test_no_page_brings_tensorflow_into_the_web_process(runs, project):
    run = fabricated.finished_sweep(runs, SweepSettings())
    command = [sys.executable, "-c", VISIT_ALL, run.id]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.fixture
def address(project, home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    nowhere = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=project, stdout=nowhere, stderr=nowhere)
    try:
        await_health(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def await_health(url):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  # loopback
                if response.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


async def first_visit(address, page, query):
    """All that the first browser after a start is sent for a deep link."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = query
    received: list[ForwardMsg] = []
    url = f"ws://{address}/_stcore/stream"
    async with websockets.connect(
        url, subprotocols=[Subprotocol("streamlit")], max_size=None
    ) as socket_:
        await socket_.send(message.SerializeToString())
        while not received or received[-1].WhichOneof("type") != "script_finished":
            forward = ForwardMsg()
            forward.ParseFromString(await socket_.recv())
            received.append(forward)
    return received


def test_a_copied_link_works_as_the_first_request_after_a_start(runs, address):
    run = fabricated.finished_sweep(runs, SweepSettings(), owner="other")
    received = asyncio.run(first_visit(address, "sweep", f"run={run.id}&file=Keras"))
    kinds = [message.delta.new_element.WhichOneof("type") for message in received]
    assert kinds.count("plotly_chart") == 7
    navigations = [m.navigation for m in received if m.WhichOneof("type") == "navigation"]
    titles = [page.page_name for page in navigations[0].app_pages]
    assert {"Overview", "Train", "Sweep", "Runs"} <= set(titles)
