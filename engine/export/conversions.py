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

Request: TypeAlias = tuple[Network, str, FloatArray | None]
Reply: TypeAlias = bytes | str
"""The file, or the line that says why there is none."""


class Converters:
    """Converter processes, started when they are needed or `start` says so, until `__exit__`.

    For use by any number of threads. They end with the process that started them, however that
    ends.
    """

    def __init__(self, processes: int = 1) -> None:
        self._children = [_Child() for _ in range(processes)]
        self._free: queue.SimpleQueue[_Child] = queue.SimpleQueue()
        for child in self._children:
            self._free.put(child)

    def __enter__(self) -> Self:
        """Nothing is started yet."""
        return self

    def start(self) -> None:
        """Start the processes: each loads TensorFlow, for some seconds, before it can answer."""
        for child in self._children:
            child.start()

    def __exit__(self, *_: object) -> None:
        """End the processes at once, whatever they do."""
        for child in self._children:
            child.end()

    def convert(
        self, network: Network, variant: str, calibration: FloatArray | None = None
    ) -> bytes:
        """As `converter.convert`, in the first process that is free.

        Raises:
            PrunescopeError: the network diverged, the converter refuses it, or its process has
                died.
        """
        check_finite(network)
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


@dataclass(frozen=True, slots=True)
class _Running:
    process: SpawnProcess
    pipe: Connection


class _Child:
    """A converter process and the pipe to it; one that died is replaced for the next call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended = False
        self._running: _Running | None = None

    def start(self) -> _Running | None:
        """The process, started if it is not; None if it has been ended."""
        with self._lock:
            if self._running is None and not self._ended:
                self._running = _run()
            return self._running

    def ask(self, request: Request) -> Reply | None:
        """The reply; None if the process has died, and the next call gets another one."""
        running = self.start()
        if running is None:
            return None
        try:
            running.pipe.send(request)
            reply: Reply = running.pipe.recv()
        except (EOFError, OSError):
            self._kill()
            running.pipe.close()
            return None
        return reply

    def end(self) -> None:
        """End the process, whatever it does, for good."""
        self._ended = True
        self._kill()

    def _kill(self) -> None:
        with self._lock:
            if self._running is not None:
                self._running.process.kill()
                self._running.process.join()
                self._running = None


def _run() -> _Running:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()  # or its death would not close the pipe
    return _Running(process, ours)


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
