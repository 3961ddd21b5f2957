"""How many threads NumPy's matrix products use.

Where several threads make small products, one each is best: two threads of each would wait for one
another, spinning.
"""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[Any]:
    """Let every product of this process use one thread, as long as the block runs."""
    return _controller().limit(limits=1, user_api="blas")  # type: ignore[no-any-return]


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
