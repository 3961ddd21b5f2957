"""How much is kept of each kernel, TFMOT's rounding included."""

import pytest

from engine.networks.architecture import dense, guide_cnn, parameters
from engine.pruning.plan import baselines
from engine.pruning.plan.kernels import Kernel, kept, kernels_of, without_units
from engine.pruning.plan.planning import plan
from engine.settings import ScheduleSettings

SHAPE = dense((784, 1000, 1000, 500, 200, 10))
FREE = ScheduleSettings()


@pytest.mark.parametrize(("size", "left"), [(5, 2), (7, 4), (15, 8), (25, 12), (1, 1)])
def test_half_of_an_odd_size_rounds_to_even_as_observed(size, left):
    assert kept(Kernel(1, (1, size)), 0.5, FREE).expected == left


def test_one_entry_always_stays():
    assert kept(Kernel(1, (3, 3)), 0.99, FREE).expected == 1


@pytest.mark.parametrize(
    ("shape", "left"),
    [
        ((8, 3), 12),
        ((50, 2), 52),  # 0.48, as observed
        ((7, 1), 4),
        ((3, 1), 2),
        ((2, 5), 10),
        ((3, 3, 1, 12), 108),  # a filter of one channel has no four neighbours
        ((3, 3, 4, 2), 36),
    ],
)
def test_two_of_four_counts_neighbours_along_the_inputs(shape, left):
    two_of_four = ScheduleSettings(pattern="2:4", target=0.5)
    assert kept(Kernel(1, shape), 0.5, two_of_four).expected == left


def test_blocks_are_counted_whole_and_bounded_at_the_edges():
    blocks = ScheduleSettings(block=(2, 2))
    exact = kept(Kernel(1, (8, 6)), 0.5, blocks)
    assert (exact.expected, exact.least, exact.most) == (24, 24, 24)  # 6 of 12 blocks of 4
    edges = kept(Kernel(1, (5, 4)), 0.5, blocks)  # 4 blocks of 4, 2 of 2; 3 stay
    assert (edges.least, edges.most) == (2 + 2 + 4, 12)
    assert edges.expected == 10


def test_the_kernels_of_the_dense_network():
    kernels = kernels_of(SHAPE)
    assert [k.size for k in kernels] == [784_000, 1_000_000, 500_000, 100_000, 2_000]
    halved = kernels_of(without_units(SHAPE, 0.5))
    assert [k.shape[-1] for k in halved] == [500, 500, 250, 100, 10]


def dense_plan(**fields):
    return plan(ScheduleSettings(**fields), images=55_000, architecture=SHAPE)


def test_the_output_layer_is_left_alone_unless_it_is_chosen():
    assert [k.layer for k in dense_plan().pruned] == [1, 2, 3, 4]
    assert [k.layer for k in dense_plan(layers=(5, 1)).pruned] == [1, 5]
    assert dense_plan(rule="unpruned").pruned == ()


def test_steps_count_the_partial_batch_and_every_epoch():
    made = dense_plan(fine_tune_epochs=2)
    assert (made.steps_per_epoch, made.steps) == (430, 860)


def test_the_points_tell_first_last_updates_and_ends_of_epochs():
    points = dict(dense_plan().points())
    assert points[0] == 0
    assert points[860] == pytest.approx(0.9)
    assert 430 in points
    assert {32, 64, 640} <= set(points)
    many = dense_plan(frequency=1, end_step=800).points(most=50)
    assert len(many) < 60
    assert many[-1] == (860, pytest.approx(0.9))


def test_plan_and_masks_agree_within_half_a_point_in_every_layer():
    made = dense_plan()
    exact = {kernel.layer: made.layer_sparsity(kernel, 430) for kernel in made.pruned}
    assert made.agrees(430, exact)
    assert made.agrees(430, exact | {2: exact[2] + 0.0049})
    assert not made.agrees(430, exact | {2: exact[2] - 0.0051})
    assert made.sparsity(430) == pytest.approx(exact[1], abs=1e-5)
    assert dense_plan(rule="unpruned").sparsity(430) == 0


def test_the_small_dense_network_has_as_many_parameters_as_the_pruned_one_keeps():
    settings = ScheduleSettings(target=0.9)
    count = baselines.nonzero_parameters(settings, SHAPE)
    assert count == 2_388_710 - 2_145_600
    small = baselines.small_architecture(baselines.small(settings), SHAPE)
    assert parameters(small) == pytest.approx(count, rel=0.01)
    assert small[0].units == small[1].units > small[2].units > small[3].units


def test_filters_that_are_removed_are_no_longer_read():
    whole = guide_cnn((28, 28), 10)
    assert [k.shape for k in kernels_of(whole)] == [(3, 3, 1, 12), (2028, 10)]
    halved = without_units(whole, 0.5)
    assert [k.shape for k in kernels_of(halved)] == [(3, 3, 1, 6), (1014, 10)]
    assert parameters(halved) == 10_210


def test_equal_work_is_one_run():
    one, other = ScheduleSettings(target=0.5), ScheduleSettings(target=0.9, end_step=100)
    assert baselines.unpruned(one) == baselines.unpruned(other)
    assert baselines.small(one) != baselines.small(other)
    assert baselines.small(other) == baselines.small(ScheduleSettings(target=0.9))
    assert baselines.at(one, 0.9) == ScheduleSettings(target=0.9)
