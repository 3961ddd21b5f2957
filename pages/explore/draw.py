"""Draw a digit, or take a test image, and see at which K each network stops answering it."""

from functools import partial

import streamlit as st

from engine.arrays import FloatArray
from engine.datasets import normalised
from engine.errors import InvalidInput
from engine.explore.answers_by_sparsity import Strip
from engine.explore.digit import Style, are_digits, centred
from engine.explore.image import channels_told, has_picture, no_picture
from engine.explore.service import Subject
from engine.settings import percent
from pages.explore import canvas, charts, pictures
from pages.explore.charts import STRIP_ROWS
from pages.explore.controls import Asked
from pages.explore.laboratory import drawn, lab
from pages.shared import cached
from pages.shared.notices import plain
from pages.shared.texts import ALT, HELP

DRAW, EXAMPLE = "Draw", "Test image"


def show(subject: Subject, _: Asked) -> None:
    """The image on the left, the answers of all networks at every K beside it."""
    left, right = st.columns([2, 5])
    with left:
        image = _image(subject)
    with right:
        if image is None:
            st.info("Draw one digit, as large as the field; the answers come with each stroke.")
        else:
            _answers(subject, image)


def _image(subject: Subject) -> FloatArray | None:
    style = _style(subject)
    ways = [DRAW, EXAMPLE] if style else [EXAMPLE]
    way = st.segmented_control(
        "Image", ways, default=ways[0], required=True, key="by", bind="query-params"
    )
    return _drawing(subject, style) if style and way == DRAW else _example(subject)


def _style(subject: Subject) -> Style | None:
    """How digits of the data set are drawn; None where drawing is not offered, which is said."""
    data = lab().dataset(subject)
    try:
        style = lab().style(subject)
    except InvalidInput as error:
        st.caption(plain(f"Drawing is left out: {error}."))
        return None
    if are_digits(cached.class_names(subject.dataset, data.classes)):
        return style
    asked = st.toggle("Offer drawing anyway", key="draw", bind="query-params", help=HELP["draw"])
    return style if asked else None


def _drawing(subject: Subject, style: Style) -> FloatArray | None:
    ink = canvas.draw("canvas")
    if ink is None:
        return None
    seen, side, box = style.values(centred(ink, style)), style.side, style.box
    shown, width = pictures.shown(seen.ravel(), (side, side), lab().levels(subject), width=168)
    st.image(
        shown,
        caption=f"As the network sees it: scaled into {box} × {box}, centred by mass in "
        f"{side} × {side}",
        alt=ALT["seen"].format(side=side),
        width=width,
    )
    return seen


def _example(subject: Subject) -> FloatArray:
    data, rows = lab().dataset(subject), lab().sample(subject).rows
    number = st.number_input(
        f"Test image, 1 to {len(rows):,}", 1, len(rows), 1, step=1, key="image", bind="query-params"
    )
    row = rows[min(max(int(number), 1), len(rows)) - 1]
    image: FloatArray = normalised(data.x_test[row : row + 1])[0]
    label = int(data.y_test[row])
    names = cached.class_names(subject.dataset, data.classes)
    name = names[label] if label < len(names) else str(label)
    shape = data.image_shape
    if not has_picture(shape):
        st.caption(f"Class {plain(name)}. {no_picture(shape)}")
        return image
    shown, width = pictures.shown(image, shape, lab().levels(subject), width=168)
    st.image(
        shown,
        caption=plain(f"Class {name}"),
        alt=ALT["forgotten"].format(label=name),
        width=width,
    )
    if told := channels_told(shape):
        st.caption(f"Shown as the {told}.")
    return image


def _answers(subject: Subject, image: FloatArray) -> None:
    found = lab().strip(subject, image.ravel())
    classes = lab().network(subject).output.units
    names = cached.class_names(subject.dataset, classes)
    with st.container(border=True):
        st.markdown(f"**What five networks answer** · the unpruned one: {_first(found, names)}")
        drawn("strip", _stamp(subject, image), partial(charts.strip, found, names))
    st.caption(
        f"{_story(found)} Dynamic int8 is simulated: weights are rounded as in the TFLite file, "
        "activations stay float."
    )


def _first(found: Strip, names: list[str]) -> str:
    cell = found.rows["dense"][0]
    return f"{names[cell.answer]} ({100 * cell.share:.0f} %)"


def _story(found: Strip) -> str:
    parts = []
    for row in ("weight", "unit", "weight-quantized"):
        lost = found.lost_at(row)
        when = f"at K = {percent(lost)} %" if lost is not None else "never"
        parts.append(f"{STRIP_ROWS[row].lower()} {when}")
    return f"The answer changes: {'; '.join(parts)}."


def _stamp(subject: Subject, image: FloatArray) -> str:
    return f"{subject}-{hash(image.tobytes())}"
