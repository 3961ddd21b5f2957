"""The views of a federation: accuracy, traffic, links, subnetworks, gates, clients."""

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from engine.federated.history import FLOATS, FORMS, Row, client_updates, latest, travelled
from engine.federated.links import LINKS, Fleet, Link, late_share, replay
from engine.federated.mask_statistics import Picture, load_pictures
from engine.results.files import client_file
from engine.runs.model import Run
from pages.federate.charts import clients as client_charts
from pages.federate.charts import curves, subnetworks
from pages.federate.charts import traffic as traffic_charts
from pages.federate.view import FederationView, later
from pages.federate.words import HELP, REPLAYED, TABLES
from pages.shared import cached, downloads, metrics, tables, usage
from pages.shared.charts import classes
from pages.shared.charts.sizes import human
from pages.shared.choices import from_list, one_of
from pages.shared.metrics import Metric
from pages.shared.notices import explained
from pages.shared.palette import FORMS_SENT
from pages.shared.tables import percent
from pages.shared.words import seconds

LINES = ("dense", "bitmap", "sent", "values_only", "bound")
"""The ways to count bytes that are drawn as lines: more would lie on each other."""

LINK_TITLES = {"3g": "3G", "lte": "LTE", "dsl": "DSL", "fibre": "Fibre", "own": "Own"}
MOST_CLIENTS = 100


def accuracy(view: FederationView) -> None:
    """Personal and global accuracy, never on one axis; then those who are left behind."""
    series = view.series
    view.beside(
        ("personal", "On own labels", partial(curves.personal, series)),
        ("server", "On all labels", partial(curves.server, series)),
    )
    measured = [each for each in series if each.finals]
    alone = next((each for each in measured if each.settings.algorithm.name == "local"), None)
    others = [each for each in measured if each is not alone]
    left, right = st.columns(2)
    with left:
        view.chart("tail", "The worst tenth", partial(curves.tail, series))
    with right:
        if alone is not None and others:
            view.chart("gains", "Gain over being alone", partial(curves.gains, alone, others))
        else:
            later(
                "Gain over being alone",
                "Appears once this federation and **Local only** on the same clients have ended: "
                "the button above starts what is missing.",
            )
    if measured:
        view.chart("spread", "Every client at the end", partial(curves.spread, series))
    else:
        text = "Appears when the clients have been measured, after the last round."
        later("Every client at the end", text)


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
        replayed = pairs[0][1]
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
        mark, number = f"{link}-{fleet}", view.choose_round()
        left, right = st.columns(2)
        with left:
            draw = partial(traffic_charts.round_timeline, replayed[number], fleet.deadline)
            view.chart("timeline", f"Round {number + 1}", draw, f"{mark}-{number}")
        with right:
            draw = partial(traffic_charts.against_time, pairs)
            view.chart("against_time", "Accuracy over time", draw, mark)
        st.caption(REPLAYED)


def _link() -> Link:
    chosen = one_of("Link", LINK_TITLES, key="link", first="lte", help_text=HELP["link"])
    if chosen in LINKS:
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
    rows = list(latest(view.rounds).values())[:MOST_CLIENTS]
    view.beside(
        ("densities", "Kept by client and layer", partial(subnetworks.densities, rows)),
        ("orphans", "Kept by nobody", partial(subnetworks.orphans, view.series)),
    )
    with st.container(horizontal=True):
        number, layer = view.choose_round(), view.choose_layer("layer")
    pairs = view.rounds[number]["overlap"]
    if pairs:
        masks_layer = min(layer, len(pairs[0]["masks"]) - 1)
        excess = partial(subnetworks.mask_excess, pairs, masks_layer)
        title = f"Masks of layer {masks_layer + 1}, beyond the start"
        view.beside(
            ("label_overlap", "Labels in common", partial(subnetworks.label_overlap, pairs)),
            ("mask_excess", title, excess),
            (
                "excess_by_layer",
                "Do labels shape masks?",
                partial(subnetworks.excess_by_layer, pairs),
            ),
            mark=f"{number}-{masks_layer}",
        )
    else:
        st.caption("In this round fewer than two clients had pruned: there is no overlap to show.")
    _keepers(view, number, layer)


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
    picture = _pictures(view.run, row["round"]).get(f"keepers-{layer + 1}")
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
    reasons = partial(client_charts.reasons, view.rounds, settings)
    distances = partial(client_charts.distances, view.rounds, settings)
    view.beside(
        ("reasons", "Pruned, or why not", reasons),
        ("distances", "Did the choice move enough?", distances),
    )


def clients(view: FederationView) -> None:
    """The table of all clients, and the chosen one in detail."""
    seen = client_updates(view.rounds)
    finals = {int(row["client"]): row for row in view.own.finals}
    known = sorted({*seen, *finals})
    lines = []
    for each in known:
        visits, final = seen.get(each, []), finals.get(each)
        last = final or visits[-1][1]
        line = {
            "Client": each,
            "Labels": ", ".join(str(label) for label in last["labels"]),
            "Drawn": len(visits),
            "At the end (%)": percent(final["accuracy"] if final else None, 2),
            "Kept (%)": percent(last["density"], 1),
            "Pruned": sum(row["gate"] == "pruned" for _, row in visits),
            "Up (kB)": round(sum(row["bytes_up"] for _, row in visits) / 1000),
            "Down (kB)": round(sum(row["bytes_down"] for _, row in visits) / 1000),
        }
        lines.append(line)
    formats = {"At the end (%)": "%.2f", "Kept (%)": "%.1f", "Up (kB)": "%d", "Down (kB)": "%d"}
    tables.show(pd.DataFrame(lines), formats=formats, key="clients", alt=TABLES["clients"])
    first = max(known, key=lambda each: len(seen.get(each, [])))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = HELP["client"]
        client = from_list("Client", known, key="client", width=160, first=first, help_text=text)
        stored = _network_button(view.run, client)
    visits = seen.get(client, [])
    if stored:
        labels = tuple((finals.get(client) or visits[-1][1])["labels"])
        usage.show(view.run, f"client-{client}.tflite", labels=labels)
    _client(view, client, visits)


def _network_button(run: Run, client: int) -> bool:
    """The button for a client's own network; whether the job has kept that."""
    name, runs = client_file(client), cached.runs()
    found = next((file for file in runs.files(run.id) if file.name == name), None)
    downloads.button(
        f"Its network, TFLite, {human(found.size)}" if found else "Its network: not kept",
        f"client-{client}.tflite.zip",
        lambda: runs.file(run.id, name),
        "application/zip",
        icon="download",
        primary=True,
        key="personal",
        disabled=run.evicted or found is None,
    )
    if found is None:
        st.caption(HELP["model"])
    return found is not None


def _client(view: FederationView, client: int, visits: Sequence[tuple[int, Row]]) -> None:
    """One client: what it owns, how its rounds went, where it errs, what it keeps."""
    settings, mark = view.own.settings, str(client)
    split = next(iter(cached.rows(view.run, "split")), None)
    left, right = st.columns(2)
    if split is not None and client < len(split["counts"]):
        counts = split["counts"][client]
        names = cached.class_names(settings.data.dataset, len(counts))
        draw = partial(client_charts.labels, counts, names)
        with left:
            view.chart("labels", f"What client {client} owns", draw, mark)
    with right:
        if not visits:
            later("How it went", "No round has drawn it, so there is nothing to tell yet.")
            return
        draw = partial(client_charts.course, visits, settings.rounds)
        view.chart("course", "How it went", draw, mark)
    answered = [row for _, row in visits if row["confusion"]]
    left, right = st.columns(2)
    if answered:
        counts, labels = answered[-1]["confusion"], answered[-1]["labels"]
        names = cached.class_names(settings.data.dataset, len(counts[0]))
        own = [names[label] for label in labels]
        draw = partial(classes.confusion, counts, names, true=own)
        with left:
            view.chart("client_confusion", "What it answers, after its last round", draw, mark)
    if not settings.algorithm.prunes:
        return
    with right:
        layer, number = view.choose_layer("mask-layer"), visits[-1][0]
        picture = _pictures(view.run, number).get(f"{client}-{layer + 1}")
        if picture is None:
            st.caption("There is no picture of its mask: rounds draw at most 100 clients.")
            return
        title = f"What it keeps of layer {layer + 1}, round {number}"
        view.chart("mask", title, partial(subnetworks.mask, picture), f"{client}-{layer}")


def _pictures(run: Run, number: int) -> Mapping[str, Picture]:
    """The pictures of the masks of a round; none where the round has none any more."""
    name = f"masks-{number:04}.npz"
    if run.evicted or all(file.name != name for file in cached.runs().files(run.id)):
        return {}
    return _read_pictures(run.id, name, run.created)


@st.cache_resource(show_spinner=False, max_entries=64)
def _read_pictures(run: str, name: str, created: float) -> Mapping[str, Picture]:
    del created  # a run that was deleted and made anew is another one
    return load_pictures(cached.runs().file(run, name))
