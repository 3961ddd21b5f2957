"""When and how far: the table that was observed of TFMOT, and what must hold for any settings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.pruning.plan.staircase import staircase
from engine.settings import ScheduleSettings


def constant(**fields):
    return ScheduleSettings(schedule="constant", target=0.9, **fields)


def polynomial(target=0.9, **fields):
    return ScheduleSettings(schedule="polynomial", target=target, **fields)


OBSERVED = [
    (constant(frequency=100), 80, 0.0),
    (constant(frequency=100), 160, 0.9),
    (constant(frequency=10), 80, 0.9),
    (polynomial(end_step=160, frequency=100), 160, 0.853),
    (polynomial(end_step=160, frequency=10), 160, 0.9),
    (polynomial(end_step=400, frequency=10), 160, 0.706),
    (polynomial(0.8, initial=0.5, end_step=50, frequency=100), 160, 0.0),
    (polynomial(end_step=60, frequency=20), 20, 0.633),
    (polynomial(end_step=60, frequency=20), 40, 0.867),
    (polynomial(end_step=60, frequency=20), 80, 0.9),
]
"""Settings, steps of the training, sparsity that TFMOT was seen to reach."""


@pytest.mark.parametrize(("settings", "steps", "reached"), OBSERVED)
def test_it_reaches_what_was_observed(settings, steps, reached):
    assert staircase(settings, steps).at(steps) == pytest.approx(reached, abs=0.0005)


def test_the_first_step_is_one_so_begin_zero_first_prunes_after_one_frequency():
    stairs = staircase(constant(frequency=7), 30)
    assert list(stairs.update_steps()) == [7, 14, 21, 28]
    assert [stairs.at(step) for step in (0, 6)] == [0, 0]
    assert stairs.at(7) == pytest.approx(0.9)


def test_a_begin_step_prunes_at_once_to_the_initial_sparsity():
    stairs = staircase(polynomial(initial=0.5, begin_step=4, end_step=12, frequency=4), 30)
    assert list(stairs.update_steps()) == [4, 8, 12]
    assert [stairs.at(step) for step in (3, 4, 7)] == pytest.approx([0, 0.5, 0.5])
    assert stairs.at(8) == pytest.approx(0.9 - 0.4 / 8)
    assert stairs.at(30) == pytest.approx(0.9)


def test_two_of_four_is_set_once_at_the_first_step():
    stairs = staircase(ScheduleSettings(pattern="2:4", target=0.5), 100)
    assert list(stairs.update_steps()) == [1]
    assert (stairs.at(0), stairs.at(1), stairs.at(100)) == (0, 0.5, 0.5)


whole = st.integers(0, 300)
schedules = st.builds(
    ScheduleSettings,
    schedule=st.sampled_from(["polynomial", "constant"]),
    target=st.sampled_from([0.3, 0.5, 0.9, 0.99]),
    initial=st.sampled_from([0.0, 0.2]),
    begin_step=whole,
    end_step=whole,
    frequency=whole,
    power=st.sampled_from([0.5, 1.0, 3.0, 8.0]),
)


@given(schedules, st.integers(1, 300))
def test_updates_are_those_of_tfmots_rule_step_by_step(settings, steps):
    stairs = staircase(settings, steps)
    ends = min(stairs.end, steps)
    rule = [
        step
        for step in range(1, steps + 1)
        if stairs.begin <= step <= ends and (step - stairs.begin) % stairs.frequency == 0
    ]
    assert list(stairs.update_steps()) == rule
    for step in range(steps + 1):
        done = [update for update in rule if update <= step]
        assert stairs.last_update(step) == (done[-1] if done else None)


@given(schedules, st.integers(1, 300))
def test_sparsity_never_falls_and_stays_between_nothing_and_the_target(settings, steps):
    stairs = staircase(settings, steps)
    if stairs.end > stairs.begin:
        levels = [stairs.at(step) for step in range(steps + 1)]
        assert levels == sorted(levels)
        assert levels[0] == 0
        assert levels[-1] <= settings.target + 1e-6


@given(
    st.sampled_from(["polynomial", "constant"]),
    st.integers(0, 400),
    st.integers(1, 3000),
    st.sampled_from([0.3, 1.0, 3.0]),
)
def test_automatic_values_reach_the_target_inside_the_training(schedule, begin, steps, power):
    if begin >= steps:
        return
    settings = ScheduleSettings(schedule=schedule, begin_step=begin, power=power)
    stairs = staircase(settings, steps)
    assert stairs.begin < stairs.end <= steps
    assert stairs.at(steps) == pytest.approx(settings.target, abs=1e-6)


@given(st.integers(0, 300), st.integers(1, 2000), st.sampled_from([0.3, 1.0, 3.0]))
def test_an_automatic_frequency_lands_on_the_end_step_that_was_given(begin, span, power):
    settings = ScheduleSettings(begin_step=begin, end_step=begin + span, power=power)
    stairs = staircase(settings, begin + span)
    assert stairs.update_steps()[-1] == begin + span
