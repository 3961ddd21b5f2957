"""A server on the loopback interface that serves files and misbehaves on demand."""

import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Mirror:
    """What a loopback server serves, how it misbehaves, and what it was asked.

    Attributes:
        files: content by path.
        cut: paths whose body ends half-way, although its whole length was announced.
        trickle: paths sent one byte at a time, so many seconds apart.
        delay: seconds before a body starts.
    """

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    trickle: dict[str, float] = field(default_factory=dict)
    delay: float = 0.0
    asked: Counter[str] = field(default_factory=Counter)
    stopped: threading.Event = field(default_factory=threading.Event)


@dataclass
class Mirrors:
    """Starts loopback servers and stops them all at the end."""

    servers: list[ThreadingHTTPServer] = field(default_factory=list)
    mirrors: list[Mirror] = field(default_factory=list)

    def start(self, files: dict[str, bytes] | None = None) -> Mirror:
        server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        mirror = Mirror(f"http://127.0.0.1:{server.server_port}", dict(files or {}))
        server.RequestHandlerClass = handler(mirror)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        self.servers.append(server)
        self.mirrors.append(mirror)
        return mirror

    def stop(self) -> None:
        for mirror in self.mirrors:
            mirror.stopped.set()
        for server in self.servers:
            server.shutdown()
            server.server_close()


def handler(mirror: Mirror) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            mirror.asked[self.path] += 1
            if self.path not in mirror.files:
                self.send_error(404)
                return
            body = mirror.files[self.path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            time.sleep(mirror.delay)
            self._send(body[: len(body) // 2] if self.path in mirror.cut else body)

        def _send(self, body: bytes) -> None:
            pause = mirror.trickle.get(self.path, 0.0)
            parts = [body[i : i + 1] for i in range(len(body))] if pause else [body]
            with suppress(OSError):  # the client may hang up
                for part in parts:
                    mirror.stopped.wait(pause)
                    self.wfile.write(part)

        def log_message(self, *values: object) -> None:
            """The test's output is not the place for a server's log."""

    return Handler
