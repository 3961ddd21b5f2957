"""The test images in the order in which pruning makes the network forget them."""

from functools import partial

import streamlit as st

from engine.datasets import normalised
from engine.explore.forgetting import Flips
from engine.explore.image import channels_told, has_picture, no_picture
from engine.explore.service import Subject
from engine.settings import percent
from pages.explore import charts, pictures
from pages.explore.controls import Asked
from pages.explore.laboratory import drawn, lab, progress
from pages.shared import cached
from pages.shared.notices import plain
from pages.shared.texts import ALT

PAGE = 24
WIDTH = 84


def show(subject: Subject, asked: Asked) -> None:
    """Accuracy over K, then the images, the first to be forgotten first."""
    question = asked.question
    with progress("Asks the sample at every K") as turn:
        found = lab().flips(subject, question, turn)
    level = question.sparsities[0] if len(question.sparsities) == 1 else None
    with st.container(border=True):
        st.markdown("**Accuracy on the way**")
        stamp = f"{subject}-{question.method}-{question.scope}-{level}"
        drawn("forgetting", stamp, partial(charts.forgetting, found, question.method, level))
    st.caption(_summary(found))
    _images(subject, found)


def _summary(found: Flips) -> str:
    images = len(found.labels)
    wrong = images - len(found.order) - found.never
    return (
        f"Of {images:,} test images {wrong:,} are answered wrong before anything is pruned, "
        f"{len(found.order):,} are forgotten on the way, {found.never:,} never. Here are those "
        "that are forgotten, the first ones first, with the K of the first wrong answer."
    )


def _images(subject: Subject, found: Flips) -> None:
    order, data = found.order, lab().dataset(subject)
    told = channels_told(data.image_shape)
    if not has_picture(data.image_shape):
        st.caption(no_picture(data.image_shape))
    elif told:
        st.caption(f"Shown as the {told}.")
    if not order.size:
        return
    pages = -(-len(order) // PAGE)
    page = min(st.pagination(pages, key="page", bind="query-params"), pages)
    names = cached.class_names(subject.dataset, data.classes)
    with st.grid(12, min_column_width=88):
        for image in order[PAGE * (page - 1) : PAGE * page]:
            _image(subject, found, int(image), names)


def _image(subject: Subject, found: Flips, image: int, names: list[str]) -> None:
    data, label = lab().dataset(subject), int(found.labels[image])
    first = int(found.first_wrong[image])
    now = int(found.answers[first, image])
    level = percent(found.levels[first])
    if not has_picture(data.image_shape):
        st.markdown(plain(f"{_name(names, label)} → {_name(names, now)} at {level} %"))
        return
    row = lab().sample(subject).rows[image]
    values = normalised(data.x_test[row : row + 1])[0]
    pixels, _ = pictures.shown(values, data.image_shape, lab().levels(subject), width=WIDTH)
    st.image(
        pixels,
        caption=plain(f"{_name(names, label)} → {_name(names, now)}, {level} %"),
        width="stretch",
        alt=ALT["forgotten"].format(label=_name(names, label)),
    )


def _name(names: list[str], label: int) -> str:
    return names[label] if label < len(names) else str(label)
