"""The tables from made-up outcomes with figures that can be checked by hand."""

import json

import pytest

from engine.paper import tables
from engine.paper.published import BASELINE, PUBLISHED, REACH, SCRATCH, TRAINED
from engine.paper.tables import FIGURES, SeedOutcomes


def point(zipped, accuracy=0.98, tflite=18_000, tflite_accuracy=0.98):
    return {
        "bytes": {"keras_zip": zipped, "tflite_dynamic_zip": tflite},
        "accuracy": accuracy,
        "tflite_dynamic_accuracy": tflite_accuracy,
    }


def outcome(after, *, validation=0.97, baseline=None):
    history = {"before": [], "after": [{"validation": {"accuracy": validation}}]}
    return {"baseline": baseline, "after": after, "history": history}


def seed(number, *, baseline=78_000, trained=48_000, scratch=49_000, validation=(0.96, 0.97, 0.97)):
    pairs = zip((2, 3, 4), validation, strict=True)
    from_scratch = {n: outcome(point(scratch + n), validation=v) for n, v in pairs}
    pruned = outcome(point(trained), baseline=point(baseline))
    return SeedOutcomes(number, pruned, from_scratch)


def test_a_cell_holds_mean_spread_and_difference():
    made = tables.table([seed(0, baseline=78_039), seed(1, baseline=80_039)])
    cell = made.cells[BASELINE]["zipped"]
    assert (cell.published, cell.mean, cell.low, cell.high) == (78_039, 79_039, 78_039, 80_039)
    assert cell.difference == pytest.approx(1000 / 78_039)
    assert cell.reached
    accuracy = made.cells[SCRATCH]["accuracy"]
    assert accuracy.difference == pytest.approx(0.98 - 0.97)


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("sign", [-1, 1])
def test_reach_ends_where_it_is_said_to_end(figure, sign):
    printed = getattr(PUBLISHED[TRAINED], figure)
    scale = 1 if "accuracy" in figure else printed
    for factor, reached in ((0.99, True), (1.01, False)):
        value = printed + sign * factor * REACH[figure] * scale
        assert tables.cell(TRAINED, figure, [value]).reached is reached


def test_epochs_from_scratch_are_chosen_by_validation_and_fewer_win_a_draw():
    made = tables.table([seed(0, validation=(0.96, 0.97, 0.97))])
    assert (made.epochs, made.validation) == (3, {2: 0.96, 3: 0.97, 4: 0.97})
    assert made.cells[SCRATCH]["zipped"].mean == 49_003


def test_the_mean_over_seeds_chooses_not_a_single_seed():
    lucky = seed(0, validation=(0.99, 0.95, 0.95))
    others = [seed(n, validation=(0.90, 0.95, 0.96)) for n in (1, 2)]
    assert tables.table([lucky, *others]).epochs == 4


def test_the_order_of_the_zipped_sizes_is_compared():
    assert tables.table([seed(0)]).ordered
    assert not tables.table([seed(0, trained=49_500)]).ordered


def test_the_tables_survive_json():
    made = tables.table([seed(0), seed(1)])
    assert tables.from_json(json.loads(json.dumps(tables.to_json(made)))) == made


def test_no_outcomes_are_an_error():
    with pytest.raises(ValueError, match="no seed"):
        tables.table([])
