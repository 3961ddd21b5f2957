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

LARGEST_HEAD = 4096
"""Bytes; whatever is larger is none, and need not be read."""


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
        if not _held_back(message, begun=bool(self._messages)):
            await self._release(message)
            return
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


def _held_back(message: Message, *, begun: bool) -> bool:
    """Whether a message is a head, or shows nothing while a head is held."""
    data = message.get("bytes") or b""
    if not 0 < len(data) <= LARGEST_HEAD:
        return False
    read = ForwardMsg.FromString(data)
    if read.WhichOneof("type") == "delta":
        return begun and read.delta.WhichOneof("type") == "add_block"
    return begun or read.WhichOneof("type") == "new_session"
