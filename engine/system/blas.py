"""How many threads NumPy's matrix products use.

Where several threads make small products, one each is best: two threads of each would wait for one
another, spinning.
"""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[Any]:
    """Let NumPy's products use one thread, in all of this process, as long as the block runs.

    Blocks of two threads must not overlap: what the first one finds is what the last one leaves.
    """
    return _controller().limit(limits=1, user_api="blas")  # type: ignore[no-any-return]


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
