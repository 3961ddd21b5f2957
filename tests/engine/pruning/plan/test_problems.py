"""Every trap is found, named in a line, and mended by one press."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInput
from engine.networks.architecture import architecture_of
from engine.pruning.plan.kernels import without_units
from engine.pruning.plan.planning import plan
from engine.pruning.plan.problems import check, notices, problems
from engine.settings import ScheduleSettings, TrainSettings

IMAGES, BATCH = 2000, 100
STEPS = 40
"""Of two epochs."""
SMALL = TrainSettings(hidden=(16, 5))


def planned(**fields):
    given: dict[str, Any] = {"baseline": SMALL, "batch_size": BATCH} | fields
    return _plan(ScheduleSettings(**given))


TRAPS: dict[str, tuple[dict[str, Any], str]] = {
    "TFMOT's own frequency": (
        {"schedule": "constant", "frequency": 100},
        (
            "nothing would be pruned: the first update would be at step 100, but the training ends "
            "at step 40; use the automatic frequency"
        ),
    ),
    "the same, polynomial": ({"frequency": 100}, "nothing would be pruned: the first update"),
    "frequency beyond the end": (
        {"begin_step": 0, "end_step": 20, "frequency": 30},
        "the first update would be at step 30, but the end step is 20",
    ),
    "end beyond the training": (
        {"end_step": 100, "frequency": 10},
        (
            "the end step is 100, but the training ends at step 40: sparsity would stop at 70.6 %; "
            "use the automatic end step"
        ),
    ),
    "begin is end": (
        {"begin_step": 20, "end_step": 20},
        "the begin step, 20, must lie before the end step, 20",
    ),
    "begin after end": (
        {"begin_step": 20, "end_step": 10, "schedule": "constant"},
        "the begin step, 20, must lie before the end step, 10",
    ),
    "begin beyond the training": (
        {"begin_step": 40},
        "pruning would begin at step 40, but the training ends at step 40; begin at step 0",
    ),
    "updates miss the end": (
        {"end_step": 40, "frequency": 25},
        (
            "the last update would be at step 25 and reach 85.3 %, not 90 %: updates every 25 "
            "steps miss the end step, 40; use the automatic frequency"
        ),
    ),
    "falling sparsity": (
        {"initial": 0.95},
        "the initial sparsity, 95 %, is above the target, 90 %: pruned weights would grow back",
    ),
    "a block as long as a side": (
        {"block": (1, 16), "layers": (1, 2, 3)},
        (
            "a block of 1x16 spans a whole side of the kernel of layers 1, 2 and 3, which TFMOT "
            "cannot prune; prune single weights"
        ),
    ),
    "a block for some layers": (
        {"block": (16, 1), "layers": (1, 2)},
        "the kernel of layer 2, which TFMOT cannot prune; leave layer 2 out",
    ),
    "a target below the initial sparsity": (
        {"initial": 0.5, "targets": ((2, 0.4),)},
        "the initial sparsity, 50 %, is above the target, 40 %: pruned weights would grow back",
    ),
    "so few blocks that the target is missed": (
        {"block": (32, 8), "layers": (1,)},
        (
            "sparsity would end at 75.0 %, not 90.0 %: kernels of so few blocks of 32x8 cannot be "
            "pruned nearer to it; use blocks of 1x8"
        ),
    ),
    "so few weights that the target is missed": (
        {"baseline": TrainSettings(hidden=(2, 2)), "layers": (2,), "target": 0.6},
        (
            "sparsity would end at 50.0 %, not 60.0 %: kernels as small as these cannot be pruned "
            "nearer to it; set the target to 50 %"
        ),
    ),
    "2:4 of another share for a layer": (
        {"pattern": "2:4", "target": 0.5, "targets": ((1, 0.6),)},
        "50 %, not 60 %; set the target to 50 %",
    ),
    "2:4 of another share": (
        {"pattern": "2:4"},
        (
            "a 2:4 pattern zeroes two of every four neighbouring inputs, once, at the first step: "
            "50 %, not 90 %; set the target to 50 %"
        ),
    ),
    "2:4 in blocks": ({"pattern": "2:4", "target": 0.5, "block": (2, 2)}, "exclude each other"),
    "2:4 of five inputs": (
        {"pattern": "2:4", "target": 0.5, "layers": (1, 3)},
        "a 2:4 pattern would prune only 40.0 % of layer 3: too few inputs; leave layer 3 out",
    ),
}


@pytest.mark.parametrize(("fields", "line"), TRAPS.values(), ids=TRAPS)
def test_a_trap_is_refused_in_one_line_and_mended(fields, line):
    trapped = planned(**fields)
    with pytest.raises(InvalidInput) as refusal:
        check(trapped)
    assert line in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 1
    mended = problems(trapped)[0].mended
    assert all(line not in problem.line for problem in problems(_plan(mended)))


def _plan(settings):
    shape = without_units(architecture_of(settings.baseline, (8, 8), 4), settings.unit_sparsity)
    return plan(settings, images=IMAGES, architecture=shape)


@pytest.mark.parametrize("fields", [{}, {"schedule": "constant"}, {"unit_sparsity": 0.5}])
def test_the_defaults_have_no_problem(fields):
    assert problems(planned(**fields)) == []


def test_what_prunes_nothing_by_intention_has_no_problem():
    assert problems(planned(rule="unpruned")) == []
    assert problems(planned(rule="small")) == []


whole = st.integers(0, 120)
anything: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    schedule=st.sampled_from(["polynomial", "constant"]),
    target=st.sampled_from([0.01, 0.2, 0.5, 0.97]),
    targets=st.sampled_from([(), ((1, 0.9),), ((1, 0.3), (2, 0.99)), ((3, 0.6),)]),
    initial=st.sampled_from([0.0, 0.3, 0.99]),
    begin_step=whole,
    end_step=whole,
    frequency=whole,
    power=st.sampled_from([0.3, 1.0, 3.0]),
    fine_tune_epochs=st.integers(1, 3),
    block=st.sampled_from([(1, 1), (4, 1), (1, 4), (2, 2), (64, 1), (1, 16), (16, 16), (15, 4)]),
    baseline=st.builds(TrainSettings, hidden=st.tuples(st.integers(1, 40), st.integers(1, 40))),
    pattern=st.sampled_from(["free", "2:4"]),
    layers=st.sampled_from([(), (1,), (2, 3), (1, 2, 3)]),
    unit_sparsity=st.sampled_from([0.0, 0.6]),
)


@given(anything)
def test_pressing_the_first_remedy_again_and_again_reaches_the_target(fields):
    pruned = fields["layers"] or (1, 2)
    own = tuple(pair for pair in fields["targets"] if pair[0] in pruned)
    current, presses = planned(**fields | {"targets": own}), 0
    while found := problems(current) or notices(current):
        before, current, presses = current, _plan(found[0].mended), presses + 1
        assert current.settings != before.settings
        assert presses <= 9
    assert current.sparsity(current.steps) == pytest.approx(current.target, abs=0.0051)
    for kernel in current.pruned:
        wanted = current.settings.target_of(kernel.layer)
        assert current.bounds(kernel) == pytest.approx((wanted, wanted), abs=0.0051)


def wide(hidden, **fields):
    settings = ScheduleSettings(baseline=TrainSettings(hidden=hidden), target=0.5, **fields)
    return plan(
        settings, images=IMAGES, architecture=architecture_of(settings.baseline, (28, 28), 10)
    )


def test_blocks_that_do_not_tile_are_announced_with_what_can_happen_and_a_size_that_tiles():
    made = wide((36, 36, 38, 46), block=(16, 1))
    assert problems(made) == []
    [notice] = notices(made)
    assert notice.text == (
        "blocks of 16x1 do not tile the kernels of layers 2, 3 and 4: depending on the weights, "
        "zeros may end anywhere from 33.3 to 66.7 % in layer 2, 33.3 to 66.7 % in layer 3, "
        "36.8 to 63.2 % in layer 4"
    )
    assert notice.remedy == "use blocks of 2x1"
    assert notices(wide((36, 36, 38, 46), block=(2, 1))) == []


def test_a_small_kernel_of_large_blocks_can_end_nearly_anywhere():
    [notice] = notices(wide((5, 5), block=(4, 4), layers=(2,)))
    assert "zeros may end anywhere from 20.0 to 80.0 % in layer 2" in notice.text
    assert notice.remedy == "prune single weights"


def test_a_small_layer_beside_large_ones_is_announced_not_refused():
    made = plan(
        ScheduleSettings(baseline=TrainSettings(hidden=(300, 3, 3)), target=0.97, batch_size=BATCH),
        images=IMAGES,
        architecture=architecture_of(TrainSettings(hidden=(300, 3, 3)), (28, 28), 10),
    )
    assert problems(made) == []
    [notice] = notices(made)
    assert notice.text == (
        "layer 3 would end at 88.9 %, not 97 %: so small a kernel cannot be pruned nearer to it"
    )
    assert notice.mended.targets == ((3, 0.88889),)
