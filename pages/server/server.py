"""Start, stop, security headers and the owner's cookie of the web process.

Streamlit would collect garbage after every rerun, which takes ten times as long as the rerun:
`.streamlit/config.toml` switches that off. What is imported at the start is frozen out of Python's
own collections too. TensorFlow is never imported in this process.
"""

import contextlib
import gc
import importlib
import os
import socket
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.errors import StorageError
from pages.shared.state import OWNER_COOKIE, OWNER_FORM, new_secret

HEAVY = (
    "numpy",
    "pandas",
    "plotly.graph_objects",
    "sqlalchemy",
    "pages.shared.forms",
    "pages.explore.view",
)
SWITCH_SECONDS = 0.0005
"""How long a script may keep the interpreter from the thread that sends answers; Python's own
5 ms would be waited for several times in each answer once many people ask at once."""

BLAS_PATIENCE = "4"
"""Two to this power are the cycles for which a thread of NumPy's products spins before it sleeps;
its own 26 would take a core from the browser, or from a training, for 25 ms after each product."""

YEAR_SECONDS = 365 * 24 * 3600

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            # Streamlit's bundle needs the first two; components come to the browser as blobs
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss: data: blob:",
            "worker-src 'self' blob:",
            "frame-ancestors 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    ),
}


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Start the workers before the first visitor, end them after the last."""
    _send_at_once()
    sys.setswitchinterval(SWITCH_SECONDS)
    supervisor = await anyio.to_thread.run_sync(_start)
    gc.collect()
    gc.freeze()
    try:
        yield {}
    finally:
        if supervisor is not None:
            await anyio.to_thread.run_sync(supervisor.stop)


def middleware() -> list[Middleware]:
    """What stands between the network and Streamlit."""
    return [Middleware(SecurityHeadersMiddleware)]


class SecurityHeadersMiddleware:
    """Adds security headers to every answer, and an owner's cookie for a browser that has none."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; change only the head of the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # the parser that pages use, which skips what other applications wrote
        cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
        has_owner = OWNER_FORM.fullmatch(cookies.get(OWNER_COOKIE, "")) is not None

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                is_page = headers.get("content-type", "").startswith("text/html")
                if is_page and not has_owner:
                    cookie = f"{OWNER_COOKIE}={new_secret()}; Path=/; Max-Age={YEAR_SECONDS}"
                    headers.append("set-cookie", f"{cookie}; HttpOnly; SameSite=Lax")
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _send_at_once() -> None:
    """Let answers leave when they are written; saves 40 ms at every rerun.

    asyncio switches Nagle's algorithm off only for sockets made by the name of TCP, which
    Streamlit's listening socket is not; the connections that it accepts inherit the option.
    """
    for number in map(int, os.listdir("/dev/fd")):  # noqa: PTH208  # numbers, not paths
        with contextlib.suppress(OSError):  # the folder's own number is closed by now
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                listening = socket.socket(fileno=number)
                try:
                    if listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                finally:
                    listening.detach()  # it belongs to the server


def _start() -> Any:
    """Import what pages need and start the workers; None where the home cannot be used.

    The pages then say in one line what is wrong with it.
    """
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", BLAS_PATIENCE)
    for name in HEAVY:
        importlib.import_module(name)
    from engine.runs.supervisor import Supervisor  # noqa: PLC0415
    from pages.shared import cached  # noqa: PLC0415  # caches need the running server
    from pages.shared.charts import base, learning  # noqa: PLC0415

    # plotly loads more at its first chart: draw one now, while that can still be frozen
    base.Finished(learning.curves("accuracy", (), ()))

    try:
        supervisor = Supervisor(cached.runs())
        supervisor.start()
    except StorageError:
        return None
    return supervisor
