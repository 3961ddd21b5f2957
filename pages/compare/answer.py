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
SURE = 0.005
"""Half a point: an interval that reaches further above the loss is worth a word."""

QUESTIONS = {SMALLEST: "The smallest that loses at most", BEST: "The most accurate under"}
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
    start = float(round(middle / factor))
    under = st.number_input(
        unit,
        0.0,
        1e12,
        start,
        step=None,
        key=f"under-{comparison.cost}",
        bind="query-params",
        width=150,
    )
    return answers.most_accurate(known, comparison.cost, under=under * factor)


def show(comparison: Comparison, advice: Advice) -> None:
    """The answer in large letters, with its file; or why there is none."""
    found = advice.pick
    if found is None:
        st.markdown("#### :material/search_off: No pick")
        st.markdown(f"{advice.reason[:1].upper()}{advice.reason[1:]}.")
        st.caption(_closest(comparison))
        return
    st.markdown(f"#### :material/check_circle: {title(found)}")
    metrics.row(_figures(comparison, found), columns=3, width=170)
    offered = found.first
    # the file whose length is the cost, or the one that one would ship
    cost = comparison.cost if comparison.cost in offered.files else "tflite_zip"
    stored = cost in offered.files and _stored(offered.run, offered.files[cost])
    name = f"{offered.key}-{offered.numbers}{ENDINGS.get(cost, '')}"
    with st.container(horizontal=True, vertical_alignment="center"):
        if stored and cost in offered.costs:
            downloads.button(
                f"Model file, {human(offered.costs[cost])}",
                name,
                lambda: content(offered, cost),
                downloads.BINARY,
                icon="download",
                primary=True,
                key="answer",
            )
        else:
            st.caption(NOT_STORED, width="content")
        with suppress(UnknownRun):
            run = cached.runs().get(offered.run)
            page, parameters = KINDS[run.kind].page, {state.RUN: run.id}
            icon = ":material/arrow_forward:"
            st.page_link(page, label="Its run", icon=icon, query_params=parameters)
    if stored:
        _use(offered, cost, name.removesuffix(".zip"))
    st.caption(_honest(advice, found))


def _figures(comparison: Comparison, found: Group) -> list[Metric]:
    """Accuracy, cost and seeds of the answer, against the unpruned network of its family."""
    cost, wanted = comparison.cost, (found.first.family, "baseline", "float32")
    families = ((g.first.family, g.first.method, g.first.numbers) for g in comparison.groups)
    pairs = zip(comparison.groups, families, strict=True)
    before = next((group.cost(cost) for group, each in pairs if each == wanted), None)
    value = comparison.value(found)
    smaller = f"{before / value:.1f}× less than unpruned" if before and value else None
    return [
        Metric("Test accuracy", accuracy(found), f"{-100 * found.lost:+.2f} points"),
        Metric(COSTS[cost].label, amount(value, cost), smaller),
        Metric("Seeds", str(len(found.members)), help=HELP["seeds"]),
    ]


def _use(candidate: Candidate, cost: str, file: str) -> None:
    """How to use the file that is offered."""
    run = cached.runs().get(candidate.run)
    if run.kind == "export":
        made = cached.matrix(run).cell(candidate.key, candidate.numbers)
        if made is not None:
            usage.cell(run, made, file=file)
    elif cost.startswith("keras"):
        usage.keras_file(run, candidate.accuracy, file=file)
    else:
        made = ExportedFile(
            row=candidate.key, variant=candidate.numbers, accuracy=candidate.accuracy
        )
        usage.cell(run, made, file=file)


def content(candidate: Candidate, cost: str) -> bytes:
    """The file whose length that cost is; StorageError where it is gone or damaged."""
    archive = cached.runs().file(candidate.run, candidate.files[cost])
    if cost.endswith("_zip"):
        return archive
    return unzip_bytes(archive, limit=int(candidate.costs[cost]))


def _stored(run: str, name: str) -> bool:
    try:
        return any(file.name == name for file in cached.runs().files(run))
    except StorageError:
        return False


def _honest(advice: Advice, found: Group) -> str:
    """What the answer rests on: validation images, and how sure they and the test images are."""
    evidence, images = found.evidence, found.first.images
    low, high = wilson_interval(found.accuracy, images)
    parts = [f"Chosen by validation images. {evidence.sentence}"]
    if not evidence.alone and evidence.interval[1] > evidence.loss + SURE:
        parts.append("It may well be a little worse on new images.")
    parts.append(JUDGE)
    if images:
        parts.append(f"On {images:,} test images it is good to ±{50 * (high - low):.2f} points.")
    if advice.left_out:
        parts.append(f"{advice.left_out} networks without validation images were left out.")
    return " ".join(parts)


def _closest(comparison: Comparison) -> str:
    known = with_cost(comparison.groups, comparison.cost)
    if not known:
        return f"{COSTS[comparison.cost].label} was not measured for any of these networks."
    least = min(known, key=lambda group: group.lost)
    small = min(known, key=comparison.value)
    return (
        f"The most accurate is {title(least)} with {accuracy(least)}; the smallest is "
        f"{title(small)} with {amount(comparison.value(small), comparison.cost)}."
    )
