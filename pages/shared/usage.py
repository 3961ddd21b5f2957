"""Beside every download: what the file reads, and Python that feeds it and prints its accuracy."""

from collections.abc import Callable, Mapping

import streamlit as st

from engine.datasets import DatasetSummary, class_names, expression, is_text, written
from engine.errors import DatasetError
from engine.export.usage import Usage, image_shape, keras, litert, weights
from engine.results.export_report import FALLBACK_RESOLVER, ExportedFile
from engine.results.points import Point
from engine.runs.model import Run
from engine.settings import training_of
from pages.shared import cached
from pages.shared.notices import plain

OWN = "npz-"
"""What the names of imported data sets begin with."""

USAGE: Mapping[str, str] = {
    "reads": "For each image it reads {shape} numbers, `{scaled}` of the raw `x`, and writes "
    "{classes} logits; the largest is the answer.",
    "int8": "It reads int8: the scaled numbers in steps, rounded and clipped. A plain cast to int8 "
    "loses nearly everything.",
    "steps": "A step is {scale}, and {zero_point} stands for 0.",
    "kernels": "LiteRT's default kernels do not serve this file, so the built-in ones are chosen:",
    "only": "This asks all test images of the client's labels; the page asked a part of them, in "
    "the client's proportions.",
    "prints": "It prints the accuracy on this page, {accuracy} %.",
    "data": "A zipped file has to be unpacked first. `{data}` holds `x_test` and `y_test` as they "
    "came; Keras keeps MNIST so.",
}


def point(run: Run, measured: Point, *, file: str, form: str) -> None:
    """How to use a model file of a point.

    Args:
        run: that measured it.
        measured: the point.
        file: name of the file at home, unpacked.
        form: one of `engine.results.points.FORMATS`.
    """
    accuracy = {
        "keras": measured.accuracy,
        "tflite": measured.tflite_accuracy,
        "tflite_dynamic": measured.tflite_dynamic_accuracy,
    }[form]
    write = keras if form == "keras" else litert
    _show(run, write, file=file, accuracy=accuracy)


def cell(run: Run, made: ExportedFile, *, file: str) -> None:
    """How to use a TFLite file of an export."""
    _show(run, litert, file=file, accuracy=made.accuracy, made=made)


def keras_file(run: Run, accuracy: float, *, file: str) -> None:
    """How to use a Keras file."""
    _show(run, keras, file=file, accuracy=accuracy, title="Use the Keras file")


def trained(run: Run, *, file: str) -> None:
    """How to use trained weights."""
    _show(run, weights, file=file, title="Use these weights")


def client(run: Run, labels: tuple[int, ...], *, file: str) -> None:
    """How to use a client's own network, on the test images of its labels."""
    _show(run, litert, file=file, labels=labels)


def _show(
    run: Run,
    write: Callable[[Usage], str],
    *,
    file: str,
    accuracy: float | None = None,
    made: ExportedFile | None = None,
    labels: tuple[int, ...] = (),
    title: str = "Use this file",
) -> None:
    try:
        read = training_of(run.parsed).data
        data = cached.summary(read.dataset, read.channels)
        usage = _usage(run, data, file, made, labels)
    except DatasetError:
        return  # an imported data set may be gone: nobody knows any more how images are read
    with st.expander(title, icon=":material/terminal:"):
        st.markdown(" ".join(_facts(usage, data, accuracy, made)))
        st.code(write(usage), language="python")


def _usage(
    run: Run, data: DatasetSummary, file: str, made: ExportedFile | None, labels: tuple[int, ...]
) -> Usage:
    own = data.name.startswith(OWN)
    names = class_names(data.name) if own else ()
    numbered = names == tuple(map(str, range(len(names)))) and not (own and is_text(data.name))
    images, raw = written(data.name) if own else ("x_test", 'data["y_test"].ravel()')
    return Usage(
        images=images,
        labels=raw,
        file=file,
        data="my-own.npz" if own else f"{data.name}.npz",
        scaled=expression(training_of(run.parsed).data, "x"),
        shape=image_shape(training_of(run.parsed), data.image_shape),
        names=() if numbered else names,
        only=tuple(names[label] if names else str(label) for label in labels),
        int8=made is not None and made.variant.startswith("int8"),
        plain_kernels=made is not None and made.resolver == FALLBACK_RESOLVER,
    )


def _facts(
    usage: Usage, data: DatasetSummary, accuracy: float | None, made: ExportedFile | None
) -> list[str]:
    shape = " × ".join(f"{side:,}" for side in usage.shape)
    facts = [USAGE["reads"].format(shape=shape, scaled=usage.scaled, classes=data.classes)]
    if usage.int8:
        facts.append(USAGE["int8"])
    if made is not None and made.input_scale is not None:
        scale, zero_point = f"{made.input_scale:.9g}", made.input_zero_point
        facts.append(USAGE["steps"].format(scale=scale, zero_point=zero_point))
    if usage.plain_kernels and made is not None:
        facts.append(f"{USAGE['kernels']} {plain(made.refused)}")
    if usage.only:
        facts.append(USAGE["only"])
    if accuracy is not None:
        facts.append(USAGE["prints"].format(accuracy=f"{100 * accuracy:.2f}"))
    return [*facts, USAGE["data"].format(data=usage.data)]
