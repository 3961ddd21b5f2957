"""Work on many items, a few at a time in threads; and how many threads NumPy has for each."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, TypeVar

from threadpoolctl import ThreadpoolController

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_in_order(
    work: Callable[[Item], Result], items: Iterable[Item], *, threads: int
) -> Iterator[Result]:
    """`work(item)` for each item, in order, while threads do the next ones.

    At most ``2 * threads`` items are begun but not yet handed out, so a slow reader fills no
    memory; once the reader stops, no more are begun.

    Raises:
        Exception: what `work` raises, when it is the turn of that item.
    """
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) == 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def one_thread() -> AbstractContextManager[Any]:
    """Let NumPy's matrix products use one thread, in all of this process, while the block runs.

    Where several threads make small products, one each is best: two threads of each would wait for
    one another, spinning. Blocks of two threads must not overlap: what the first one finds is what
    the last one leaves.
    """
    return _controller().limit(limits=1, user_api="blas")  # type: ignore[no-any-return]


_controller = cache(ThreadpoolController)  # it looks at all loaded libraries
