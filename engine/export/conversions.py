"""Converter calls in processes of their own, so that several formats are made at a time.

The converter holds Python's lock from start to end: two threads take as long as one call after the
other, two processes half as long. And where it crashes, it takes one file with it, not the run.
"""

import contextlib
import gc
import multiprocessing
import queue
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self, TypeAlias

from engine.arrays import FloatArray
from engine.errors import PrunescopeError
from engine.network import Network

PROCESSES = 2
"""Each takes up to 0.9 GB: with two of them a worker stays under 3 GB."""

Request: TypeAlias = tuple[Network, str, FloatArray | None]
Reply: TypeAlias = bytes | str
"""The file, or the line that says why there is none."""


class Converters:
    """Converter processes between `__enter__` and `__exit__`, for use by as many threads.

    They end with the process that started them, however that ends.
    """

    def __init__(self, processes: int = PROCESSES) -> None:
        self._children = [_Child() for _ in range(processes)]
        self._free: queue.SimpleQueue[_Child] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        """Start the processes; each loads TensorFlow while the first calls already wait."""
        for child in self._children:
            child.start()
            self._free.put(child)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes at once, whatever they do."""
        for child in self._children:
            child.end()

    def convert(
        self, network: Network, variant: str, calibration: FloatArray | None = None
    ) -> bytes:
        """As `converter.convert`, in the first process that is free.

        Raises:
            PrunescopeError: the converter refuses the network, or its process has died.
        """
        child = self._free.get()
        try:
            reply = child.ask((network, variant, calibration))
            if reply is None:  # killed, for want of memory perhaps: once more, in a fresh one
                reply = child.ask((network, variant, calibration)) or "its process died twice"
        finally:
            self._free.put(child)
        if isinstance(reply, str):
            raise PrunescopeError(f"the converter made no {variant} file: {reply}")
        return reply


class _Child:
    """A converter process and the pipe to it; one that died is replaced for the next call."""

    def __init__(self) -> None:
        self._ended = False

    def start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()  # or its death would not close the pipe

    def ask(self, request: Request) -> Reply | None:
        """The reply; None if the process has died, and another one stands in its place."""
        try:
            self._pipe.send(request)
            reply: Reply = self._pipe.recv()
        except (EOFError, OSError):
            self._replace()
            return None
        return reply

    def end(self) -> None:
        self._ended = True
        self._process.kill()
        self._process.join()

    def _replace(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()
        if not self._ended:
            self.start()


def _serve(pipe: Connection) -> None:
    """Answer requests until the other end of the pipe closes."""
    import engine.export.converter  # noqa: F401, PLC0415  # TensorFlow, in this process only

    gc.freeze()  # what TensorFlow's import made stays: collecting need not look at it again
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send(_reply(*pipe.recv()))


def _reply(network: Network, variant: str, calibration: FloatArray | None) -> Reply:
    from engine.export.converter import convert  # noqa: PLC0415

    try:
        return convert(network, variant, calibration)
    except Exception as error:  # whatever it is, it is this file's
        return " ".join(f"{error}".split())[:300] or type(error).__name__
