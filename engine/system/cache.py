"""A bounded cache for any number of threads: each value is made once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")

WAIT_SECONDS = 0.05


class Cache(Generic[Value]):
    """The values asked for last, up to a sum of sizes; the one asked for last always stays.

    Thread-safe. Who asks for a value while another makes it waits and takes that one. If the
    maker gives up, one of those who wait goes on in its place.
    """

    def __init__(self, most: int, size: Callable[[Value], int] = lambda _: 1) -> None:
        """Keep values up to a sum of sizes, such as bytes; without `size`, up to a number."""
        self._most = most
        self._size = size
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._makers: dict[Hashable, threading.Lock] = {}
        self._waiting: dict[Hashable, int] = {}
        self._lock = threading.Lock()

    def peek(self, key: Hashable) -> Value | None:
        """The value of that key, now the youngest; None if it is not there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def get(
        self, key: Hashable, make: Callable[[], Value], *, turn: Callable[[], None] | None = None
    ) -> Value:
        """The value of that key, made now if it is not there, at most once at a time for a key.

        While another makes it, `turn` is called again and again; it may raise to stop waiting.
        """
        found = self.peek(key)
        if found is not None:
            return found
        with self._lock:
            self._waiting[key] = self._waiting.get(key, 0) + 1
            maker = self._makers.setdefault(key, threading.Lock())
        try:
            while not maker.acquire(timeout=WAIT_SECONDS):
                if turn:
                    turn()
            try:
                found = self.peek(key)
                return found if found is not None else self._keep(key, make())
            finally:
                maker.release()
        finally:
            with self._lock:
                self._waiting[key] -= 1
                if not self._waiting[key]:
                    del self._waiting[key], self._makers[key]

    @property
    def size(self) -> int:
        """The sum of sizes that is kept now."""
        with self._lock:
            return sum(map(self._size, self._values.values()))

    def _keep(self, key: Hashable, value: Value) -> Value:
        with self._lock:
            self._values[key] = value
            total = sum(map(self._size, self._values.values()))
            while total > self._most and len(self._values) > 1:
                _, dropped = self._values.popitem(last=False)
                total -= self._size(dropped)
        return value
