"""Work done ahead of its reader: in order, bounded, and ended with the reader."""

import threading
from collections.abc import Iterator

import numpy  # noqa: F401  # loads the library that `one_thread` asks
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info, threadpool_limits

from engine.system.threads import map_in_order, one_thread


@given(items=st.lists(st.integers(), max_size=20), threads=st.integers(1, 4))
def test_what_comes_out_is_what_map_gives(items: list[int], threads: int) -> None:
    assert list(map_in_order(str, items, threads=threads)) == list(map(str, items))


def test_the_second_item_is_worked_on_while_the_first_is() -> None:
    both = threading.Barrier(2, timeout=20)  # neither gets past it alone
    results = map_in_order(lambda item: (both.wait(), item)[1], ["first", "second"], threads=2)
    assert list(results) == ["first", "second"]


def test_the_order_is_kept_when_a_later_item_is_ready_first() -> None:
    later = threading.Event()

    def work(item: int) -> int:
        if item == 1:
            later.set()
        assert later.wait(20)
        return item

    assert list(map_in_order(work, range(2), threads=2)) == [0, 1]


def test_a_reader_who_is_slow_is_not_run_away_from() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(100):
            taken.append(item)
            yield item

    results = map_in_order(str, items(), threads=2)
    assert next(results) == "0"
    assert taken == [0, 1, 2, 3]
    results.close()  # type: ignore[attr-defined]


def test_nothing_is_begun_after_the_reader_has_stopped() -> None:
    begun: list[int] = []
    go = threading.Event()

    def work(item: int) -> int:
        begun.append(item)
        assert item == 0 or go.wait(20)
        return item

    results = map_in_order(work, range(100), threads=1)
    assert next(results) == 0
    threading.Timer(0.1, go.set).start()  # item 1 is in the works when the reader stops
    results.close()  # type: ignore[attr-defined]
    assert begun in ([0], [0, 1])


def test_an_error_comes_at_the_turn_of_its_item() -> None:
    results = map_in_order(lambda item: 1 // item, [1, 0, 1], threads=2)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_products_have_one_thread_inside_the_block_and_then_what_they_had() -> None:
    def threads() -> set[int]:
        libraries = [each for each in threadpool_info() if "numpy" in each["filepath"]]
        return {each["num_threads"] for each in libraries}

    with threadpool_limits(2, user_api="blas"):
        before = threads()
        with one_thread():
            assert threads() == {1}
        assert threads() == before == {2}
