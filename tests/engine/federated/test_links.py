"""Time is a function of what is on record and of the links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInput
from engine.federated.links import LINKS, Fleet, Link, late_share, replay

INSTANT = Fleet(speed=1e7)


def client(number=0, *, up=1_000_000, down=1_000_000, samples=100, macs=1.0, answered=True):
    return {
        "client": number,
        "bytes_up": up,
        "bytes_down": down,
        "samples": samples,
        "macs": macs,
        "accuracy_after": 0.9 if answered else None,
    }


def times(*cohorts, link=LINKS["lte"], fleet=INSTANT, clients=4, epochs=5):
    rounds = [{"round": n, "clients": list(cohort)} for n, cohort in enumerate(cohorts, 1)]
    return replay(rounds, link, fleet, clients=clients, epochs=epochs)


def test_a_client_downloads_computes_and_uploads_one_after_the_other():
    one = times([client()], link=Link(8.0, 2.0, 100), fleet=Fleet(speed=50))[0]
    slot = one.slots[0]
    assert (slot.down, slot.compute, slot.up) == pytest.approx((1.05, 10.0, 4.05))
    assert one.seconds == pytest.approx(15.1)


def test_a_dense_message_takes_76_seconds_up_at_one_megabit():
    slot = times([client(up=9_554_840)], link=Link(1.0, 1.0, 0))[0].slots[0]
    assert slot.up == pytest.approx(76.4, abs=0.1)


def test_a_round_takes_as_long_as_its_slowest_client_and_rounds_follow_each_other():
    replayed = times([client(0), client(1, up=3_000_000)], [client(2)], link=Link(8, 8, 0))
    assert [each.seconds for each in replayed] == pytest.approx([4, 2], abs=0.01)
    assert [each.begin for each in replayed] == pytest.approx([0, 4], abs=0.01)
    assert replayed[-1].end == pytest.approx(6, abs=0.01)


def test_only_removed_units_make_a_client_compute_faster():
    whole, half = (
        times([client(macs=macs)], fleet=Fleet(speed=100))[0].slots[0] for macs in (1.0, 0.5)
    )
    assert half.compute == pytest.approx(whole.compute / 2)


def test_a_deadline_ends_the_round_and_names_who_is_late():
    fleet = Fleet(speed=1e7, deadline=3.0)
    replayed = times([client(0), client(1, up=9_000_000)], link=Link(8, 8, 0), fleet=fleet)
    assert replayed[0].seconds == 3.0
    assert [slot.late for slot in replayed[0].slots] == [False, True]
    assert late_share(replayed) == 0.5


def test_who_never_answered_is_not_waited_for_without_a_deadline():
    cohort = [client(0), client(1, answered=False, up=0)]
    open_end = times(cohort, link=Link(8, 8, 0))[0]
    assert open_end.seconds == pytest.approx(2, abs=0.01)
    assert open_end.slots[1].up == open_end.slots[1].compute == 0
    bounded = times(cohort, link=Link(8, 8, 0), fleet=Fleet(speed=1e7, deadline=9))[0]
    assert bounded.seconds == 9


def test_nothing_that_travels_takes_no_time():
    assert times([client(up=0, down=0)], fleet=Fleet(speed=500))[0].seconds == pytest.approx(1.0)


def test_slow_clients_are_drawn_by_the_seed_and_slower_in_everything():
    fleet = Fleet(slow=0.5, slower=3, seed=1)
    assert sorted(fleet.factors(4)) == [1, 1, 3, 3]
    assert fleet.factors(100) == Fleet(slow=0.5, slower=3, seed=1).factors(100)
    assert fleet.factors(100) != Fleet(slow=0.5, slower=3, seed=2).factors(100)
    slow = fleet.factors(4).index(3)
    one = times([client(slow)], fleet=fleet)[0].slots[0]
    plain = times([client(slow)], fleet=Fleet())[0].slots[0]
    assert one.total == pytest.approx(3 * plain.total)


@given(
    st.lists(st.integers(0, 10**8), min_size=1, max_size=4),
    st.floats(0.1, 1000),
    st.floats(0.1, 1000),
    st.floats(0, 500),
)
def test_a_faster_link_is_never_slower_and_no_round_outlasts_its_deadline(sizes, up, more, end):
    cohort = [client(n, up=size, down=size) for n, size in enumerate(sizes)]
    slow, fast = (times(cohort, link=Link(50, rate))[0] for rate in (up, up + more))
    assert fast.seconds <= slow.seconds
    bounded = times(cohort, link=Link(50, up), fleet=Fleet(deadline=end))[0]
    assert end == 0 or bounded.seconds <= end


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda: Link(0, 1), "download must be a number from 0.001 to 100000 Mbit/s"),
        (lambda: Link(1, float("nan")), "upload"),
        (lambda: Link(1, 1, -1), "delay"),
        (lambda: Fleet(speed=0), "images per second"),
        (lambda: Fleet(slow=1.5), "slow clients"),
        (lambda: Fleet(slower=0.5), "slower by"),
        (lambda: Fleet(deadline=-1), "deadline"),
    ],
)
def test_a_link_that_cannot_be_is_refused_with_one_line(make, line):
    with pytest.raises(InvalidInput, match=line):
        make()
