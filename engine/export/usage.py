"""Python that feeds a model file and prints its accuracy: how to use what was downloaded.

The snippets read images and labels raw, as their owner has them, and need NumPy and the library of
the file only; those for weights as NumPy arrays run from the project's folder.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.settings import TrainSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """How one file is fed.

    Attributes:
        file: its name at home, unpacked.
        data: name of an .npz with ``x_test`` and ``y_test`` as their owner has them.
        scaled: what the network reads, as an expression of the raw ``x``.
        images: what the file calls the test images.
        labels: their labels as one array, as an expression of the file's ``data``.
        shape: of one image, as the file reads it.
        names: raw label of each class; empty where labels are the classes' numbers from 0.
        only: raw labels of the images that are asked for; empty for all.
        int8: whether the file reads int8.
        plain_kernels: whether LiteRT's default kernels do not serve the file.
    """

    file: str
    data: str
    scaled: str
    shape: tuple[int, ...]
    images: str = "x_test"
    labels: str = 'data["y_test"].ravel()'
    names: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    int8: bool = False
    plain_kernels: bool = False


def image_shape(settings: TrainSettings, image: Sequence[int]) -> tuple[int, ...]:
    """What a file of that training's network reads for one image of that shape."""
    if settings.network == "dense":
        return (math.prod(image),)
    return tuple(image[:2]) if len(image) == 3 and image[2] == 1 else tuple(image)


def litert(usage: Usage) -> str:
    """Python for a .tflite file: one image at a time, as a device does it."""
    imported, options, steps = "Interpreter", "", ""
    if usage.plain_kernels:
        imported += ", OpResolverType"
        kernels = "OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES"
        options = f",\n                    experimental_op_resolver_type={kernels}"
    if usage.int8:
        steps = """\
scale, zero_point = reads["quantization"]
x = np.round(x / np.float32(scale) + zero_point).clip(-128, 127).astype(np.int8)
"""
    return f"""\
import numpy as np
from ai_edge_litert.interpreter import {imported}

{_images(usage, "-1, 1, ")}
model = Interpreter({usage.file!r}{options})
model.allocate_tensors()
reads, writes = model.get_input_details()[0], model.get_output_details()[0]
{steps}
def answer(image):
    model.set_tensor(reads["index"], image)
    model.invoke()
    return model.get_tensor(writes["index"]).argmax()

{_accuracy(usage, "np.array([answer(image) for image in x])")}
"""


def keras(usage: Usage) -> str:
    """Python for an .h5 file. TensorFlow's Keras 2, which made it; Keras 3 reads it too."""
    return f"""\
import os

os.environ["TF_USE_LEGACY_KERAS"] = "1"
import numpy as np
import tf_keras

{_images(usage, "-1, ")}
model = tf_keras.models.load_model({usage.file!r}, compile=False)
{_accuracy(usage, "model.predict(x, verbose=0).argmax(axis=1)")}
"""


def weights(usage: Usage) -> str:
    """Python for trained weights as NumPy arrays."""
    flat = replace(usage, shape=(math.prod(usage.shape),))
    return f"""\
from pathlib import Path

import numpy as np
from engine.networks.network import forward
from engine.networks.file import load_network

{_images(flat, "-1, ")}
network = load_network(Path({usage.file!r}).read_bytes())
{_accuracy(usage, "forward(network, x).argmax(axis=1)")}
"""


def _images(usage: Usage, first: str) -> str:
    """Lines that read images `x` in shape, behind its `first` sides, and their `labels`."""
    text = ".astype(str)" if usage.names else ""
    lines = [
        f"data = np.load({usage.data!r})  # images and labels as they are",
        f"x, labels = data[{usage.images!r}], {usage.labels}{text}",
    ]
    if usage.only:
        only = repr(list(usage.only)) if usage.names else f"[{', '.join(usage.only)}]"
        lines += [f"own = np.isin(labels, {only})", "x, labels = x[own], labels[own]"]
    sides = ", ".join(map(str, usage.shape))
    return "\n".join([*lines, f"x = ({usage.scaled}).reshape({first}{sides})"])


def _accuracy(usage: Usage, answers: str) -> str:
    lines = [f"answers = {answers}"]
    if usage.names:
        lines.append(f"answers = np.array({list(usage.names)!r})[answers]")
    return "\n".join([*lines, 'print("accuracy:", np.mean(answers == labels))'])
