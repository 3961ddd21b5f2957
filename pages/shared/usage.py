"""Beside every download: what the file reads, and Python that feeds it and prints its accuracy."""

from pathlib import Path

import streamlit as st

from engine.datasets import DatasetSummary, class_names, expression, is_text, written
from engine.datasets.library import is_imported
from engine.errors import DatasetError
from engine.export.usage import Usage, image_shape, keras, litert, weights
from engine.results.export_report import FALLBACK_RESOLVER, ExportedFile
from engine.runs.model import Run
from engine.settings import TrainSettings, training_of
from pages.shared import cached
from pages.shared.notices import plain

WRITERS = {".tflite": litert, ".h5": keras, ".npz": weights}
"""What writes the Python, by the ending of a file."""


def show(
    run: Run,
    file: str,
    *,
    accuracy: float | None = None,
    made: ExportedFile | None = None,
    labels: tuple[int, ...] = (),
    title: str = "Use this file",
) -> None:
    """How to use a file, folded; nothing where nobody knows any more how its images are read.

    Args:
        run: that made it.
        file: its name at home, unpacked.
        accuracy: that it prints.
        made: what an export measured of it, its accuracy too.
        labels: the only ones whose test images it is asked about; all if empty.
        title: of the fold.
    """
    try:
        read = training_of(run.parsed)
        data = cached.summary(read.data.dataset, read.data.channels)
        usage = _usage(read, data, file, made, labels)
    except DatasetError:
        return  # an imported data set may be gone
    if made is not None:
        accuracy = made.accuracy
    with st.expander(title, icon=":material/terminal:"):
        st.markdown(" ".join(_facts(usage, data, accuracy, made)))
        st.code(WRITERS[Path(file).suffix](usage), language="python")


def _usage(
    read: TrainSettings,
    data: DatasetSummary,
    file: str,
    made: ExportedFile | None,
    labels: tuple[int, ...],
) -> Usage:
    own = is_imported(data.name)
    names = class_names(data.name) if own else ()
    numbered = names == tuple(map(str, range(len(names)))) and not (own and is_text(data.name))
    images, raw = written(data.name) if own else ("x_test", 'data["y_test"].ravel()')
    return Usage(
        images=images,
        labels=raw,
        file=file,
        data="my-own.npz" if own else f"{data.name}.npz",
        scaled=expression(read.data, "x"),
        shape=image_shape(read, data.image_shape),
        names=() if numbered else names,
        only=tuple(names[label] if names else str(label) for label in labels),
        int8=made is not None and made.variant.startswith("int8"),
        plain_kernels=made is not None and made.resolver == FALLBACK_RESOLVER,
    )


def _facts(
    usage: Usage, data: DatasetSummary, accuracy: float | None, made: ExportedFile | None
) -> list[str]:
    shape = " × ".join(f"{side:,}" for side in usage.shape)
    reads = (
        f"For each image it reads {shape} numbers, `{usage.scaled}` of the raw `x`, and writes "
        f"{data.classes} logits; the largest is the answer."
    )
    facts = [reads]
    if usage.int8:
        facts.append(
            "It reads int8: the scaled numbers in steps, rounded and clipped. A plain cast to int8 "
            "loses nearly everything."
        )
    if made is not None and made.input_scale is not None:
        facts.append(f"A step is {made.input_scale:.9g}, and {made.input_zero_point} stands for 0.")
    if made is not None and usage.plain_kernels:
        facts.append(
            "LiteRT's default kernels do not serve this file, so the built-in ones are chosen: "
            f"{plain(made.refused)}"
        )
    if usage.only:
        facts.append(
            "This asks all test images of the client's labels; the page asked a part of them, in "
            "the client's proportions."
        )
    if accuracy is not None:
        facts.append(f"It prints the accuracy on this page, {100 * accuracy:.2f} %.")
    facts.append(
        f"A zipped file has to be unpacked first. `{usage.data}` holds `x_test` and `y_test` as "
        "they came; Keras keeps MNIST so."
    )
    return facts
