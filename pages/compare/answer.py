"""The box that names the one to ship."""

import statistics
from contextlib import suppress

import streamlit as st

from engine.compare import answers
from engine.compare.answers import Advice
from engine.compare.candidate import COSTS, Candidate
from engine.compare.spread import Group, with_cost
from engine.errors import StorageError, UnknownRun
from engine.export.archive import unzip_bytes
from engine.results.export_report import ExportedFile
from engine.results.intervals import wilson_interval
from pages.compare.comparison import Comparison, accuracy, amount, title
from pages.compare.words import HELP, JUDGE
from pages.shared import cached, downloads, metrics, state, usage
from pages.shared.charts.sizes import human
from pages.shared.choices import from_list
from pages.shared.kinds import KINDS
from pages.shared.metrics import Metric

SMALLEST, BEST = "smallest", "best"
QUESTIONS = {SMALLEST: "The smallest that loses at most", BEST: "The most accurate under"}
SURE = 0.005
"""Half a point: an interval that reaches further above the loss is worth a word."""

NOT_STORED = "Its file is not stored here: start the run to make it."
ENDINGS = {"tflite": ".tflite", "tflite_zip": ".tflite.zip", "keras": ".h5", "keras_zip": ".h5.zip"}


def cost() -> str:
    """The choice of what accuracy is set against."""
    titles = {name: each.label for name, each in COSTS.items()}
    return from_list("Measured in", titles, key="cost", width=230, help_text=HELP["cost"])


def ask(comparison: Comparison, question: str) -> Advice:
    """The field of the question, and its answer."""
    known = with_cost(comparison.groups, comparison.cost)
    if question == SMALLEST:
        lose = st.number_input(
            "Points of accuracy", 0.0, 100.0, 1.0, 0.1, key="lose", bind="query-params", width=150
        )
        return answers.smallest(known, comparison.cost, lose=lose / 100)
    cost = COSTS[comparison.cost]
    unit, factor = ("kB", 1000.0) if cost.is_bytes else (cost.unit, 1.0)
    middle = statistics.median([comparison.value(group) for group in known] or [0])
    start, key = float(round(middle / factor)), f"under-{comparison.cost}"
    under = st.number_input(
        unit, 0.0, 1e12, start, step=None, key=key, bind="query-params", width=150
    )
    return answers.most_accurate(known, comparison.cost, under=under * factor)


def show(comparison: Comparison, advice: Advice) -> None:
    """The answer in large letters, with its file; or why there is none, and what comes closest."""
    found, cost = advice.pick, comparison.cost
    if found is None:
        st.markdown("#### :material/search_off: No pick")
        st.markdown(f"{advice.reason[:1].upper()}{advice.reason[1:]}.")
        known = with_cost(comparison.groups, cost)
        if not known:
            st.caption(f"{COSTS[cost].label} was not measured for any of these networks.")
            return
        most = max(known, key=lambda group: group.accuracy)
        least = min(known, key=comparison.value)
        st.caption(
            f"The most accurate is {title(most)} with {accuracy(most)}; the smallest is "
            f"{title(least)} with {amount(comparison.value(least), cost)}."
        )
        return
    st.markdown(f"#### :material/check_circle: {title(found)}")
    first, value = found.first, comparison.value(found)
    costs = {
        (group.first.family, group.first.method, group.first.numbers): group.cost(cost)
        for group in comparison.groups
    }
    before = costs.get((first.family, "baseline", "float32"))
    smaller = f"{before / value:.1f}× less than unpruned" if before and value else None
    figures = [
        Metric("Test accuracy", accuracy(found), f"{-100 * found.lost:+.2f} points"),
        Metric(COSTS[cost].label, amount(value, cost), smaller),
        Metric("Seeds", str(len(found.members)), help=HELP["seeds"]),
    ]
    metrics.row(figures, columns=3, width=170)
    # the file whose length is the cost, or the one that one would ship
    _offer(first, cost if cost in first.files else "tflite_zip")
    st.caption(_honest(advice, found))


def _offer(candidate: Candidate, cost: str) -> None:
    """The file whose length is that cost, the way to its run, and how to use the file."""
    run, stored = None, False
    with suppress(UnknownRun, StorageError):
        run = cached.runs().get(candidate.run)
        names = {each.name for each in cached.runs().files(run.id)}
        stored = candidate.files.get(cost) in names
    name = f"{candidate.key}-{candidate.numbers}{ENDINGS.get(cost, '')}"
    with st.container(horizontal=True, vertical_alignment="center"):
        if stored and cost in candidate.costs:
            downloads.button(
                f"Model file, {human(candidate.costs[cost])}",
                name,
                lambda: content(candidate, cost),
                downloads.BINARY,
                icon="download",
                primary=True,
                key="answer",
            )
        else:
            st.caption(NOT_STORED, width="content")
        if run is not None:
            page, parameters = KINDS[run.kind].page, {state.RUN: run.id}
            icon = ":material/arrow_forward:"
            st.page_link(page, label="Its run", icon=icon, query_params=parameters)
    if run is None or not stored:
        return
    file, key, numbers = name.removesuffix(".zip"), candidate.key, candidate.numbers
    if run.kind == "export":
        if made := cached.matrix(run).cell(key, numbers):
            usage.show(run, file, made=made)
    elif cost.startswith("keras"):
        usage.show(run, file, accuracy=candidate.accuracy, title="Use the Keras file")
    else:
        made = ExportedFile(row=key, variant=numbers, accuracy=candidate.accuracy)
        usage.show(run, file, made=made)


def content(candidate: Candidate, cost: str) -> bytes:
    """The file whose length that cost is; StorageError where it is gone or damaged."""
    archive = cached.runs().file(candidate.run, candidate.files[cost])
    if cost.endswith("_zip"):
        return archive
    return unzip_bytes(archive, limit=int(candidate.costs[cost]))


def _honest(advice: Advice, found: Group) -> str:
    """What the answer rests on: validation images, and how sure they and the test images are."""
    evidence, images = found.evidence, found.first.images
    parts = [f"Chosen by validation images. {evidence.sentence}"]
    if not evidence.alone and evidence.interval[1] > evidence.loss + SURE:
        parts.append("It may well be a little worse on new images.")
    parts.append(JUDGE)
    if images:
        low, high = wilson_interval(found.accuracy, images)
        parts.append(f"On {images:,} test images it is good to ±{50 * (high - low):.2f} points.")
    if advice.left_out:
        parts.append(f"{advice.left_out} networks without validation images were left out.")
    return " ".join(parts)
