"""Seeds, spread, the Pareto front and the two answers, on numbers that one checks by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compare.answers import best, front, most_accurate, smallest
from engine.compare.candidate import Candidate
from engine.compare.spread import Group, family, groups, study, with_seed
from engine.errors import InvalidInput
from engine.results.intervals import wilson_interval
from engine.settings import ExportSettings, ScheduleSettings, SweepSettings, TrainSettings, digest
from tests.pages.fabricated import chosen_by

RUN = "0" * 24
SETTINGS = [TrainSettings(), SweepSettings(), ScheduleSettings(), ExportSettings()]


def candidate(key, accuracy, size, *, seed=0, validation=None, baseline=0.98, images=10_000):
    """A network of that test accuracy; validation images say the same unless they are given."""
    costs = {} if size is None else {"tflite_zip": size}
    told = chosen_by(accuracy if validation is None else validation, unpruned=0.98, images=images)
    return Candidate(
        run=RUN, family=RUN, seed=seed, key=key, label=key, method="weight", accuracy=accuracy,
        baseline=baseline, images=10_000, costs=costs,
        validation=told if images else None,
    )  # fmt: skip


def keys(found):
    return [group.first.key for group in found]


TOY = groups([
    candidate("large", 0.98, 900),
    candidate("middle", 0.97, 400),
    candidate("worse", 0.96, 500),
    candidate("small", 0.90, 100),
    candidate("unmeasured", 0.99, None),
])  # fmt: skip


@pytest.mark.parametrize(
    ("lose", "key"), [(0, "large"), (0.0099, "large"), (0.01, "middle"), (0.08, "small")]
)
def test_the_smallest_that_loses_at_most(lose, key):
    answer = smallest(TOY, "tflite_zip", lose=lose)
    assert answer.pick is not None
    assert answer.pick.first.key == key


@pytest.mark.parametrize(
    ("under", "key"), [(99, None), (100, "small"), (450, "middle"), (899, "middle"), (900, "large")]
)
def test_the_most_accurate_under(under, key):
    answer = most_accurate(TOY, "tflite_zip", under=under)
    assert (answer.pick.first.key if answer.pick else None) == key
    assert bool(answer.reason) == (key is None)


@pytest.mark.parametrize("bad", [-0.1, 1.1, math.nan, "1"])
def test_a_loss_that_cannot_be_is_refused(bad):
    with pytest.raises(InvalidInput, match="loss of accuracy must be from 0 to 100 points"):
        smallest(TOY, "tflite_zip", lose=bad)


def test_the_front_leaves_out_what_another_beats():
    assert keys(best(TOY, "tflite_zip")) == ["small", "middle", "large"]


def test_validation_images_choose_whatever_the_test_images_say():
    both = groups([
        candidate("lucky", 0.99, 100, validation=0.95),
        candidate("sound", 0.97, 100, validation=0.98),
    ])  # fmt: skip
    answer = most_accurate(both, "tflite_zip", under=100)
    assert answer.pick is not None
    assert answer.pick.first.key == "sound"
    small = smallest(both, "tflite_zip", lose=0.01)
    assert small.pick is not None
    assert small.pick.first.key == "sound"
    assert smallest(groups([candidate("lucky", 0.99, 100, validation=0.95)]), "tflite_zip",
                    lose=0.01).pick is None  # fmt: skip


def test_what_has_no_validation_images_is_left_out_and_counted():
    old = candidate("old", 0.99, 50, images=0)
    answer = smallest([*TOY, *groups([old])], "tflite_zip", lose=0.01)
    assert answer.pick is not None
    assert (answer.pick.first.key, answer.left_out) == ("middle", 1)
    alone = smallest(groups([old]), "tflite_zip", lose=0.01)
    assert (alone.pick, alone.left_out) == (None, 1)
    assert "start the runs again" in alone.reason


def test_ten_images_pick_nothing_within_a_point_and_a_hundred_do():
    few = groups([candidate("tiny", 0.9, 10, validation=1.0, images=10)])
    answer = smallest(few, "tflite_zip", lose=0.01)
    assert answer.pick is None
    assert answer.reason == (
        "10 validation images cannot choose: one is worth 10 points, more than the 1 that may be "
        "lost; it takes 100"
    )
    assert smallest(few, "tflite_zip", lose=0.1).pick is not None
    enough = groups([candidate("tiny", 0.9, 10, validation=0.98, images=100)])
    pick = smallest(enough, "tflite_zip", lose=0.01).pick
    assert pick is not None
    assert pick.evidence.images == 100
    low, high = pick.evidence.interval
    assert low < 0 < high


def test_seeds_are_one_group_with_mean_spread_and_the_largest_cost():
    (group,) = groups([candidate("a", a, c, seed=s) for s, a, c in
                       ((2, 0.96, 120), (0, 0.98, 100), (1, 0.97, 110))])  # fmt: skip
    assert [each.seed for each in group.members] == [0, 1, 2]
    assert group.accuracy == pytest.approx(0.97)
    assert group.deviation == pytest.approx(0.01)
    assert group.lost == pytest.approx(0.01)
    assert group.cost("tflite_zip") == 120
    assert group.cost("latency") is None
    assert TOY[0].deviation is None


def test_strangers_are_no_group():
    with pytest.raises(ValueError, match="2 candidates are not one network"):
        Group((candidate("a", 0.9, 1), candidate("b", 0.9, 1)))
    with pytest.raises(ValueError, match="0 candidates"):
        Group(())


@pytest.mark.parametrize("settings", SETTINGS)
def test_a_study_is_the_same_settings_at_three_seeds(settings):
    seeds = study(settings)
    assert len({digest(each) for each in seeds}) == 3
    assert {family(each) for each in seeds} == {family(settings)}
    assert with_seed(seeds[2], 0) == settings


def test_other_settings_are_another_family():
    assert family(SweepSettings()) != family(SweepSettings(norm="l1"))


@given(st.floats(0, 1), st.integers(1, 100_000))
def test_an_interval_holds_its_accuracy_and_narrows_with_images(accuracy, images):
    low, high = wilson_interval(accuracy, images)
    assert 0 <= low <= accuracy + 1e-12
    assert accuracy - 1e-12 <= high <= 1
    assert (
        wilson_interval(accuracy, 4 * images)[1] - wilson_interval(accuracy, 4 * images)[0]
        < high - low
    )


def test_the_interval_of_wilsons_formula():
    assert wilson_interval(0.5, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    assert wilson_interval(0.9, 0) == (0.0, 1.0)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_the_front_is_what_nothing_beats(places):
    assert sorted(front(places)) == [i for i in range(len(places)) if not beaten(places, i)]


def beaten(places, i):
    cost, gain = places[i]
    return any(
        other_cost <= cost and other_gain >= gain and (other_cost, other_gain) != (cost, gain)
        for other_cost, other_gain in places
    )
