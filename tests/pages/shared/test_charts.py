import gc
import json
import math
import re
from dataclasses import replace

import plotly.graph_objects as go
import plotly.io
import pytest

from engine.settings import SweepSettings
from pages.shared.charts import classes, learning, stretched
from pages.shared.charts.base import Finished, logarithmic, short
from pages.shared.charts.sizes import LABELS, File, human, size
from pages.shared.palette import METHODS
from pages.sweep import charts as tradeoff
from pages.sweep.charts import SCALES
from tests.pages import fabricated

SETTINGS = SweepSettings(methods=("weight", "unit", "hybrid", "random-weight"))
POINTS = fabricated.points(SETTINGS)
STEPS = [fabricated.step(number)[1] for number in range(50, 1300, 50)]
EPOCHS = [fabricated.epoch(number)[1] for number in (1, 2, 3)]
FILES = [
    File(name, zipped=zipped, removed=removed)
    for name in LABELS
    for zipped in (True, False)
    for removed in (True, False)
]


def all_charts(points=POINTS):
    for scale in SCALES:
        yield tradeoff.accuracy(points, scale=scale)
        yield tradeoff.loss(points, scale=scale)
        for file in FILES:
            yield tradeoff.file_size(points, file, scale=scale)
    for file in FILES:
        yield tradeoff.accuracy_by_size(points, file)
    yield learning.curves("accuracy", STEPS, EPOCHS)
    yield learning.curves("loss", STEPS, EPOCHS)
    yield classes.class_accuracy(points[-1], points[0], list("0123456789"))
    yield classes.confusion(points[-1].confusion, list("0123456789"))


def test_every_axis_says_what_it_shows_and_in_which_unit():
    counted = {"epochs", "class", "answered as", "true class", "parameters left after removal"}
    unit = re.compile(r", (%|nats|MB|kB)|÷")
    for chart in all_charts():
        for axis in (chart.layout.xaxis, chart.layout.yaxis):
            title = axis.title.text.removesuffix(" (log scale)")
            assert title in counted or unit.search(title), title


def test_a_method_has_the_same_colour_in_every_chart():
    seen: dict[str, set[str]] = {}
    for chart in all_charts():
        for trace in chart.data:
            if trace.name in {look.label for look in METHODS.values()}:
                seen.setdefault(trace.name, set()).add(trace.marker.color)
    assert seen == {METHODS[m].label: {METHODS[m].colour} for m in ("baseline", *SETTINGS.methods)}


def test_colours_do_not_follow_what_is_left_out():
    alone = tradeoff.accuracy([p for p in POINTS if p.method == "hybrid"])
    assert [trace.line.color for trace in alone.data] == [METHODS["hybrid"].colour]


def test_every_curve_starts_at_the_baseline():
    for trace in tradeoff.accuracy(POINTS).data:
        assert (trace.x[0], trace.y[0]) == (0, stretched.height(100 * POINTS[0].accuracy))


@pytest.mark.parametrize(
    "percents",
    [[97.9, 98.1, 98.0], [9.8, 50, 97.9, 98.1], [98, 98, 98], [100, 0], [100, 99.99], [10.0]],
)
def test_a_stretched_axis_holds_every_accuracy_and_names_some(percents):
    chart = stretched.stretched(go.Figure(), percents)
    low, high = chart.layout.yaxis.range
    places = [place for place in stretched.heights(percents) if place is not None]
    assert low < min(places) <= max(places) < high
    named = [float(text) for text in chart.layout.yaxis.ticktext]
    assert list(chart.layout.yaxis.tickvals) == stretched.heights(named)
    assert all(low <= mark <= high for mark in chart.layout.yaxis.tickvals)
    assert len(places) == len(percents)


def test_two_accuracies_near_98_are_apart_where_others_have_collapsed():
    low, high = stretched.stretched(go.Figure(), [9.8, 97.8, 98.3]).layout.yaxis.range
    one, other = stretched.height(97.8) or 0.0, stretched.height(98.3) or 0.0
    assert (other - one) / (high - low) > 0.04  # 10 pixels; an even axis from 0 gives one
    assert {"0", "50", "90"} & set(stretched.stretched(go.Figure(), [0, 98]).layout.yaxis.ticktext)


def test_what_was_not_measured_has_no_height():
    assert stretched.heights([None, math.nan, 100]) == [None, None, 0]
    assert stretched.stretched(go.Figure(), [None]).layout.yaxis.range is None


def test_points_without_files_are_left_out_of_sizes():
    points = [*POINTS[:3], *fabricated.points(SETTINGS, files=False)[3:]]
    chart = tradeoff.file_size(points, File())
    assert sum(len(trace.x) for trace in chart.data) == 3 + len(SETTINGS.methods) - 1


@pytest.mark.parametrize("points", [[], POINTS[:1], fabricated.points(SETTINGS, files=False)])
def test_charts_can_be_drawn_before_anything_is_measured(points):
    pruned = {METHODS[p.method].label for p in points} - {"Baseline"}
    for scale in SCALES:
        for chart in (
            tradeoff.accuracy(points, scale=scale),
            tradeoff.file_size(points, File(), scale=scale),
        ):
            assert {trace.name for trace in chart.data} == pruned
            assert not json.loads(chart.to_json())["data"] or pruned
    front = tradeoff.accuracy_by_size(points, File(zipped=True)).data[0]
    assert (front.name, len(front.x)) == ("Pareto front", sum(bool(p.bytes) for p in points))
    assert all(not trace.x for trace in learning.curves("accuracy", [], []).data)


def test_removal_only_changes_methods_that_remove():
    weight, unit = POINTS[1], next(p for p in POINTS if p.method == "unit")
    assert size(weight, File(removed=True)) == size(weight, File())
    assert (size(unit, File(removed=True)) or 0) < unit.bytes["tflite"]


def test_many_steps_are_thinned_and_the_last_is_kept():
    rows = [{"step": number} for number in range(10_001)]
    kept = learning.thinned(rows)
    assert len(kept) == learning.MOST_STEPS
    assert (kept[0], kept[-1]) == (rows[0], rows[-1])
    assert learning.thinned(rows[:5]) == rows[:5]


def test_log_axes_have_round_ticks():
    chart = logarithmic(tradeoff.accuracy(POINTS), [0.02, 9.5])
    assert list(chart.layout.xaxis.ticktext)[:4] == ["0.01", "0.02", "0.05", "0.1"]
    assert [short(value) for value in (2_000_000, 500_000, 0.05, 1)] == ["2M", "500k", "0.05", "1"]


def test_an_axis_of_small_files_is_in_kilobytes():
    small = [replace(p, bytes={name: n // 120 for name, n in p.bytes.items()}) for p in POINTS]
    chart = tradeoff.accuracy_by_size(small, File())
    assert "kB" in chart.layout.xaxis.title.text
    lengths = [p.bytes["tflite"] / 1000 for p in small]
    assert max(x for trace in chart.data[1:] for x in trace.x) == max(lengths)


def test_sizes_are_written_for_people():
    sizes = [human(count) for count in (7, 1_234, 312_400, 9_562_345, 10**10)]
    assert sizes == ["7 B", "1 kB", "312 kB", "9.56 MB", "10.00 GB"]


def test_a_finished_figure_shows_what_the_figure_shows() -> None:
    for chart in all_charts():
        shown = plotly.io.to_json(Finished(chart).to_dict(), validate=False)
        assert json.loads(shown) == json.loads(plotly.io.to_json(chart))


def test_finished_figures_cost_the_garbage_collector_next_to_nothing() -> None:
    Finished(learning.curves("accuracy", STEPS, EPOCHS))  # what plotly loads once
    gc.collect()
    before = len(gc.get_objects())
    kept = [Finished(learning.curves("accuracy", STEPS, EPOCHS)) for _ in range(20)]
    gc.collect()
    assert len(gc.get_objects()) - before < 5 * len(kept)
