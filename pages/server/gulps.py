"""The head of an answer waits for its body, so that a browser draws the page once.

Streamlit says at once that a script has begun, and a browser draws the whole page for that alone;
what the script then shows waits until it has. Where the two leave together, it draws one time less.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

MOST_SECONDS = 0.06
"""How long a head waits; somebody whose script computes for longer shall see that it has begun."""

SMALLEST_HEAD, LARGEST_HEAD = 500, 4_000
"""Bytes; a head tells a page's settings and is about 1,300. What cannot be one is not read."""


class Gulps:
    """Holds the message that a script has begun until it shows something."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; of a WebSocket, hold heads back."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        held = _Held(send)
        try:
            await self.app(scope, receive, held.send)
        finally:
            held.forget()


@dataclass
class _Held:
    """What one connection has not sent yet."""

    out: Send
    _messages: list[Message] = field(default_factory=list)
    _timer: asyncio.Task[None] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, message: Message) -> None:
        """Send the message now, or with the next one that shows something."""
        if not self._messages and not _is_head(message):
            async with self._turn:
                await self.out(message)
        elif self._messages and _shows_something(message):
            await self._release(message)
        else:
            self._messages.append(message)
            if self._timer is None:
                self._timer = asyncio.create_task(self._later())

    def forget(self) -> None:
        """The connection has ended."""
        if self._timer is not None:
            self._timer.cancel()

    async def _later(self) -> None:
        await asyncio.sleep(MOST_SECONDS)
        self._timer = None
        with contextlib.suppress(OSError, RuntimeError):  # gone: the next `send` says so
            await self._release()

    async def _release(self, *more: Message) -> None:
        self.forget()
        self._timer = None
        async with self._turn:
            messages, self._messages = [*self._messages, *more], []
            for message in messages:
                await self.out(message)


def _is_head(message: Message) -> bool:
    data = message.get("bytes") or b""
    if not SMALLEST_HEAD <= len(data) <= LARGEST_HEAD:
        return False
    return bool(ForwardMsg.FromString(data).WhichOneof("type") == "new_session")


def _shows_something(message: Message) -> bool:
    data = message.get("bytes") or b""
    if not 0 < len(data) <= LARGEST_HEAD:
        return True
    read = ForwardMsg.FromString(data)
    shown = read.WhichOneof("type") == "delta" and read.delta.WhichOneof("type") != "add_block"
    return bool(shown)
