"""How often those who watch may look, and what a look of many costs the store."""

import time

import pytest
import sqlalchemy as sa

from engine.runs import records
from engine.settings import TrainSettings
from pages.shared import cached
from pages.shared.turns import AWAY_SECONDS, LOOKS_PER_SECOND, Audience, audience, pace
from tests.pages import fabricated


@pytest.mark.parametrize(("watchers", "seconds"), [(1, 1), (15, 1), (16, 2), (30, 2), (100, 3)])
def test_a_crowd_looks_less_often_but_still_live(watchers, seconds):
    assert pace(watchers) == seconds


@pytest.mark.parametrize("watchers", range(1, 46))
def test_up_to_45_watchers_together_look_no_more_often_than_allowed(watchers):
    assert watchers / pace(watchers) <= LOOKS_PER_SECOND


def test_who_looks_again_counts_once_and_who_is_gone_does_not_count():
    audience = Audience()
    assert audience.look("a", 100.0) == 1
    assert audience.look("b", 101.0) == 2
    assert audience.look("a", 102.0) == 2
    assert audience.look("a", 101.0 + AWAY_SECONDS) == 1


def test_a_page_that_many_watch_is_told_to_look_less_often(runs, visit, monkeypatch):
    import streamlit as st

    told = []
    fragment = st.fragment

    def listening(function, *, run_every=None, **options):
        told.append(run_every)
        return fragment(function, run_every=run_every, **options)

    monkeypatch.setattr(st, "fragment", listening)
    run = fabricated.training(runs, TrainSettings(), epochs=0)
    visit("train", run=run.id)
    assert told == [1.0]
    for other in range(LOOKS_PER_SECOND):
        audience().look(str(other), time.monotonic())
    visit("train", run=run.id)
    assert told == [1.0, 2.0]


def test_what_many_watch_is_read_once_for_all(runs):
    run = fabricated.training(runs, TrainSettings(), epochs=0)
    reads = []
    engine = cached.runs().database.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *call: reads.append(call[2]))
    begun = time.monotonic()
    seen = [len(cached.rows(run, "step")) for _ in range(30)]
    assert seen == [0] * 30
    periods = 1 + int((time.monotonic() - begun) / cached.FRESH_SECONDS)
    assert len([text for text in reads if "FROM records" in text]) <= periods


def test_new_rows_of_an_active_run_show_a_moment_later(runs):
    run = fabricated.training(runs, TrainSettings(), epochs=0)
    assert len(cached.rows(run, "step")) == 0
    records.write(runs.database, run.id, "step", dict(map(fabricated.step, (50, 100))))
    end = time.monotonic() + 20
    while len(cached.rows(run, "step")) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    assert len(cached.rows(run, "step")) == 2
