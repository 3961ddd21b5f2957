"""Work on several items at a time, in threads, while the run can still be cancelled."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

from engine.work.session import Session

POLL_SECONDS = 0.2
"""How often it is checked whether somebody asked the run to stop."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """A pool that after an error waits for nobody: what still runs ends by itself, unheard."""
    pool = ThreadPoolExecutor(count)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def side_by_side(
    session: Session,
    pool: ThreadPoolExecutor,
    work: Callable[[Item], Result],
    items: Iterable[Item],
) -> Iterator[Result]:
    """Results as they come, begun in the order of the items.

    Raises:
        Cancelled: somebody asked the run to stop.
    """
    waiting = {pool.submit(work, item) for item in items}
    while waiting:
        done, waiting = wait(waiting, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
        session.check()
        for future in done:
            yield future.result()
