"""NumPy's products use one thread inside the block, and what they used before after it."""

import numpy  # noqa: F401  # loads the library that is asked
from threadpoolctl import threadpool_info, threadpool_limits

from engine.system.blas import one_thread


def threads():
    libraries = [each for each in threadpool_info() if "numpy" in each["filepath"]]
    return {each["num_threads"] for each in libraries}


def test_one_thread_for_as_long_as_the_block_runs():
    with threadpool_limits(2, user_api="blas"):
        before = threads()
        with one_thread():
            assert threads() == {1}
        assert threads() == before == {2}
