"""The views of a federation: accuracy, traffic, links, subnetworks, gates."""

from functools import partial

import streamlit as st

from engine.federated.history import FLOATS, FORMS, gains, latest, travelled
from engine.federated.links import LINKS, Fleet, Link, ReplayedRound, late_share, replay
from pages.federate import recorded
from pages.federate.charts import curves, links, subnetworks
from pages.federate.charts import gates as gate_charts
from pages.federate.charts import traffic as traffic_charts
from pages.federate.view import FederationView, later
from pages.federate.words import HELP, REPLAYED
from pages.shared import metrics
from pages.shared.choices import from_list, one_of
from pages.shared.metrics import Metric
from pages.shared.notices import explained
from pages.shared.palette import FORMS_SENT
from pages.shared.words import seconds

LINES = ("dense", "bitmap", "sent", "values_only", "bound")
"""The ways to count bytes that are drawn as lines: more would lie on each other."""

OWN_LINK = "own"
LINK_TITLES = {"3g": "3G", "lte": "LTE", "dsl": "DSL", "fibre": "Fibre", OWN_LINK: "Own"}
MOST_CLIENTS = 100


def accuracy(view: FederationView) -> None:
    """Personal and global accuracy, never on one axis; then those who are left behind."""
    series = view.series
    view.beside(
        ("personal", "On own labels", partial(curves.personal, series)),
        ("server", "On all labels", partial(curves.server, series)),
    )
    left, right = st.columns(2)
    with left:
        view.chart("tail", "The worst tenth", partial(curves.tail, series))
    with right:
        _gains(view)
    title = "Every client at the end"
    if any(each.finals for each in series):
        view.chart("spread", title, partial(curves.spread, series))
    else:
        later(title, "Appears when the clients have been measured, after the last round.")


def _gains(view: FederationView) -> None:
    title, measured = "Gain over being alone", [each for each in view.series if each.finals]
    alone = next((each for each in measured if each.settings.algorithm.name == "local"), None)
    others = [each for each in measured if each is not alone]
    if alone is None or not others:
        later(
            title,
            "Appears once this federation and **Local only** on the same clients have ended: the "
            "button above starts what is missing.",
        )
        return
    found = {each.name: gains(each.finals, alone.finals) for each in others}
    styles = {each.name: each.style for each in others}
    view.chart("gains", title, partial(curves.gains, found, styles))


def traffic(view: FederationView) -> None:
    """Bytes against accuracy for all federations, then the forms of this one."""
    nothing = not travelled(view.rounds)[-1]
    if nothing:
        st.caption("Nothing travels: each client trains alone. Those beside it are drawn here.")
    names = {name: FORMS_SENT[name].label for name in (*FORMS, *FLOATS)}
    form = from_list("Counted as", names, key="form", width=300, help_text=HELP["form"])
    own = view.own
    left, right = st.columns(2)
    with left:
        draw = partial(traffic_charts.by_federation, view.series, form)
        view.chart("traffic", f"What accuracy costs · {names[form]}", draw, form)
    if nothing:
        return
    with right:
        draw = partial(traffic_charts.by_form, own, LINES)
        view.chart("by_form", f"{own.name}, counted in several ways", draw)
    draw = partial(traffic_charts.forms, view.rounds, names)
    view.chart("forms", f"The whole run in every form · {own.name}", draw)


def over_links(view: FederationView) -> None:
    """The same finished rounds over other links and computers: nothing is trained again.

    The run's time, one round's timeline, accuracy over time.
    """
    with explained():
        link, fleet = _link(), _fleet(view.own.settings.seed)
        pairs = [
            (each, replay(each.rounds, link, fleet, clients=s.clients, epochs=s.local.epochs))
            for each, s in ((each, each.settings) for each in view.series if each.rounds)
        ]
        _times(pairs[0][1])
        mark, number = f"{link}-{fleet}", view.choose_round()
        left, right = st.columns(2)
        with left:
            draw = partial(links.round_timeline, pairs[0][1][number], fleet.deadline)
            view.chart("timeline", f"Round {number + 1}", draw, f"{mark}-{number}")
        with right:
            draw = partial(links.against_time, pairs)
            view.chart("against_time", "Accuracy over time", draw, mark)
        st.caption(REPLAYED)


def _times(replayed: list[ReplayedRound]) -> None:
    slots = [slot for each in replayed for slot in each.slots]
    on_link = sum(slot.down + slot.up for slot in slots)
    total = on_link + sum(slot.compute for slot in slots) or 1.0
    found = [
        Metric("The whole run", seconds(replayed[-1].end)),
        Metric("A round, mean", seconds(replayed[-1].end / len(replayed))),
        Metric("Of a client's time on the link", f"{100 * on_link / total:.0f} %"),
        Metric("Visits past the deadline", f"{100 * late_share(replayed):.0f} %"),
    ]
    metrics.row(found, columns=4, width=160)


def _link() -> Link:
    chosen = one_of("Link", LINK_TITLES, key="link", first="lte", help_text=HELP["link"])
    if chosen != OWN_LINK:
        return LINKS[chosen]
    with st.container(horizontal=True):
        down = _number("Download, Mbit/s", 10.0, "link-down", "own_link")
        up = _number("Upload, Mbit/s", 1.0, "link-up", "own_link")
        delay = _number("Delay, ms", 50.0, "link-delay", "delay")
    return Link(down, up, delay)


def _fleet(seed: int) -> Fleet:
    with st.container(horizontal=True):
        speed = _number("Images per second", 500.0, "link-speed", "speed")
        slow = _number("Slow clients, %", 0.0, "link-slow", "slow")
        slower = _number("Slower by, ×", 4.0, "link-slower", "slower")
        deadline = _number("Deadline, s (0: none)", 0.0, "link-deadline", "deadline")
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


def kept(view: FederationView) -> None:
    """What clients keep of each layer, how alike it is, and what nobody keeps."""
    if not view.own.settings.algorithm.prunes:
        st.caption("Every client keeps the whole network: only Sub-FedAvg prunes.")
        return
    clients = list(latest(view.rounds).values())[:MOST_CLIENTS]
    view.beside(
        ("densities", "Kept by client and layer", partial(subnetworks.densities, clients)),
        ("orphans", "Kept by nobody", partial(subnetworks.orphans, view.series)),
    )
    with st.container(horizontal=True):
        number, layer = view.choose_round(), view.choose_layer("layer")
    _overlap(view, number, layer)
    _keepers(view, number, layer)


def _overlap(view: FederationView, number: int, layer: int) -> None:
    """How alike masks are, of clients that have pruned both."""
    pairs = view.rounds[number]["overlap"]
    if not pairs:
        st.caption("In this round fewer than two clients had pruned: there is no overlap to show.")
        return
    layer = min(layer, len(pairs[0]["masks"]) - 1)
    excess = partial(subnetworks.mask_excess, pairs, layer)
    view.beside(
        ("label_overlap", "Labels in common", partial(subnetworks.label_overlap, pairs)),
        ("mask_excess", f"Masks of layer {layer + 1}, beyond the start", excess),
        (
            "excess_by_layer",
            "Do labels shape masks?",
            partial(subnetworks.excess_by_layer, pairs),
        ),
        mark=f"{number}-{layer}",
    )


def _keepers(view: FederationView, number: int, layer: int) -> None:
    """How many clients keep the weights of a layer, over all rounds and in one."""
    row = view.rounds[number]
    left, right = st.columns(2)
    counted = [each for each in view.rounds if each["keepers"]]
    if counted:
        with left:
            draw = partial(subnetworks.keeper_counts, counted, layer, view.own.settings.rounds)
            title = f"Kept by how many · layer {layer + 1}"
            view.chart("keeper_counts", title, draw, str(layer))
    picture = recorded.pictures(view.run, row["round"]).get(f"keepers-{layer + 1}")
    if picture is None:
        return
    with right:
        uploads = len(row["keepers"][layer]) - 1
        draw = partial(subnetworks.keepers, picture, uploads)
        title = f"Where they are · layer {layer + 1}, round {row['round']}"
        view.chart("keepers", title, draw, f"{number}-{layer}")


def gates(view: FederationView) -> None:
    """Who pruned in each round, who did not and why; the distances beside their thresholds."""
    settings = view.own.settings
    if not settings.algorithm.prunes:
        st.caption("Nothing is pruned here, so there are no gates: only Sub-FedAvg has them.")
        return
    reasons = partial(gate_charts.reasons, view.rounds, settings)
    distances = partial(gate_charts.distances, view.rounds, settings)
    view.beside(
        ("reasons", "Pruned, or why not", reasons),
        ("distances", "Did the choice move enough?", distances),
    )
