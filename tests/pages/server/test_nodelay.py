"""What the web process asks of sockets and of NumPy, looked at from inside the real server."""

import os
import socket
import subprocess
import sys

import pytest

SPY = """
import importlib.abc, os, socket, sys, threading, time

from streamlit.web import cli


class Imports(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            print("numpy", os.environ.get("OPENBLAS_THREAD_TIMEOUT"), flush=True)


def answered(port):
    try:
        visitor = socket.create_connection(("127.0.0.1", port))
        visitor.sendall(b"GET /_stcore/health HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\n\\r\\n")
        return visitor if visitor.recv(1000) else None
    except OSError:
        return None


def visit(port):
    while not answered(port):
        time.sleep(0.05)  # who comes before the server has begun is no visitor yet
    visitor = answered(port)
    for number in map(int, os.listdir("/dev/fd")):
        try:
            accepted = socket.socket(fileno=os.dup(number))
            if accepted.getpeername() == visitor.getsockname():
                print("nodelay", accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                sys.stdout.flush()
        except OSError:
            pass  # no socket, or a listening one


sys.meta_path.insert(0, Imports())
threading.Thread(target=visit, args=(int(sys.argv[1]),), daemon=True).start()
cli.main(["run", "app.py", "--server.port", sys.argv[1]])
"""


@pytest.fixture
def said(project, home):
    """The lines of the spy, until both have come."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_THREAD_TIMEOUT"}
    server = subprocess.Popen(
        [sys.executable, "-c", SPY, port],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    found: dict[str, str] = {}
    try:
        assert server.stdout
        for line in server.stdout:
            word, _, value = line.strip().partition(" ")
            if word in {"numpy", "nodelay"}:
                found.setdefault(word, value)
            if len(found) == 2:
                break
        yield found
    finally:
        server.kill()  # the worker sees the end of its pipe, and ends
        server.communicate()


def test_answers_leave_at_once_and_threads_of_products_sleep_soon(said):
    # silent otherwise: a rerun takes 40 ms longer, or a product spins beside the browser
    assert said["nodelay"] == "1"
    assert said["numpy"] == "4"
