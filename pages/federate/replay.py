"""The same finished rounds over other links and computers: nothing is trained again."""

from functools import partial

import streamlit as st

from engine.federated.links import LINKS, Fleet, Link, ReplayedRound, late_share, replay
from pages.federate.charts import timeline
from pages.federate.charts.series import Series
from pages.federate.look import Look
from pages.federate.texts import HELP, REPLAYED
from pages.shared.notices import explained
from pages.shared.words import seconds

OWN = "own"
TITLES = {"3g": "3G", "lte": "LTE", "dsl": "DSL", "fibre": "Fibre", OWN: "Own"}


def show(look: Look) -> None:
    """Choose link and computers; see the run's time, one round's timeline, accuracy over time."""
    with explained():
        link, fleet = _link(), _fleet(look)
        pairs = [(each, _replayed(each, link, fleet)) for each in look.series if each.rounds]
        _figures(pairs[0][1])
        mark = f"{link}-{fleet}"
        number = look.choose_round()
        left, right = st.columns(2)
        with left:
            draw = partial(timeline.round_timeline, pairs[0][1][number], fleet.deadline)
            look.chart("timeline", f"Round {number + 1}", draw, f"{mark}-{number}")
        with right:
            draw = partial(timeline.against_time, pairs)
            look.chart("against_time", "Accuracy over time", draw, mark)
        st.caption(REPLAYED)


def _replayed(each: Series, link: Link, fleet: Fleet) -> list[ReplayedRound]:
    settings = each.settings
    return replay(each.rounds, link, fleet, clients=settings.clients, epochs=settings.local_epochs)


def _figures(replayed: list[ReplayedRound]) -> None:
    slots = [slot for each in replayed for slot in each.slots]
    parts = {name: sum(getattr(slot, name) for slot in slots) for name in ("down", "compute", "up")}
    total = sum(parts.values()) or 1.0
    with st.grid(4, min_column_width=160):
        st.metric("The whole run", seconds(replayed[-1].end), border=True)
        st.metric("A round, mean", seconds(replayed[-1].end / len(replayed)), border=True)
        share = (parts["down"] + parts["up"]) / total
        st.metric("Of a client's time on the link", f"{100 * share:.0f} %", border=True)
        st.metric("Visits past the deadline", f"{100 * late_share(replayed):.0f} %", border=True)


def _link() -> Link:
    chosen = st.segmented_control(
        "Link",
        list(TITLES),
        default="lte",
        required=True,
        format_func=lambda name: TITLES[name],
        key="link",
        bind="query-params",
        help=HELP["link"],
    )
    if chosen != OWN:
        return LINKS[chosen or "lte"]
    with st.container(horizontal=True):
        down = _number("Download, Mbit/s", 10.0, "link-down", "own_link")
        up = _number("Upload, Mbit/s", 1.0, "link-up", "own_link")
        delay = _number("Delay, ms", 50.0, "link-delay", "delay")
    return Link(down, up, delay)


def _fleet(look: Look) -> Fleet:
    with st.container(horizontal=True):
        speed = _number("Images per second", 500.0, "link-speed", "speed")
        slow = _number("Slow clients, %", 0.0, "link-slow", "slow")
        slower = _number("Slower by, ×", 4.0, "link-slower", "slower")
        deadline = _number("Deadline, s (0: none)", 0.0, "link-deadline", "deadline")
    seed = look.own.settings.seed
    return Fleet(speed=speed, slow=slow / 100, slower=slower, deadline=deadline, seed=seed)


def _number(label: str, base: float, key: str, topic: str) -> float:
    value = st.number_input(
        label,
        value=base,
        step=1.0,
        format="%g",
        key=key,
        bind="query-params",
        help=HELP[topic],
        width=160,
    )
    return float(value)
