"""What one network loses against another on the same images, and how sure that is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.results.intervals import paired_interval
from engine.results.paired import Paired, paired, tells, too_few

counts = st.integers(0, 60)


def test_only_images_count_on_which_one_of_the_two_is_right():
    labels = np.array([0, 0, 1, 1, 2], np.uint8)
    answers = np.array([0, 1, 1, 0, 2], np.int64)
    baseline = np.array([True, True, False, True, True])
    found = paired(answers, labels, baseline)
    assert found == Paired(images=5, right=3, lost=2, gained=1)
    assert (found.accuracy, found.baseline) == (0.6, 0.8)
    assert found.loss == pytest.approx(0.2)


def test_mcnemars_exact_test_on_numbers_from_tables():
    assert Paired(100, 90, 8, 2).p_value == pytest.approx(0.109375)  # 2 * P(X <= 2), B(10, 1/2)
    assert Paired(100, 90, 5, 5).p_value == 1
    assert Paired(100, 90, 0, 0).p_value == 1
    assert Paired(2000, 1000, 100, 40).p_value == pytest.approx(4.1e-7, rel=0.05)


def test_the_interval_of_agresti_and_min():
    # (lost, gained) = (20, 5) of 100: (20.5 - 5.5) / 102 -+ 1.96 * sqrt(26 - 15 ** 2 / 102) / 102
    assert paired_interval(100, 20, 5) == pytest.approx((0.0533, 0.2408), abs=1e-3)
    assert paired_interval(0, 0, 0) == (-1.0, 1.0)


@given(lost=counts, gained=counts, more=st.integers(0, 5000))
def test_an_interval_holds_the_loss_and_narrows_with_images(lost, gained, more):
    images = lost + gained + 10 + more
    low, high = paired_interval(images, lost, gained)
    loss = (lost - gained) / images
    assert -1 <= low <= loss + 1 / images
    assert loss - 1 / images <= high <= 1
    wider = paired_interval(4 * images, 4 * lost, 4 * gained)
    assert wider[1] - wider[0] < high - low


@given(lost=counts, gained=counts)
def test_the_test_is_the_same_both_ways_and_a_share(lost, gained):
    one, other = Paired(200, 100, lost, gained), Paired(200, 100, gained, lost)
    assert 0 < one.p_value <= 1
    assert one.p_value == pytest.approx(other.p_value)
    assert one.interval == pytest.approx((-other.interval[1], -other.interval[0]))


def test_what_an_image_is_worth_decides_whether_anything_is_chosen():
    assert tells(100, 0.01)
    assert not tells(99, 0.01)
    assert tells(10, 0.1)
    assert too_few(4, 0.01).startswith("4 validation images cannot choose: one is worth 25 points")
