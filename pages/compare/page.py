"""Compare: any runs on one chart, and which of their networks to ship."""

import streamlit as st

from engine import notices
from engine.compare.adapters import separable
from engine.compare.spread import groups
from engine.runs.model import Run
from engine.settings import digest, to_json
from pages.compare import answer, choice, view, words
from pages.compare.comparison import Comparison
from pages.shared import cached
from pages.shared.choices import from_list
from pages.shared.kinds import described_settings, titled
from pages.shared.notices import explained, quiet


def page() -> None:
    """Choose, ask, look, take home."""
    st.title("Which one should I ship?")
    runs = choice.choose()
    told = [each for run in runs for each in notices.from_json(cached.notices(run))]
    told = list(dict.fromkeys(told))
    with st.container(border=True):
        if runs:
            choice.legend(runs)
            quiet(told)
            choice.repeat(runs)
        else:
            st.caption(words.REFERENCE)
    with st.container(border=True, key="answer-box"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            question = from_list("I want", answer.QUESTIONS, key="ask", width=280)
            field = st.container(width="content")  # left of the cost, on which it depends
            comparison = _comparison(runs, answer.cost())
            with field:
                found = answer.ask(comparison, question)
        if not comparison.groups:
            st.caption(words.NOTHING)
            return
        answer.show(comparison, found)
    view.show(comparison, found.pick)
    st.subheader("Take it home", icon=":material/download:")
    asked = f"{answer.QUESTIONS[question]} …"
    view.take_home(comparison, found, asked, notices.to_json(told))


def _comparison(runs: list[Run], cost: str) -> Comparison:
    """What these runs offer; what the sweep that ships along does where there are none."""
    if not runs:
        settings, candidates = choice.shipped()
        name = digest(settings)
        title = described_settings(settings.kind, to_json(settings))
        return Comparison({name: title}, {name: settings}, groups(candidates), cost)
    everything = [each for run in runs for each in choice.candidates(run)]
    found = separable(everything)
    if len(found) < len(everything):
        st.caption(words.APART)
    titles = {run.id: titled(run) for run in runs}
    return Comparison(titles, {run.id: run.parsed for run in runs}, groups(found), cost)


with explained():
    page()
