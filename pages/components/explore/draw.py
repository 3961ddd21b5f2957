"""Draw a digit, or take a test image, and see at which K each network stops answering it."""

from functools import partial

import numpy as np
import streamlit as st

from engine.arrays import FloatArray
from engine.datasets import normalised
from engine.explore.digit import SIDE, centred
from engine.explore.inside import has_picture
from engine.explore.lab import Subject
from engine.explore.strip import Strip
from engine.settings import percent
from pages.components import cached
from pages.components.charts import explore
from pages.components.charts.explore import STRIP_ROWS
from pages.components.explore import canvas, pictures
from pages.components.explore.controls import Asked
from pages.components.explore.laboratory import drawn, lab
from pages.components.texts import ALT

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
    shape = lab().dataset(subject).image_shape
    ways = [DRAW, EXAMPLE] if shape == (SIDE, SIDE) else [EXAMPLE]
    way = st.segmented_control(
        "Image", ways, default=ways[0], required=True, key="by", bind="query-params"
    )
    return _drawing() if way == DRAW else _example(subject)


def _drawing() -> FloatArray | None:
    ink = canvas.draw("canvas")
    if ink is None:
        return None
    seen = centred(ink)
    st.image(
        pictures.grey(seen, times=6),
        caption="As the network sees it: scaled into 20 × 20, centred by mass in 28 × 28",
        alt=ALT["seen"],
        width=168,
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
    if has_picture(data.image_shape):
        picture = np.squeeze(image.reshape(data.image_shape))
        times = max(1, 168 // picture.shape[0])
        shown = pictures.grey(picture, times=times)
        st.image(shown, caption=f"Class {name}", alt=ALT["forgotten"].format(label=name))
    return image


def _answers(subject: Subject, image: FloatArray) -> None:
    found = lab().strip(subject, image.ravel())
    classes = lab().network(subject).output.units
    names = cached.class_names(subject.dataset, classes)
    with st.container(border=True):
        st.markdown(f"**What five networks answer** · the unpruned one: {_first(found, names)}")
        drawn("strip", _stamp(subject, image), partial(explore.strip, found, names))
    st.caption(
        f"{_story(found)} int8 is simulated: weights are rounded as in the TFLite file, "
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
