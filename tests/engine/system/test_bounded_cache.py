import threading

import pytest

from engine.system.cache import Cache


def sized(most):
    return Cache(most, len)


def test_a_value_is_made_once():
    kept, made = sized(100), []

    def make():
        made.append(1)
        return "value"

    assert [kept.get("a", make) for _ in range(3)] == ["value"] * 3
    assert made == [1]


def test_no_more_bytes_are_kept_than_allowed_and_the_oldest_go_first():
    kept = sized(10)
    for key in "abc":
        kept.get(key, lambda: "12345")
    assert kept.size == 10
    assert [kept.peek(key) is not None for key in "abc"] == [False, True, True]


def test_what_was_asked_for_last_stays_even_if_it_is_too_large():
    kept = sized(3)
    kept.get("a", lambda: "1")
    kept.get("large", lambda: "12345")
    assert kept.peek("large") == "12345"
    assert kept.peek("a") is None


def test_asking_again_makes_a_value_young():
    kept = sized(10)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda: "12345")
    assert kept.peek("a") is not None
    assert kept.peek("b") is None


def test_thirty_who_ask_at_once_share_one_making():
    kept, made, start = sized(100), [], threading.Barrier(30)
    go = threading.Event()

    def make():
        made.append(threading.get_ident())
        go.wait(5)
        return "value"

    found = []

    def ask():
        start.wait()
        found.append(kept.get("a", make, turn=go.set))

    threads = [threading.Thread(target=ask) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert found == ["value"] * 30


def test_who_waits_goes_on_where_the_maker_gave_up():
    kept, waiting = sized(100), threading.Event()

    def give_up():
        waiting.wait(5)
        raise InterruptedError

    def first():
        with pytest.raises(InterruptedError):
            kept.get("a", give_up)

    maker = threading.Thread(target=first)
    maker.start()
    while not kept._makers:
        pass
    assert kept.get("a", lambda: "value", turn=waiting.set) == "value"
    maker.join()
    assert kept._makers == {}


def test_what_a_turn_raises_ends_the_waiting_only():
    kept, go = sized(100), threading.Event()
    maker = threading.Thread(target=lambda: kept.get("a", lambda: go.wait(5) and "value"))
    maker.start()
    while not kept._makers:
        pass

    def stop():
        raise InterruptedError

    with pytest.raises(InterruptedError):
        kept.get("a", lambda: "other", turn=stop)
    go.set()
    maker.join()
    assert kept.peek("a") == "value"
