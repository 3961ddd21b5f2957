"""The charts of federated rounds: units on every axis, values as recorded."""

import re
from dataclasses import replace

import numpy as np
import plotly.io
import pytest

from engine.federated.history import client_updates, latest, travelled
from engine.federated.links import LINKS, Fleet, replay
from pages.federate.charts import clients, curves, subnetworks, traffic
from pages.federate.charts.base import Series
from pages.federate.words import CHARTS as TEXTS
from pages.federate.words import TABLES
from pages.shared.charts.stretched import height
from pages.shared.palette import FORMS_SENT, algorithm_style
from tests.pages import fabricated_federation as made

NAMES = list("0123456789")
COUNTED = {"client", "label", "round", "layer", "federation", "class", "answered as", "true class"}
COUNTED |= {"training and validation images", "units of the layer", "its inputs", ""}
COUNTED |= {"clients, from the largest loss to the largest gain"}
UNIT = re.compile(r", (%|MB|s|points|share of entries)")


def series(algorithm, pruning="unstructured"):
    settings = made.SETTINGS.but(algorithm=algorithm, pruning=pruning)
    style = algorithm_style(settings.algorithm)
    rounds = [made.round_row(settings, number) for number in (1, 2, 3)]
    finals = [made.final(settings)(client) for client in range(4)]
    return Series(style.label, style, settings, rounds, finals)


SUB, LOCAL, FEDAVG = series("sub-fedavg"), series("local"), series("fedavg")
SERIES = [SUB, LOCAL, FEDAVG]


def replayed(each=SUB, **fleet):
    return replay(each.rounds, LINKS["3g"], Fleet(**fleet), clients=4, epochs=2)


def all_charts():
    pairs = SUB.rounds[-1]["overlap"]
    yield clients.owners(made.split()["counts"], NAMES)
    yield from (curves.personal(SERIES), curves.server(SERIES), curves.tail(SERIES))
    yield curves.spread(SERIES)
    yield traffic.by_federation(SERIES, "sent")
    yield traffic.by_form(SUB, ("sent", "bound"))
    yield traffic.forms(SUB.rounds, {"sent": "Sent", "bound": "Bound"})
    yield traffic.round_timeline(replayed(deadline=1.0)[0], 1.0)
    yield traffic.against_time([(SUB, replayed())])
    yield subnetworks.densities(list(latest(SUB.rounds).values()))
    yield from (subnetworks.label_overlap(pairs), subnetworks.mask_excess(pairs, 2))
    yield subnetworks.excess_by_layer(pairs)
    yield from (subnetworks.keeper_counts(SUB.rounds, 0, 3), subnetworks.orphans(SERIES))
    picture = np.full((4, 4), 255, np.uint8)
    yield from (subnetworks.keepers(picture, 3), subnetworks.mask(picture))
    yield from (
        clients.reasons(SUB.rounds, SUB.settings),
        clients.distances(SUB.rounds, SUB.settings),
    )
    yield curves.gains(LOCAL, [SUB, FEDAVG])
    yield clients.labels([1] * 10, NAMES)
    yield clients.course(client_updates(SUB.rounds)[0], 3)


CHARTS = list(all_charts())


@pytest.mark.parametrize("chart", CHARTS)
def test_every_axis_says_what_it_shows_and_in_which_unit(chart):
    plotly.io.to_json(chart)
    for axis in (chart.layout.xaxis, chart.layout.yaxis):
        title = axis.title.text or ""
        assert title in COUNTED or UNIT.search(title), title


def test_every_chart_can_be_read_and_heard():
    said = [text for each in TEXTS.values() for text in (each.alt, each.read)]
    assert all(text.endswith(".") for text in (*said, *TABLES.values()))


def traces(chart):
    return {trace.name: trace for trace in chart.data}


def test_local_training_has_no_server():
    assert set(traces(curves.server(SERIES))) == {SUB.name, FEDAVG.name}
    assert set(traces(curves.personal(SERIES))) == {
        f"{each.name}{dots}" for each in SERIES for dots in ("", ": clients")
    }


def test_dots_are_the_clients_that_answered():
    dots = traces(curves.personal([SUB]))[f"{SUB.name}: clients"]
    assert list(dots.x) == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    best = 100 * SUB.rounds[-1]["clients"][0]["accuracy_after"]
    assert max(dots.customdata) == pytest.approx(best)
    assert max(dots.y) == pytest.approx(height(best))


def test_what_does_not_travel_is_a_level_across_the_bytes_of_the_others():
    level = traces(traffic.by_federation(SERIES, "sent"))[LOCAL.name]
    assert list(level.x) == [0, max(travelled(each.rounds)[-1] for each in SERIES) / 1e6]
    assert list(level.customdata) == [100 * LOCAL.rounds[-1]["mean_accuracy"]] * 2
    assert list(level.y) == list(map(height, level.customdata))


def test_bytes_are_those_on_record():
    chart = traces(traffic.by_form(SUB, tuple(FORMS_SENT)))
    for name, style in FORMS_SENT.items():
        assert list(chart[style.label].x) == [n / 1e6 for n in travelled(SUB.rounds, name)]


def test_bars_of_a_form_are_the_bytes_of_the_whole_run_and_the_bound_is_a_line():
    chart = traffic.forms(SUB.rounds, {"dense": "Dense"})
    total = sum(trace.x[0] for trace in chart.data)
    assert total == pytest.approx(travelled(SUB.rounds, "dense")[-1] / 1e6)
    assert chart.layout.shapes[0].x0 == travelled(SUB.rounds, "bound")[-1] / 1e6


def test_late_clients_are_marked_in_words():
    chart = traffic.round_timeline(replayed(deadline=0.5)[0], 0.5)
    assert list(chart.data[0].y) == ["client 0 ✕ late", "client 1 ✕ late", "client 2 ✕ late",
                                     "client 3 ?"]  # fmt: skip
    assert chart.layout.shapes[0].x0 == 0.5


def test_the_excess_is_what_the_first_weights_do_not_explain():
    chart = subnetworks.mask_excess(SUB.rounds[0]["overlap"], 2)
    assert chart.data[0].z[0][1] == pytest.approx(-1.0)
    assert chart.data[0].z[0][0] is None
    assert set(traces(subnetworks.excess_by_layer(SUB.rounds[0]["overlap"]))) == {
        "share labels",
        "share none",
    }


def test_keepers_are_shares_of_the_layer():
    chart = traces(subnetworks.keeper_counts(SUB.rounds, 0, 3))
    assert [chart[name].y[0] for name in ("nobody", "1", "2", "3")] == [10, 5, 5, 80]


def test_gates_say_why_and_stand_beside_their_threshold():
    names = [trace.name for trace in clients.reasons(SUB.rounds, SUB.settings).data]
    assert names == ["pruned", "masks too alike", "never answered"]
    chart = traces(clients.distances(SUB.rounds, SUB.settings))
    assert list(chart["threshold of weights, 0.0001"].y) == [1e-4, 1e-4]
    assert list(clients.reasons(SUB.rounds, SUB.settings).layout.xaxis.range) == [0.5, 3.5]
    assert chart["weights"].y[0] == pytest.approx(0.0015)
    hybrid = SUB.settings.but(pruning="hybrid", unit_distance_threshold=0.05)
    assert "threshold of units, 0.05" in traces(clients.distances(SUB.rounds, hybrid))


def test_gains_are_sorted_and_name_their_clients():
    alone, one = (
        replace(SUB, finals=[{"client": 3, "accuracy": a}, {"client": 5, "accuracy": b}])
        for a, b in ((0.5, 0.75), (0.6, 0.55))
    )
    chart = curves.gains(alone, [one])
    assert list(chart.data[0].y) == pytest.approx([-20, 10])
    assert list(chart.data[0].customdata) == [5, 3]
