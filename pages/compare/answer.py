"""The box that names the one to ship."""

import statistics
from collections.abc import Sequence

import streamlit as st

from engine.compare import answers
from engine.compare.answers import Advice
from engine.compare.candidate import Candidate
from engine.compare.costs import COSTS
from engine.compare.spread import Group, with_cost
from engine.errors import StorageError, UnknownRun
from engine.export.archive import unzip_bytes
from engine.results.export_report import ExportedFile
from engine.results.intervals import wilson_interval
from pages.compare.view import View, accuracy, amount, title
from pages.shared import cached, downloads, state, usage
from pages.shared.charts.sizes import human
from pages.shared.texts import HELP, JUDGE

SMALLEST, BEST = "smallest", "best"
SURE = 0.005
"""Half a point: an interval that reaches further above the loss is worth a word."""

QUESTIONS = {SMALLEST: "The smallest that loses at most", BEST: "The most accurate under"}
ENDINGS = {"tflite": ".tflite", "tflite_zip": ".tflite.zip", "keras": ".h5", "keras_zip": ".h5.zip"}


def cost() -> str:
    """The choice of what accuracy is set against."""
    chosen = st.selectbox(
        "Measured in",
        list(COSTS),
        format_func=lambda name: COSTS[name].label,
        key="cost",
        bind="query-params",
        help=HELP["cost"],
        width=230,
    )
    return chosen or next(iter(COSTS))


def ask(view: View, question: str) -> Advice:
    """The field of the question, and its answer."""
    known = with_cost(view.groups, view.cost)
    if question == SMALLEST:
        lose = st.number_input(
            "Points of accuracy", 0.0, 100.0, 1.0, 0.1, key="lose", bind="query-params", width=150
        )
        return answers.smallest(known, view.cost, lose=lose / 100)
    unit, factor = _unit(view.cost)
    start = float(round(_middle(known, view.cost) / factor))
    under = st.number_input(
        unit, 0.0, 1e12, start, step=None, key=f"under-{view.cost}", bind="query-params", width=150
    )
    return answers.most_accurate(known, view.cost, under=under * factor)


def show(view: View, advice: Advice) -> None:
    """The answer in large letters, with its file; or why there is none."""
    found = advice.pick
    if found is None:
        st.markdown("#### :material/search_off: No pick")
        st.markdown(f"{advice.reason[:1].upper()}{advice.reason[1:]}.")
        st.caption(_closest(view))
        return
    st.markdown(f"#### :material/check_circle: {title(found)}")
    _figures(view, found)
    with st.container(horizontal=True, vertical_alignment="center"):
        _file(view, found.first)
        _open(found.first)
    _use(view, found.first)
    _honest(advice, found)


def _figures(view: View, found: Group) -> None:
    base, value = _unpruned(view, found), found.cost(view.cost) or 0
    before = None if base is None else base.cost(view.cost)
    smaller = f"{before / value:.1f}× less than unpruned" if before and value else None
    with st.grid(3, min_column_width=170):
        st.metric(
            "Test accuracy",
            accuracy(found),
            f"{-100 * found.lost:+.2f} points",
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
        )
        st.metric(
            COSTS[view.cost].label,
            amount(value, view.cost),
            smaller,
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
        )
        st.metric(
            "Seeds", str(len(found.members)), border=True, height="stretch", help=HELP["seeds"]
        )


def _file(view: View, candidate: Candidate) -> None:
    cost = _cost(view, candidate)
    name, length = candidate.files.get(cost), candidate.costs.get(cost)
    if name is None or length is None or not _stored(candidate.run, name):
        st.caption("Its file is not stored here: start the run to make it.", width="content")
        return
    downloads.button(
        f"Model file, {human(length)}",
        f"{candidate.key}-{candidate.numbers}{ENDINGS[cost]}",
        lambda: content(candidate, cost),
        "application/octet-stream",
        icon="download",
        primary=True,
        key="answer",
    )


def _use(view: View, candidate: Candidate) -> None:
    """How to use the file that is offered."""
    cost = _cost(view, candidate)
    if cost not in candidate.files or not _stored(candidate.run, candidate.files[cost]):
        return
    run = cached.runs().get(candidate.run)
    file = f"{candidate.key}-{candidate.numbers}{ENDINGS[cost].removesuffix('.zip')}"
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


def _cost(view: View, candidate: Candidate) -> str:
    """The cost whose file is offered."""
    return view.cost if view.cost in candidate.files else "tflite_zip"


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


def _open(candidate: Candidate) -> None:
    try:
        run = cached.runs().get(candidate.run)
    except UnknownRun:
        return
    st.page_link(
        state.PAGE_OF_KIND[run.kind],
        label="Its run",
        icon=":material/arrow_forward:",
        query_params={state.RUN: run.id},
    )


def _honest(advice: Advice, found: Group) -> None:
    """What the answer rests on: validation images, and how sure they and the test images are."""
    told, images = found.evidence, found.first.images
    low, high = wilson_interval(found.accuracy, images)
    parts = [f"Chosen by validation images. {told.sentence}"]
    if not told.alone and told.interval[1] > told.loss + SURE:
        parts.append("It may well be a little worse on new images.")
    parts.append(JUDGE)
    if images:
        parts.append(f"On {images:,} test images it is good to ±{50 * (high - low):.2f} points.")
    if advice.left_out:
        parts.append(f"{advice.left_out} networks without validation images were left out.")
    st.caption(" ".join(parts))


def _closest(view: View) -> str:
    known = with_cost(view.groups, view.cost)
    if not known:
        return f"{COSTS[view.cost].label} was not measured for any of these networks."
    least = min(known, key=lambda group: group.lost)
    small = min(known, key=lambda group: group.cost(view.cost) or 0)
    return (
        f"The most accurate is {title(least)} with {accuracy(least)}; the smallest is "
        f"{title(small)} with {amount(small.cost(view.cost) or 0, view.cost)}."
    )


def _unpruned(view: View, found: Group) -> Group | None:
    return next(
        (
            group
            for group in view.groups
            if group.first.family == found.first.family
            and (group.first.method, group.first.numbers) == ("baseline", "float32")
        ),
        None,
    )


def _unit(cost: str) -> tuple[str, float]:
    return ("kB", 1000.0) if COSTS[cost].is_bytes else (COSTS[cost].unit, 1.0)


def _middle(known: Sequence[Group], cost: str) -> float:
    return statistics.median([group.cost(cost) or 0 for group in known] or [0])
