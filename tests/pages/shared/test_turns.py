"""Scripts take turns: never more than a few at once, nobody twice, nobody for ever."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException

from pages.shared.turns import Turns

LONG = 60.0


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_never_more_than_so_many_have_a_turn(at_once):
    turns, inside, most = Turns(at_once, LONG), set(), []

    def work(number):
        with turns.turn():
            inside.add(number)
            most.append(len(inside))
            time.sleep(0.01)
            inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(24)))
    assert len(most) == 24
    assert max(most) == at_once


def test_who_has_a_turn_needs_no_second_and_keeps_the_first():
    turns = Turns(1, LONG)
    with turns.turn():
        with turns.turn():
            pass
        assert not goes(turns, 0.05)
    assert goes(turns, LONG)


def test_a_turn_ends_with_an_error_as_with_a_rerun():
    turns = Turns(1, LONG)
    for error in (ValueError(), RerunException(RerunData())):
        with pytest.raises(type(error)), turns.turn():
            raise error
    assert goes(turns, LONG)


def test_nobody_waits_for_a_long_computation_for_long_and_it_keeps_its_turn():
    turns = Turns(1, 0.05)
    with turns.turn():
        assert goes(turns, LONG)
        assert goes(turns, LONG)
    patient = Turns(1, LONG)
    with patient.turn():
        assert not goes(patient, 0.05)
    assert goes(patient, LONG)


def goes(turns, seconds):
    """Whether somebody else has a turn within so many seconds."""
    done = threading.Event()

    def work():
        with turns.turn():
            done.set()

    threading.Thread(target=work, daemon=True).start()
    return done.wait(seconds)


def test_who_rests_lets_others_have_the_turn_and_takes_it_again():
    turns, seen = Turns(1, LONG), []

    def rests():
        with turns.turn():
            seen.append("begins")
            turns.rest(0.3)
            seen.append("goes on")
            assert not goes(turns, 0.05)

    worker = threading.Thread(target=rests)
    worker.start()
    while not seen:
        time.sleep(0.01)
    with turns.turn():
        seen.append("other")
    worker.join()
    assert seen == ["begins", "other", "goes on"]
    assert goes(turns, LONG)


def test_who_has_no_turn_can_rest_too():
    turns = Turns(1, LONG)
    turns.rest(0.01)
    assert goes(turns, LONG)
