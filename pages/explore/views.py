"""The views beside the inside of the network: sensitivity, a digit, what is forgotten first."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from engine.arrays import FloatArray
from engine.datasets import normalised
from engine.errors import InvalidInput
from engine.explore.by_sparsity import Flips
from engine.explore.digit import Style, are_digits, centred
from engine.explore.image import channels_told, has_picture, no_picture
from engine.explore.service import Subject
from engine.settings import percent
from pages.explore import charts, drawing_field, pictures
from pages.explore.charts import STRIP_ROWS
from pages.explore.form import Asked, layer_name
from pages.explore.networks import progress, service, show_chart
from pages.explore.words import HELP, SEEN, SIMULATED, TEST_IMAGE
from pages.shared import cached
from pages.shared.choices import one_of
from pages.shared.notices import plain

DRAW, EXAMPLE = "Draw", "Test image"

PAGE = 24
"""Forgotten images that are shown at once."""


def sensitivity(subject: Subject, asked: Asked) -> None:
    """The table of layers by K, one layer pruned at a time, measured on the sample."""
    network = service().network(subject)
    with progress("Prunes one layer after the other") as turn:
        table = service().sensitivity(subject, asked.question, turn)
    names = [layer_name(network, i) for i in range(len(network.layers))]
    with st.container(border=True):
        st.markdown(
            f"**Accuracy where one layer alone is pruned, %** · unpruned {100 * table.whole:.1f} %"
        )
        stamp = f"{subject}-{asked.question.method}"
        show_chart("sensitivity", stamp, partial(charts.sensitivity, table, names))


def digit(subject: Subject, _: Asked) -> None:
    """An image on the left, drawn or of the test set; the answers of all networks beside it."""
    left, right = st.columns([2, 5])
    with left:
        style = _style(subject)
        way = one_of("Image", [DRAW, EXAMPLE] if style else [EXAMPLE], key="by")
        image = _drawing(subject, style) if style and way == DRAW else _example(subject)
    with right:
        if image is None:
            st.info("Draw one digit, as large as the field; the answers come with each stroke.")
        else:
            _answers(subject, image)


def _style(subject: Subject) -> Style | None:
    """How digits of the data set are drawn; None where drawing is not offered, which is said."""
    data = service().dataset(subject)
    try:
        style = service().style(subject)
    except InvalidInput as error:
        st.caption(plain(f"Drawing is left out: {error}."))
        return None
    if are_digits(cached.class_names(subject.data.dataset, data.classes)):
        return style
    asked = st.toggle("Offer drawing anyway", key="draw", bind="query-params", help=HELP["draw"])
    return style if asked else None


def _drawing(subject: Subject, style: Style) -> FloatArray | None:
    ink = drawing_field.draw("canvas")
    if ink is None:
        return None
    seen, side, box = style.values(centred(ink, style)), style.side, style.box
    shown, width = pictures.data_image(
        seen.ravel(), (side, side), service().levels(subject), width=168
    )
    st.image(
        shown,
        caption=f"As the network sees it: scaled into {box} × {box}, centred by mass in "
        f"{side} × {side}",
        alt=SEEN.format(side=side),
        width=width,
    )
    return seen


def _example(subject: Subject) -> FloatArray:
    data, rows = service().dataset(subject), service().sample(subject).rows
    number = st.number_input(
        f"Test image, 1 to {len(rows):,}", 1, len(rows), 1, step=1, key="image", bind="query-params"
    )
    row = rows[min(max(int(number), 1), len(rows)) - 1]
    image: FloatArray = normalised(data.x_test[row : row + 1])[0]
    label = int(data.y_test[row])
    name = _class_name(cached.class_names(subject.data.dataset, data.classes), label)
    shape = data.image_shape
    if not has_picture(shape):
        st.caption(f"Class {plain(name)}. {no_picture(shape)}")
        return image
    shown, width = pictures.data_image(image, shape, service().levels(subject), width=168)
    st.image(
        shown,
        caption=plain(f"Class {name}"),
        alt=TEST_IMAGE.format(label=name),
        width=width,
    )
    if averaged := channels_told(shape):
        st.caption(f"Shown as the {averaged}.")
    return image


def _answers(subject: Subject, image: FloatArray) -> None:
    """What five networks answer at every K, and where each stops answering as before."""
    found = service().strip(subject, image.ravel())
    classes = service().network(subject).output.units
    names, first = cached.class_names(subject.data.dataset, classes), found.rows["dense"][0]
    unpruned = f"{names[first.answer]} ({100 * first.share:.0f} %)"
    stamp = f"{subject}-{hash(image.tobytes())}"
    with st.container(border=True):
        st.markdown(f"**What five networks answer** · the unpruned one: {unpruned}")
        show_chart("strip", stamp, partial(charts.strip, found, names))
    parts = []
    for row in ("weight", "unit", "weight-quantized"):
        lost = found.lost_at(row)
        when = f"at K = {percent(lost)} %" if lost is not None else "never"
        parts.append(f"{STRIP_ROWS[row].lower()} {when}")
    st.caption(f"The answer changes: {'; '.join(parts)}. {SIMULATED}")


def forgetting(subject: Subject, asked: Asked) -> None:
    """Accuracy over K, then the images, the first to be forgotten first."""
    question = asked.question
    with progress("Asks the sample at every K") as turn:
        found = service().flips(subject, question, turn)
    level = question.sparsities[0] if len(question.sparsities) == 1 else None
    with st.container(border=True):
        st.markdown("**Accuracy on the way**")
        stamp = f"{subject}-{question.method}-{question.scope}-{level}"
        show_chart("forgetting", stamp, partial(charts.forgetting, found, question.method, level))
    images, forgotten = len(found.labels), len(found.order)
    wrong = images - forgotten - found.never
    st.caption(
        f"Of {images:,} test images {wrong:,} are answered wrong before anything is pruned, "
        f"{forgotten:,} are forgotten on the way, {found.never:,} never. Here are those "
        "that are forgotten, the first ones first, with the K of the first wrong answer."
    )
    data = service().dataset(subject)
    averaged = channels_told(data.image_shape)
    if not has_picture(data.image_shape):
        st.caption(no_picture(data.image_shape))
    elif averaged:
        st.caption(f"Shown as the {averaged}.")
    if not forgotten:
        return
    pages = -(-forgotten // PAGE)
    page = min(st.pagination(pages, key="page", bind="query-params"), pages)
    names = cached.class_names(subject.data.dataset, data.classes)
    with st.grid(12, min_column_width=88):
        for image in found.order[PAGE * (page - 1) : PAGE * page]:
            _image(subject, found, int(image), names)


def _image(subject: Subject, found: Flips, image: int, names: list[str]) -> None:
    """A forgotten image: what it is, what it is answered as, from which K on."""
    data, first = service().dataset(subject), int(found.first_wrong[image])
    label = _class_name(names, int(found.labels[image]))
    now = _class_name(names, int(found.answers[first, image]))
    level = percent(found.levels[first])
    if not has_picture(data.image_shape):
        st.markdown(plain(f"{label} → {now} at {level} %"))
        return
    row = service().sample(subject).rows[image]
    values = normalised(data.x_test[row : row + 1])[0]
    pixels, _ = pictures.data_image(values, data.image_shape, service().levels(subject), width=84)
    st.image(
        pixels,
        caption=plain(f"{label} → {now}, {level} %"),
        width="stretch",
        alt=TEST_IMAGE.format(label=label),
    )


def _class_name(names: Sequence[str], label: int) -> str:
    """The name of a class; its number where it has none."""
    return names[label] if label < len(names) else str(label)
