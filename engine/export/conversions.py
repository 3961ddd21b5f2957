"""Converter calls in processes of their own, so that several formats are made at a time.

The converter holds Python's lock from start to end: two threads take as long as one call after the
other, two processes half as long. And where it crashes, it takes one file with it, not the worker.
"""

import contextlib
import gc
import multiprocessing
import os
import queue
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Self, TypeAlias

from engine.arrays import FloatArray
from engine.errors import PrunescopeError
from engine.networks.network import Network, check_finite

PROCESSES = 2
"""Each takes up to 0.9 GB: with two of them a worker stays under 3 GB."""

Reply: TypeAlias = bytes | str
"""The file, or the line that says why there is none."""


@dataclass(frozen=True, slots=True)
class _Child:
    """A converter process and the pipe to it."""

    process: SpawnProcess
    pipe: Connection

    def ask(self, request: tuple[Network, str, FloatArray | None]) -> Reply | None:
        """The reply; None if the process has died."""
        try:
            self.pipe.send(request)
            reply: Reply = self.pipe.recv()
        except (EOFError, OSError):
            self.kill()
            self.pipe.close()
            return None
        return reply

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


class Converters:
    """Converter processes, started when they are needed or `start` says so, until `__exit__`.

    For use by any number of threads. They end with the process that started them, however that
    ends.
    """

    def __init__(self, processes: int = 1) -> None:
        self._free: queue.SimpleQueue[_Child | None] = queue.SimpleQueue()
        for _ in range(processes):
            self._free.put(None)  # to be started
        self._children: list[_Child] = []
        self._ended = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        """Nothing is started yet."""
        return self

    def start(self) -> None:
        """Start the processes: each loads TensorFlow, for some seconds, before it can answer."""
        for _ in range(self._free.qsize()):
            self._free.put(self._free.get() or self._begun())

    def __exit__(self, *_: object) -> None:
        """End the processes at once, whatever they do."""
        with self._lock:
            self._ended = True
            for child in self._children:
                child.kill()

    def convert(
        self, network: Network, variant: str, calibration: FloatArray | None = None
    ) -> bytes:
        """As `converter.convert`, in the first process that is free.

        Raises:
            PrunescopeError: the network diverged, the converter refuses it, or its process has
                died.
        """
        check_finite(network)
        child, reply = self._free.get(), None
        try:
            for _ in range(2):  # killed, for want of memory perhaps: once more, in a fresh one
                child = child or self._begun()
                reply = child.ask((network, variant, calibration)) if child else None
                if reply is not None:
                    break
                child = None
        finally:
            self._free.put(child)
        if not isinstance(reply, bytes):
            why = reply or "its process died twice"
            raise PrunescopeError(f"the converter made no {variant} file: {why}")
        return reply

    def _begun(self) -> _Child | None:
        """A new process; None once they are ended."""
        with self._lock:
            if self._ended:
                return None
            self._children.append(_run())
            return self._children[-1]


def _run() -> _Child:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()  # or its death would not close the pipe
    return _Child(process, ours)


def _serve(pipe: Connection) -> None:
    """Answer requests until the other end of the pipe closes."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from engine.export.converter import convert  # noqa: PLC0415  # TensorFlow, in here only

    gc.freeze()  # what TensorFlow's import made stays: collecting need not look at it again
    with contextlib.suppress(EOFError, OSError):
        while True:
            request = pipe.recv()
            try:
                reply: Reply = convert(*request)
            except Exception as error:  # whatever it is, it is this file's
                reply = " ".join(f"{error}".split())[:300] or type(error).__name__
            pipe.send(reply)


def _end_with_parent() -> None:
    """End also while TensorFlow loads, which is seconds of work for nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
