from engine.runs.model import State
from engine.settings import SweepSettings, digest
from pages.components import cached_federation


def test_the_overview_is_never_empty(visit, read):
    page = visit()
    assert not page.exception
    assert not page.error
    assert page.title[0].value == "What does pruning cost, and what does it buy?"
    assert len(page.metric) == 5
    assert len(page.get("plotly_chart")) == 4 + 3 * bool(cached_federation.studies())
    assert len(page.image) == 4
    assert "Weight pruning" in read(page)


def test_one_press_submits_the_default_sweep_and_opens_it(visit, press, runs):
    page = press(visit(), "start-default")
    assert not page.exception
    run = runs.get(digest(SweepSettings()))
    assert run.state is State.QUEUED
    assert runs.get(run.needs).kind == "train"
    assert run.id in page.query_params["run"]


def test_every_chart_has_a_text_for_those_who_cannot_see_it(visit):
    charts = visit().get("plotly_chart")
    assert all(chart.proto.alt for chart in charts)
    assert len({chart.proto.alt for chart in charts}) == len(charts)
