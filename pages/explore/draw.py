"""Draw a digit, or take a test image, and see at which K each network stops answering it."""

from functools import partial

import streamlit as st

from engine.arrays import FloatArray
from engine.datasets import normalised
from engine.errors import InvalidInput
from engine.explore.digit import Style, are_digits, centred
from engine.explore.image import channels_told, has_picture, no_picture
from engine.explore.service import Subject
from engine.settings import percent
from pages.explore import charts, drawing_field, pictures
from pages.explore.charts import STRIP_ROWS
from pages.explore.form import Asked
from pages.explore.networks import class_name, service, show_chart
from pages.explore.words import HELP, SEEN, SIMULATED, TEST_IMAGE
from pages.shared import cached
from pages.shared.choices import one_of
from pages.shared.notices import plain

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
    way = one_of("Image", ways, key="by")
    return _drawing(subject, style) if style and way == DRAW else _example(subject)


def _style(subject: Subject) -> Style | None:
    """How digits of the data set are drawn; None where drawing is not offered, which is said."""
    data = service().dataset(subject)
    try:
        style = service().style(subject)
    except InvalidInput as error:
        st.caption(plain(f"Drawing is left out: {error}."))
        return None
    if are_digits(cached.class_names(subject.dataset, data.classes)):
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
    name = class_name(cached.class_names(subject.dataset, data.classes), label)
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
    names, first = cached.class_names(subject.dataset, classes), found.rows["dense"][0]
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
