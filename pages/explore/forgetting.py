"""What pruning costs first: the layers that need their weights, the images that are forgotten."""

from functools import partial

import streamlit as st

from engine.datasets import normalised
from engine.explore.forgetting import Flips
from engine.explore.image import channels_told, has_picture, no_picture
from engine.explore.service import Subject
from engine.settings import percent
from pages.explore import charts, pictures
from pages.explore.form import Asked, layer_name
from pages.explore.networks import class_name, progress, service, show_chart
from pages.explore.words import TEST_IMAGE
from pages.shared import cached
from pages.shared.notices import plain

PAGE = 24
WIDTH = 84


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


def show(subject: Subject, asked: Asked) -> None:
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
    names = cached.class_names(subject.dataset, data.classes)
    with st.grid(12, min_column_width=88):
        for image in found.order[PAGE * (page - 1) : PAGE * page]:
            _image(subject, found, int(image), names)


def _image(subject: Subject, found: Flips, image: int, names: list[str]) -> None:
    """A forgotten image: what it is, what it is answered as, from which K on."""
    data, first = service().dataset(subject), int(found.first_wrong[image])
    label = class_name(names, int(found.labels[image]))
    now = class_name(names, int(found.answers[first, image]))
    level = percent(found.levels[first])
    if not has_picture(data.image_shape):
        st.markdown(plain(f"{label} → {now} at {level} %"))
        return
    row = service().sample(subject).rows[image]
    values = normalised(data.x_test[row : row + 1])[0]
    pixels, _ = pictures.data_image(
        values, data.image_shape, service().levels(subject), width=WIDTH
    )
    st.image(
        pixels,
        caption=plain(f"{label} → {now}, {level} %"),
        width="stretch",
        alt=TEST_IMAGE.format(label=label),
    )
