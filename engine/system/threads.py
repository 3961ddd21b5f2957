"""Work on a list of things, a few at a time, and hand out what came of them in the list's order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")


def ahead(work: Callable[[Item], Made], items: Iterable[Item], *, threads: int) -> Iterator[Made]:
    """`work` of each item, in order, while threads do the next ones.

    Never more than twice as many as there are threads are begun but not handed out, so a reader
    who is slow fills no memory. When the reader stops, nothing new is begun. What `work` raises
    is raised at its item's turn.
    """
    waiting: deque[Future[Made]] = deque()
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
